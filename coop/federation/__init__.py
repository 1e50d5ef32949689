"""Settling very many cooperatives: one partition for each of them and each month."""
