X

Only the import of a Word file loads this package, because it needs the extra [word].
"""
