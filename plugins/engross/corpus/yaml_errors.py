"""Describes what pydantic finds wrong for people who edit contracts, with a text to paste that fixes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails, PydanticCustomError

import engross.common.lazy_re as re
from engross.common import meant, nearest, quoted, shown
from engross.corpus.yaml_nodes import Node, ScalarNode, SequenceNode
from engross.corpus.yaml_scalars import read_as

Description = tuple[str, str]
"""A message, and a text to paste that fixes the mistake (or an empty string)."""

_LONGEST_FIX = 60
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def mistake(what: str, fix: str = "") -> PydanticCustomError:
    """Return the error that a validator raises with a message of its own."""
    return PydanticCustomError("mistake", "{what}", {"what": what, "fix": fix})


def describe_error(found: ErrorDetails, node: Node | None) -> Description:
    """Describe an error of pydantic, given the value it is about (None if it is missing)."""
    describe = _DESCRIPTIONS.get(found["type"])
    return describe(found.get("ctx", {}), node) if describe else (found["msg"][:1].lower() + found["msg"][1:], "")


def unknown_key(path: tuple[str | int, ...], schema: Mapping[str, Any]) -> Description:
    """Describe an unknown key, and suggest the most similar key in the JSON Schema."""
    known = _keys(path[:-1], schema)
    guess = nearest(str(path[-1]), known)
    if guess:
        return f'unknown key; did you mean "{guess}"?', guess
    return f"unknown key; known here: {', '.join(known)}", ""


def unknown_choice(key: str, found: ErrorDetails) -> Description:
    """Describe a key that is none of a fixed list, and suggest the most similar of them."""
    choices = re.findall(r"'([^']*)'", found["ctx"]["expected"])
    return f"unknown key; known here: {', '.join(choices)}{meant(key, choices)}", nearest(key, choices)


def _keys(path: tuple[str | int, ...], schema: Mapping[str, Any]) -> list[str]:
    """Return the keys that a JSON Schema allows at a path, in any of the forms that it allows there."""
    found = list(_forms(schema, schema))
    for part in path:
        found = [form for one in found for form in _forms(_below(one, part), schema)]
    return list(dict.fromkeys(key for one in found for key in one.get("properties", {})))


def _below(form: Mapping[str, Any], part: str | int) -> Mapping[str, Any]:
    """The schema of an item of a list, of the value under a key, or of each value under any key."""
    named = form.get("items") if isinstance(part, int) else form.get("properties", {}).get(part)
    step = named or form.get("additionalProperties")
    return step if isinstance(step, Mapping) else {}


def _forms(part_schema: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each form that a value may have: those of alternatives, and what a reference refers to."""
    if "$ref" in part_schema:
        yield from _forms(schema["$defs"][part_schema["$ref"].rpartition("/")[2]], schema)
    elif "anyOf" in part_schema:
        for option in part_schema["anyOf"]:
            yield from _forms(option, schema)
    else:
        yield part_schema


def _kind_and_text(node: Node | None) -> str:
    """Describe a value by its kind, to follow "not"."""
    if isinstance(node, ScalarNode):
        return (
            f"text ({shown(node.text)})"
            if isinstance(node.value, str)
            else f"{read_as(node.text)} ({shown(node.text)})"
        )
    return "a list" if isinstance(node, SequenceNode) else "keys and values"


def _text(_context: Mapping[str, Any], node: Node | None) -> Description:
    if not isinstance(node, ScalarNode):
        return f"must be text, not {_kind_and_text(node)}", ""
    fix = quoted(node.text) if len(node.text) <= _LONGEST_FIX else ""
    return f"{shown(node.text)} is read as {read_as(node.text)}, but must be text; put it in quotes", fix


def _truth(_context: Mapping[str, Any], node: Node | None) -> Description:
    meaning = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
    fix = meaning.get(node.text.lower(), "") if isinstance(node, ScalarNode) else ""
    return f"must be true or false, not {_as_written(node)}", fix


def _whole_number(_context: Mapping[str, Any], node: Node | None) -> Description:
    digits = re.sub(r"[_, ]", "", node.text) if isinstance(node, ScalarNode) else ""
    fix = digits if re.fullmatch(r"[1-9][0-9]{0,17}", digits) else ""
    return f"must be a whole number, not {_as_written(node)}", fix


def _day(_context: Mapping[str, Any], node: Node | None) -> Description:
    if isinstance(node, ScalarNode) and _DATE.fullmatch(node.text):
        return f"{node.text} is not a valid date", ""
    return f"must be a date such as 2026-01-31, not {_as_written(node)}", ""


def _list(_context: Mapping[str, Any], node: Node | None) -> Description:
    fix = f"[{node.text}]" if isinstance(node, ScalarNode) and re.fullmatch(r"[\w.-]{1,60}", node.text) else ""
    return f"must be a list, not {_kind_and_text(node)}", fix


def _mapping(_context: Mapping[str, Any], node: Node | None) -> Description:
    return f"must be keys and values, not {_kind_and_text(node)}", ""


def _choice(context: Mapping[str, Any], node: Node | None) -> Description:
    choices = re.findall(r"'([^']*)'", context["expected"])
    wanted = f"must be one of {', '.join(choices)}"
    if not isinstance(node, ScalarNode):
        return f"{wanted}, not {_kind_and_text(node)}", ""
    return f"{wanted}, not {_as_written(node)}{meant(node.text, choices)}", nearest(node.text, choices)


def _as_written(node: Node | None) -> str:
    """Return a single value as written, or describe the kind of any other value."""
    if not isinstance(node, ScalarNode):
        return _kind_and_text(node)
    return shown(node.text if node.plain else quoted(node.text)) or "nothing"


def _own_message(context: Mapping[str, Any], _node: Node | None) -> Description:
    return context["what"], context["fix"]


_DESCRIPTIONS: dict[str, Callable[[Mapping[str, Any], Node | None], Description]] = {
    "missing": lambda _context, _node: ("is missing", ""),
    "string_type": _text,
    "bool_type": _truth,
    "int_type": _whole_number,
    "date_type": _day,
    "tuple_type": _list,
    "dataclass_type": _mapping,
    "model_type": _mapping,
    "dict_type": _mapping,
    "enum": _choice,
    "literal_error": _choice,
    "string_too_short": lambda _context, _node: ("is empty", ""),
    "too_short": lambda _context, _node: ("the list is empty", ""),
    "greater_than": lambda context, node: (f"must be more than {context['gt']}, not {_as_written(node)}", ""),
    "greater_than_equal": lambda context, node: (f"must be at least {context['ge']}, not {_as_written(node)}", ""),
    "less_than_equal": lambda context, node: (f"must be at most {context['le']}, not {_as_written(node)}", ""),
    "mistake": _own_message,
}
