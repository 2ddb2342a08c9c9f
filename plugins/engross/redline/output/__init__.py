"""The forms of a redline: terminal, JSON, HTML."""
