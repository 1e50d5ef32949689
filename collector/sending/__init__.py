"""From the accepted reading to the broker: the outbox and what leaves it."""
