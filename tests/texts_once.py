"""A text is read once in a run: most sites of the tests have the same settings, lists of models and documents.

What is remembered is what depends on the text alone and nothing changes: the nodes of a YAML text with the mistakes in
it, settings, and the tree of a document. A text with mistakes is read anew.
"""

import sys
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any

from engross.corpus import settings, yaml_nodes
from engross.model import Source
from engross.text import parser

LONGEST = 6_000
"""The longest document, in characters, that is remembered. Those whose time of reading is measured are longer."""
LONGEST_YAML = 20_000
"""The longest YAML text that is remembered."""
MOST = 1000
"""How many texts are remembered; then all are forgotten."""
_KNOWN: list[dict[Hashable, Any]] = []


def forget_texts() -> None:
    """Forget all texts, for a test that counts what is read."""
    for known in _KNOWN:
        known.clear()


def read_texts_once() -> None:
    """From now on, `compose`, `read_settings` and `parse` remember what they give."""
    early = {"engross.corpus.project", "engross.corpus.catalogue", "engross.text.stored_trees"} & sys.modules.keys()
    assert not early, "modules that use these functions must be imported later"
    yaml_nodes.compose = once(yaml_nodes.compose, LONGEST_YAML)
    settings.read_settings = once(settings.read_settings, LONGEST_YAML)
    parser.parse = once(parser.parse, LONGEST)


def once(read: Callable[..., Any], longest: int) -> Callable[..., Any]:
    """A function of a source, and of options, that remembers what it gives for texts up to a length."""
    known = dict[Hashable, Any]()
    _KNOWN.append(known)

    @wraps(read)
    def remembered(source: Source, **options: Any) -> Any:
        # What is counted call by call is done anew.
        if len(source.text) > longest or options.get("passed") is not None or sys.getprofile():
            return read(source, **options)
        key = (source, *sorted((name, value) for name, value in options.items() if name != "cache"))
        if key not in known:
            if len(known) == MOST:
                known.clear()
            known[key] = read(source, **options)
        return known[key]

    return remembered
