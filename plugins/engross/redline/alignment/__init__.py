"""Finds which blocks, words and table cells of two texts correspond."""
