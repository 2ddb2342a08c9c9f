"""A YAML text is scanned once in a run: most sites of the tests have the same settings and lists of models.

What is remembered is the scanner's events for a text, and the mistake that ends them; all that Engross makes of them is
made anew.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engross.corpus import yaml_nodes

LONGEST = 20_000
"""The longest text, in characters, whose events are worth their memory."""


def scan_yaml_once() -> None:
    """From now on, `yaml_nodes._events` remembers the events of the last texts."""
    scan_anew = yaml_nodes._events

    @lru_cache(maxsize=500)
    def scanned(text: str) -> tuple[tuple[Any, ...], yaml_nodes._Stop | None]:
        events = []
        try:
            for event in scan_anew(text):
                events.append(event)  # noqa: PERF402 - those before the mistake are needed too
        except yaml_nodes._Stop as stop:
            return tuple(events), yaml_nodes._Stop(stop.offset, stop.what)
        return tuple(events), None

    def events_of(text: str) -> Iterator[Any]:
        if len(text) > LONGEST:
            yield from scan_anew(text)
            return
        events, stop = scanned(text)
        yield from events
        if stop is not None:
            raise yaml_nodes._Stop(stop.offset, stop.what)

    yaml_nodes._events = events_of
