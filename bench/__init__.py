"""Benchmarks: each module measures one part, in processes of its own."""

import os

# Installed packages are compiled. Where Python may not write what it compiles, each process would compile the checkout
# again, which takes one second of CPU time more than importing it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
