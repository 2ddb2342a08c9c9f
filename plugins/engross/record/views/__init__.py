"""The record as pages and JSON files show it: posted changes, and the files with their types."""
