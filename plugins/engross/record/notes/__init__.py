"""Change notes: read, checked, and begun for the editor."""
