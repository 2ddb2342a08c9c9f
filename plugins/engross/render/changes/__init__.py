"""Pages and feeds of posted changes."""
