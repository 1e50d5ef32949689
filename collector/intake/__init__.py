"""From the broker to the store: check, quarantine, write, acknowledge."""
