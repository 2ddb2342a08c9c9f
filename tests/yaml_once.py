"""A YAML text is read once in a run: most sites of the tests have the same settings and lists of models.

What is remembered is the tree of its nodes, which nothing changes, with the mistakes in its YAML. The values that
Engross makes of them are made anew, and so are their mistakes.
"""

from typing import Any

from engross.corpus import yaml_nodes
from engross.model import Source

LONGEST = 20_000
"""The longest text, in characters, whose tree is worth its memory."""
MOST = 1000
"""How many texts are remembered; then all are forgotten."""


def compose_yaml_once() -> None:
    """From now on, `yaml_nodes.compose` remembers what it gives. To be called before other modules import it."""
    compose_anew, known = yaml_nodes.compose, dict[tuple[str, str, bool], Any]()

    def compose(source: Source) -> Any:
        if len(source.text) > LONGEST:
            return compose_anew(source)
        key = (source.path, source.text, source.sealed)
        if key not in known:
            if len(known) == MOST:
                known.clear()
            known[key] = compose_anew(source)
        return known[key]

    yaml_nodes.compose = compose
