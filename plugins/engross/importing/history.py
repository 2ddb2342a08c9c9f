"""A history → versions: which of its texts readers would see differently, and why the others are left out.

Each text is read as a draft is, by the present parser; a text that it refuses is left out with the reason, or cleaned
first where the caller gives a function for that. Drafting rules do not apply, because old texts cannot be changed. A
text that readers would not see differently makes no version.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from engross.common import EngrossError, error, value_class
from engross.importing.history_cleaning import Cleaned
from engross.importing.history_notes import WrittenNotes
from engross.importing.history_sources import RULE, History, State
from engross.model import Document, DocumentEntry
from engross.record import (
    ImportedText,
    is_sealable,
    leaves_docs,
    read_tree_of,
    sha256,
    shown_pictures,
    text_hash,
)
from engross.text import decode

Clean = Callable[[bytes, str, DocumentEntry], Cleaned]
"""Turns the bytes of a file with a name into contract Markdown; raises EngrossError if that cannot be done."""

_FORMATS = (".html", ".htm", ".xhtml", ".docx")
"""The suffixes of files that only cleaning can read."""
_NO_MARKDOWN = "it is no Markdown"


class Outcome(StrEnum):
    """The result of an import for a state of the file."""

    VERSION = "version"
    SAME = "same"
    LATER_THAT_DAY = "later that day"
    REFUSED = "refused"


@value_class(frozen=True, slots=True)
class Row:
    """A state and the result for it. `number` is the version it becomes, or that it shows the same as; 0 for none.
    `why` says why it becomes none, or what people should know of the version.
    """

    state: State
    outcome: Outcome
    number: int = 0
    why: str = ""


@value_class(frozen=True, slots=True)
class HistoryPlan:
    """Every state of a history with its result, and the texts to import; both oldest first."""

    rows: tuple[Row, ...]
    texts: tuple[ImportedText, ...]


@value_class(frozen=True, slots=True)
class _Read:
    """A state whose text could be read. `pictures` are by target those within a cleaned file, then by path in the docs
    folder all that can be sealed.
    """

    state: State
    document: Document
    text: str
    pictures: Mapping[str, bytes]
    remarks: tuple[str, ...]


def plan_history(
    history: History,
    entry: DocumentEntry,
    zone: ZoneInfo,
    *,
    one_a_day: bool = False,
    notes: WrittenNotes | None = None,
    clean: Clean | None = None,
    step: Callable[[], None] = lambda: None,
) -> HistoryPlan:
    """Decide which texts of a history become versions of a document.

    `entry` is the document's entry in documents.yml. `one_a_day` makes one version of texts in a row with the same day
    in `zone`: of the last of them. `step` is called after each state. Raises EngrossError if no text can be imported,
    or if a note is about a state that becomes no version.
    """
    read: list[_Read | str] = []
    for state in history.states:
        read.append(_read(state, entry, clean))
        step()
    read = _with_pictures(history, read)
    plan = _numbered(history.states, read, zone, one_a_day=one_a_day)
    if not plan.texts:
        whys = dict.fromkeys(f"{_place(row.state)}: {row.why}" for row in plan.rows)
        raise EngrossError(
            [error(RULE, history.states[-1].source.path, 0, 0, f"no text of this history can be imported: {why}")
             for why in list(whys)[:5]]
        )  # fmt: skip
    return replace(plan, texts=notes.added(plan.texts, zone)) if notes else plan


def _place(state: State) -> str:
    return state.source.commit[:12] or state.source.path


def _read(state: State, entry: DocumentEntry, clean: Clean | None) -> _Read | str:
    """Read a state's text; a text says why it cannot be read."""
    if state.refused:
        return state.refused
    remarks = (state.remark,) if state.remark else ()
    try:
        if PurePosixPath(state.source.path).suffix.lower() in _FORMATS:
            raise EngrossError([error(RULE, state.source.path, 0, 0, _NO_MARKDOWN)])
        return _Read(state, *_parsed(state.data, entry), {}, remarks)
    except EngrossError as refusal:
        reason = _reason(refusal)
    if clean is None:
        return reason
    try:
        cleaned = clean(state.data, state.source.path, entry)
        known = replace(state, source=replace(state.source, sha256=sha256(state.data)))
        return _Read(known, *_parsed(cleaned.data, entry), cleaned.pictures, (*remarks, f"cleaned, since {reason}"))
    except EngrossError as refusal:
        return f"{reason}; it cannot be cleaned: {_reason(refusal)}"


def _parsed(data: bytes, entry: DocumentEntry) -> tuple[Document, str]:
    source = decode(data, entry.file)
    document = Document(entry, source, read_tree_of(source, entry))
    if not any(clause.inline.text.strip() for clause in document.root.walk()):
        raise EngrossError([error(RULE, entry.file, 0, 0, "it has no words")])
    return document, text_hash(document.root)


def _reason(refusal: EngrossError) -> str:
    """The first mistake of a text, with its place and how many others there are."""
    first, more = refusal.diagnostics[0], len(refusal.diagnostics) - 1
    place = f"line {first.line}: " if first.line else ""
    return f"{place}{first.message}{f' (and {more} more)' if more else ''}"


def _with_pictures(history: History, read: Sequence[_Read | str]) -> list[_Read | str]:
    """Add the pictures that the texts show, from where they were at the time; else only the link is sealed."""
    wanted = [
        (at, shown, _beside(one.state, shown.target))
        for at, one in enumerate(read)
        if isinstance(one, _Read)
        for shown in shown_pictures(one.document)
    ]
    named = list(dict.fromkeys(name for _, _, name in wanted if name))
    data = dict(zip(named, history.read(named), strict=True)) if named else {}
    found: dict[int, dict[str, bytes]] = {}
    missing: dict[int, list[str]] = {}
    for at, shown, name in wanted:
        one = read[at]
        picture = (one.pictures.get(shown.target) if isinstance(one, _Read) else None) or data.get(name)
        if picture is not None and is_sealable(shown.path, picture):
            found.setdefault(at, {})[shown.path] = picture
        else:
            missing.setdefault(at, []).append(shown.path)
    return [
        one
        if isinstance(one, str)
        else replace(one, pictures=found.get(at, {}), remarks=(*one.remarks, *_without(missing.get(at, ()))))
        for at, one in enumerate(read)
    ]


def _without(paths: Sequence[str]) -> Iterator[str]:
    if paths:
        yield f"without the picture {', '.join(paths)}, which its source does not have"


def _beside(state: State, target: str) -> str:
    """The name of a picture in the history, from its target in a text; empty if it leads out of the source."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(state.source.path), unquote(urlsplit(target).path)))
    return "" if leaves_docs(path) else f"{state.base}{path}"


def _numbered(states: Sequence[State], read: Sequence[_Read | str], zone: ZoneInfo, *, one_a_day: bool) -> HistoryPlan:
    """Number the texts that become versions."""
    dropped = _dropped(read, zone) if one_a_day else frozenset()
    rows: list[Row] = []
    texts: list[ImportedText] = []
    last: _Read | None = None
    for at, (state, one) in enumerate(zip(states, read, strict=True)):
        if isinstance(one, str):
            rows.append(Row(state, Outcome.REFUSED, why=one))
        elif at in dropped:
            rows.append(Row(state, Outcome.LATER_THAT_DAY, why="a later text of that day takes its place"))
        elif last and (one.text, one.pictures) == (last.text, last.pictures):
            rows.append(Row(state, Outcome.SAME, len(texts), f"shows the same as version {len(texts)}"))
        else:
            why = "; ".join((*one.remarks, *_backwards(last, one)))
            rows.append(Row(one.state, Outcome.VERSION, len(texts) + 1, why))
            texts.append(ImportedText(one.document, one.text, one.state.claimed, one.state.source, one.pictures))
            last = one
    return HistoryPlan(tuple(rows), tuple(texts))


def _backwards(last: _Read | None, one: _Read) -> Iterator[str]:
    if last and one.state.claimed.date < last.state.claimed.date:
        yield "its date is before that of the version before it"


def _dropped(read: Sequence[_Read | str], zone: ZoneInfo) -> frozenset[int]:
    """The places of texts that a later one of the same day follows."""
    places = [at for at, one in enumerate(read) if isinstance(one, _Read)]
    days = {at: _day(one, zone) for at, one in enumerate(read) if isinstance(one, _Read)}
    return frozenset(at for at, after in pairwise(places) if days[at] == days[after])


def _day(one: _Read, zone: ZoneInfo) -> str:
    claimed = one.state.claimed.date
    return str(datetime.fromisoformat(claimed).astimezone(zone).date()) if "T" in claimed else claimed
