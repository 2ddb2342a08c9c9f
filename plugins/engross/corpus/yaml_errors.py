"""What pydantic finds wrong, in the words of someone who edits contracts, with the text to paste that mends it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails, PydanticCustomError

from engross.common import meant, nearest, quoted, shown
from engross.corpus.yaml_nodes import Node, ScalarNode, SequenceNode
from engross.corpus.yaml_scalars import read_as

Words = tuple[str, str]
"""What is wrong, and the text to paste that would mend it (or an empty string)."""

_LONGEST_FIX = 60
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def mistake(what: str, fix: str = "") -> PydanticCustomError:
    """The error for a validator to raise, in words of its own."""
    return PydanticCustomError("mistake", "{what}", {"what": what, "fix": fix})


def in_words(found: ErrorDetails, node: Node | None) -> Words:
    """A finding of pydantic's in words, given the value it is about (None where it is missing)."""
    words = _WORDS.get(found["type"])
    return words(found.get("ctx", {}), node) if words else (found["msg"][:1].lower() + found["msg"][1:], "")


def unknown_key(path: tuple[str | int, ...], shape: Mapping[str, Any]) -> Words:
    """That a key is not known, and which known key (by the JSON Schema) was likely meant."""
    known = _keys(path[:-1], shape)
    guess = nearest(str(path[-1]), known)
    if guess:
        return f'unknown key; did you mean "{guess}"?', guess
    return f"unknown key; known here: {', '.join(known)}", ""


def _keys(path: tuple[str | int, ...], shape: Mapping[str, Any]) -> list[str]:
    """The keys that a JSON Schema knows at a path."""
    here = _resolved(shape, shape)
    for part in path:
        step = here.get("items", {}) if isinstance(part, int) else here.get("properties", {}).get(part, {})
        here = _resolved(step, shape)
    return list(here.get("properties", {}))


def _resolved(here: Mapping[str, Any], shape: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that stands behind a reference, or behind "this or nothing"."""
    for option in here.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option, shape)
    if "$ref" in here:
        found: Mapping[str, Any] = shape["$defs"][here["$ref"].rpartition("/")[2]]
        return found
    return here


def _told(node: Node | None) -> str:
    """What stands at a place, to follow "not"."""
    if isinstance(node, ScalarNode):
        return (
            f"text ({shown(node.text)})"
            if isinstance(node.value, str)
            else f"{read_as(node.text)} ({shown(node.text)})"
        )
    return "a list" if isinstance(node, SequenceNode) else "keys and values"


def _text(_context: Mapping[str, Any], node: Node | None) -> Words:
    if not isinstance(node, ScalarNode):
        return f"text is wanted, not {_told(node)}", ""
    fix = quoted(node.text) if len(node.text) <= _LONGEST_FIX else ""
    return f"{shown(node.text)} is read as {read_as(node.text)}, and text is wanted; put it in quotes", fix


def _truth(_context: Mapping[str, Any], node: Node | None) -> Words:
    meaning = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
    fix = meaning.get(node.text.lower(), "") if isinstance(node, ScalarNode) else ""
    return f"true or false is wanted, not {_written(node)}", fix


def _whole_number(_context: Mapping[str, Any], node: Node | None) -> Words:
    digits = re.sub(r"[_, ]", "", node.text) if isinstance(node, ScalarNode) else ""
    fix = digits if re.fullmatch(r"[1-9][0-9]{0,17}", digits) else ""
    return f"a whole number is wanted, not {_written(node)}", fix


def _day(_context: Mapping[str, Any], node: Node | None) -> Words:
    if isinstance(node, ScalarNode) and _DATE.fullmatch(node.text):
        return f"{node.text} is not a day of the calendar", ""
    return f"a date such as 2026-01-31 is wanted, not {_written(node)}", ""


def _list(_context: Mapping[str, Any], node: Node | None) -> Words:
    fix = f"[{node.text}]" if isinstance(node, ScalarNode) and re.fullmatch(r"[\w.-]{1,60}", node.text) else ""
    return f"a list is wanted, not {_told(node)}", fix


def _mapping(_context: Mapping[str, Any], node: Node | None) -> Words:
    return f"keys and values are wanted, not {_told(node)}", ""


def _choice(context: Mapping[str, Any], node: Node | None) -> Words:
    choices = re.findall(r"'([^']*)'", context["expected"])
    wanted = f"one of {', '.join(choices)} is wanted"
    if not isinstance(node, ScalarNode):
        return f"{wanted}, not {_told(node)}", ""
    return f"{wanted}, not {_written(node)}{meant(node.text, choices)}", nearest(node.text, choices)


def _written(node: Node | None) -> str:
    """A single value as written, anything else by its sort."""
    if not isinstance(node, ScalarNode):
        return _told(node)
    return shown(node.text if node.plain else quoted(node.text)) or "nothing"


def _own(context: Mapping[str, Any], _node: Node | None) -> Words:
    return context["what"], context["fix"]


_WORDS: dict[str, Callable[[Mapping[str, Any], Node | None], Words]] = {
    "missing": lambda _context, _node: ("is missing", ""),
    "string_type": _text,
    "bool_type": _truth,
    "int_type": _whole_number,
    "date_type": _day,
    "tuple_type": _list,
    "dataclass_type": _mapping,
    "dict_type": _mapping,
    "enum": _choice,
    "literal_error": _choice,
    "string_too_short": lambda _context, _node: ("is empty", ""),
    "too_short": lambda _context, _node: ("the list is empty", ""),
    "greater_than": lambda context, node: (f"more than {context['gt']} is wanted, not {_written(node)}", ""),
    "less_than_equal": lambda context, node: (f"at most {context['le']} is wanted, not {_written(node)}", ""),
    "mistake": _own,
}
