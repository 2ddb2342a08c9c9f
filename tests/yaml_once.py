"""A YAML text is scanned once in a run: most sites of the tests have the same settings and lists of models.

What is remembered is the scanner's events; all that Engross makes of them is made anew.
"""

from collections.abc import Iterator
from typing import Any

from engross.corpus import yaml_nodes

LONGEST = 20_000
"""The longest text, in characters, whose events are worth their memory."""
MOST = 500
"""How many texts are remembered; then all are forgotten."""


def scan_yaml_once() -> None:
    """From now on, `yaml_nodes._events` remembers the events of a text without a mistake in its YAML."""
    scan_anew, known = yaml_nodes._events, dict[str, list[Any]]()

    def events_of(text: str) -> Iterator[Any]:
        if text in known:
            yield from known[text]
            return
        events = []
        for event in scan_anew(text):
            events.append(event)
            yield event
        if len(text) <= LONGEST:
            if len(known) == MOST:
                known.clear()
            known[text] = events

    yaml_nodes._events = events_of
