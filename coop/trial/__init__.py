"""What a sharing method makes of given energy: `share allocate` and `share try`."""
