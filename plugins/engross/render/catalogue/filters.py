"""Filters of a list, which work without scripts: each is a `select`, and CSS rules hide what does not match.

For each option a rule with `:has()` hides the rows and entries with another value. Options have safe keys, so that no
text of the YAML reaches the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engross.common import value_class

_MOST_COMBINATIONS = 400
"""With more combinations of values the style sheet would be long: then nothing says that no row matches."""


@value_class(frozen=True, slots=True)
class Option:
    """One option of a filter: the key that page and style sheet share, and its label."""

    key: str
    title: str


@value_class(frozen=True, slots=True)
class Filter:
    """A filter: its name and its options, in the order in which values first occur. `label` is what the page calls it,
    empty where that is the UI string of its name.
    """

    name: str
    options: tuple[Option, ...]
    label: str = ""


def filter_rules(kinds: Sequence[Filter], keys: Iterable[Mapping[str, str]]) -> str:
    """The CSS rules of filters: hide rows that do not match, and show a message if none matches.

    `keys` are those of each row by filter, separated by spaces. The target of the address is always shown.
    """
    hiding = "".join(
        f'.eg-models:has(select[name="{kind.name}"] option[value="{option.key}"]:checked) '
        f'[data-{kind.name}]:not([data-{kind.name}~="{option.key}"], :has(:target)){{display:none}}\n'
        for kind in kinds
        for option in kind.options
    )
    if not kinds:
        return ""
    names = [kind.name for kind in kinds]
    shown = dict.fromkeys(_while_shown(of_row, names) for of_row in keys)
    if len(shown) > _MOST_COMBINATIONS:
        return f"@media screen {{\n{hiding}}}\n"
    nothing = "".join(f".eg-models{condition} .eg-none.eg-none{{display:none}}\n" for condition in shown)
    shown_where_none = f".eg-models .eg-none.eg-none{{display:block}}\n{nothing}"
    # Print shows everything, because the filters are not visible there.
    return f"@media screen {{\n{hiding}@supports selector(:has(*)) {{\n{shown_where_none}}}\n}}\n"


def _while_shown(keys: Mapping[str, str], names: Iterable[str]) -> str:
    """The `:has()` selectors of choices in the named filters that show a row with these keys."""
    conditions = []
    for name in names:
        values = ",".join(f'[value="{key}"]' for key in ("", *keys[name].split()))
        conditions.append(f':has(select[name="{name}"] option:is({values}):checked)')
    return "".join(conditions)
