"""The page of a model list."""
