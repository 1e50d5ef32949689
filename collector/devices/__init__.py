"""Asking devices: buses, plans, the poll loop and the tools at the inverter."""
