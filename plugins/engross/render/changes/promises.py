"""Changed settings of documents.yml, as pages of posted changes show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engross.model import Ground
from engross.record import Difference


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A changed setting of documents.yml, for the templates: its name, and its old and new value as lists of items. For
    an order of precedence the items are the ranks, highest first.
    """

    name: str
    is_order: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


def promise_view(
    one: Difference, words: Mapping[str, str], title_of: Callable[[str], str], grounds: Mapping[str, Ground]
) -> PromiseView:
    """A changed setting in the form that templates need; `title_of` gives the title of a document by its id."""
    old, new = (tuple(_items(one.field, value, words, title_of, grounds)) for value in (one.old, one.new))
    return PromiseView(words[f"promise_{one.field}"], one.field == "precedence", old, new)


def _items(
    name: str, value: Any, words: Mapping[str, str], title_of: Callable[[str], str], grounds: Mapping[str, Ground]
) -> Iterator[str]:
    """The value of a setting as text, item by item, with titles in place of document ids."""
    if name == "precedence":
        yield from (", ".join(map(title_of, rank)) for rank in value)
    elif name in ("incorporates", "agreement"):
        yield from map(title_of, [value] if isinstance(value, str) else value)
    elif name == "grounds":
        yield from (_ground_words(one, words, grounds) for one in value)
    elif name == "kind":
        yield words[f"kind_{value}"]
    elif name == "notice_days":
        yield words["promise_days"].format(count=value) if value != 1 else words["promise_day"]
    elif name == "text_required":
        yield words["promise_yes" if value else "promise_no"]
    elif value:
        yield str(value)


def _ground_words(ground: Any, words: Mapping[str, str], grounds: Mapping[str, Ground]) -> str:
    if isinstance(ground, str):
        return grounds[ground].title if ground in grounds else ground
    cites = f" ({words['cites']} {words['promise_cites_' + ground['cites']]})" if "cites" in ground else ""
    conditions = " ".join(one["text"] for one in ground.get("conditions", ()))
    return f"{ground['title']}{cites}{': ' if conditions else ''}{conditions}"
