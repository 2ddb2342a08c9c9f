"""Which blocks, tokens and table cells of two texts belong together."""
