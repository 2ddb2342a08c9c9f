"""Document pages: their text, contents, covers, search entries and metadata."""
