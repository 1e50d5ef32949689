"""Who may come in: visits, cards of households, stewards' passwords, and what was done when."""
