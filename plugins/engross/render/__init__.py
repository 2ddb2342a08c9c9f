"""Templates and the contexts they are given; search entries, files for machines."""
