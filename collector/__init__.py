"""Measure: registers become readings, readings reach the store, nothing is lost on the way."""
