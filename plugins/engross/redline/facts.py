"""What words do not show: how a block is set, and what its markup became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from engross.model import ClauseKind, MarkKind
from engross.redline.script import Face, Fact, FactKind, Op, Run, Style

LISTS: Mapping[str, str] = {"bullet": "bulleted", "ordered": "numbered", "enumerated": "lettered"}
"""What the kinds of lists are called."""
_TYPEFACES = {
    MarkKind.STRONG: "bold",
    MarkKind.EMPHASIS: "italic",
    MarkKind.CODE: "code",
    MarkKind.STRIKE: "struck through",
}


def facts_of(old: Face, new: Face, runs: Sequence[Run]) -> tuple[Fact, ...]:
    """The facts about a block that stands on both sides, from how it was set to how it is set."""
    return (*_setting(old, new), *_markup(runs))


def _setting(old: Face, new: Face) -> Iterator[Fact]:
    if old.level != new.level:
        yield Fact(FactKind.HEADING_LEVEL, str(old.level), str(new.level))
    # A list that became another kind says so itself, and not once more for each item.
    same_list = old.list_kind == new.list_kind or (old.marker and new.marker)
    if old.marker != new.marker and same_list:
        yield Fact(FactKind.RENUMBERED, old.marker, new.marker)
    if old.list_kind != new.list_kind and new.kind is ClauseKind.LIST:
        yield Fact(FactKind.LIST_KIND, LISTS.get(old.list_kind or "", ""), LISTS.get(new.list_kind or "", ""))
    if old.align != new.align:
        yield Fact(FactKind.ALIGNMENT, old.align, new.align)
    if old.language != new.language:
        yield Fact(FactKind.CODE_LANGUAGE, old.language, new.language)


def _markup(runs: Sequence[Run]) -> Iterator[Fact]:
    if any(run.was is not None and _typefaces(run.was) != _typefaces(run.styles) for run in runs):
        before = {name for run in runs if run.was is not None for name in _typefaces(run.was)}
        after = {name for run in runs if run.was is not None for name in _typefaces(run.styles)}
        yield Fact(FactKind.EMPHASIS, ", ".join(sorted(before)) or "plain", ", ".join(sorted(after)) or "plain")
    for mark, kind in ((MarkKind.LINK, FactKind.LINK_TARGET), (MarkKind.IMAGE, FactKind.IMAGE)):
        before_links, after_links = _targets(runs, mark, Op.INSERTED), _targets(runs, mark, Op.DELETED)
        gone = [target for target in before_links if target not in after_links]
        come = [target for target in after_links if target not in before_links]
        if gone or come:
            yield Fact(kind, ", ".join(gone), ", ".join(come))
    if any(run.op is not Op.EQUAL and "\n" in run.text for run in runs):
        breaks = [sum(run.text.count("\n") for run in runs if run.op is not op) for op in (Op.INSERTED, Op.DELETED)]
        yield Fact(FactKind.LINE_BREAK, str(breaks[0]), str(breaks[1]))


def _typefaces(styles: Iterable[Style]) -> tuple[str, ...]:
    return tuple(_TYPEFACES[style.kind] for style in styles if style.kind in _TYPEFACES)


def _targets(runs: Sequence[Run], mark: MarkKind, without: Op) -> list[str]:
    """The addresses that one side's links or images lead to, in order; `without` is what that side does not have."""
    found: dict[str, None] = {}
    for run in runs:
        if run.op is without:
            continue
        styles = run.was if run.was is not None and without is Op.INSERTED else run.styles
        found.update(
            (f"{style.target} “{style.title}”" if style.title else style.target, None)
            for style in styles
            if style.kind is mark
        )
    return list(found)
