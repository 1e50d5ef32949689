"""From what counters counted to whole watt-hours of slots."""
