"""Share: members, meters, 15-minute energy, allocation, surplus and the solidarity fund."""
