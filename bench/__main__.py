"""`python -m bench` runs every benchmark and prints one table; `python -m bench build` runs those named.

To add a benchmark, write a module with `run() -> list[Figure]` and name it here.
"""

import sys
from importlib import import_module

from bench.figures import Figure, table

BENCHMARKS = (
    *("build", "linking", "check", "redline", "record", "reading", "weight", "archive", "review"),
    *("pdf", "word", "word_import", "history", "reload", "cluster"),
)


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; the exit status shows only whether they ran."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)} (there are: {', '.join(BENCHMARKS)})", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for name in names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures += import_module(f"bench.{name}").run()
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
