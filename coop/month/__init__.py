"""How a month ends: frozen, signed by two stewards, reviewed by the assembly, exported."""
