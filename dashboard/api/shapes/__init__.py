"""What answers are made of; the same definitions make the answers and document them."""
