"""Reads Word files (.docx) into pandoc's blocks.

Only the import of a Word file loads this package, because it needs the extra [word].
"""
