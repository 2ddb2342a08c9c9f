"""Where the front matter of a source ends, found without the parser's rules."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_FENCED = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$", re.S | re.M)
_SIMPLE = re.compile(r"(?=[A-Za-z_])(?>(?:[A-Za-z_][\w-]*:(?:[ \t].*)?\n|(?:- .*|[ \t]+\S.*|#.*|[ \t]*)\n)*)")


def front_matter_end(text: str) -> int:
    """The end of the front matter: lines between two `---` that are YAML keys and values, or have their form. 0 if
    there is none: other text between two `---` is text.
    """
    found = _FENCED.match(text) if text.startswith("---") else None
    return found.end() if found and (_SIMPLE.fullmatch(found[1]) or _is_mapping(found[1])) else 0


def _is_mapping(written: str) -> bool:
    try:
        read = YAML(typ="base", pure=True).load(written)
    except (YAMLError, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and bool(read)
