"""Roofs side by side: which one falls behind its neighbours under the same sky."""
