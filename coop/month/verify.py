"""Checks an exported month."""
