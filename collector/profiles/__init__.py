"""What registers mean: families as data, and words to exact values."""
