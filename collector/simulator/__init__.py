"""Devices that speak real Modbus TCP: the sun, households and replayed homes behind registers."""
