"""Builds one site and prints the CPU seconds it took: `python -m bench.build_once CONFIG [PROFILE]`.

A process of its own for each build, so that nothing one build has loaded or cached helps another. The figure is that of
the whole process, from the start of Python on, with the processes it waited for. A second line has the most memory that
it, or one of these processes, had at a time, in MB.
"""

import cProfile
import os
import resource
import sys
import time

from mkdocs.commands.build import build
from mkdocs.config import load_config


def cpu_seconds() -> float:
    """The CPU time of this process and of its finished children."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def peak_memory() -> float:
    """The most memory in MB that this process, or one of its finished children, had at a time."""
    usages = (resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(usages) / (1024 if sys.platform == "linux" else 1024**2)


def main(config: str, profile: str = "") -> None:
    """Build the site of that mkdocs.yml; with `profile`, write where the time went to that file."""
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    build(load_config(config))
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)
    print(cpu_seconds())
    print(peak_memory())


if __name__ == "__main__":
    main(*sys.argv[1:])
