"""Document pages and what surrounds their text."""
