"""Writes a redline as terminal text, JSON or HTML."""
