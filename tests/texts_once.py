"""A text is read once in a run: most sites of the tests have the same settings, lists of models and documents.

What is remembered is what depends on the text alone and nothing changes: the nodes of a YAML text with the mistakes in
it, settings, and the tree of a document. A text with mistakes is read anew.
"""

import sys
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any

from engross.corpus import settings, yaml, yaml_nodes
from engross.model import Source
from engross.text import parser

LONGEST = 6_000
"""The longest text, in characters, that is remembered. The texts whose time of reading is measured are longer."""
MOST = 1000
"""How many texts are remembered; then all are forgotten."""


def read_texts_once() -> None:
    """From now on, `compose`, `read_settings` and `parse` remember what they give."""
    early = {"engross.corpus.project", "engross.corpus.catalogue", "engross.text.stored_trees"} & sys.modules.keys()
    assert not early, "modules that use these functions must be imported later"
    yaml_nodes.compose = yaml.compose = once(yaml_nodes.compose)
    settings.read_settings = once(settings.read_settings)
    parser.parse = once(parser.parse)


def once(read: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a source, and of options, that remembers its results."""
    known = dict[Hashable, Any]()

    @wraps(read)
    def remembered(source: Source, **options: Any) -> Any:
        # What is counted call by call is done anew.
        if len(source.text) > LONGEST or options.get("passed") is not None or sys.getprofile():
            return read(source, **options)
        key = (source, *sorted(options.items()))
        if key not in known:
            if len(known) == MOST:
                known.clear()
            known[key] = read(source, **options)
        return known[key]

    return remembered
