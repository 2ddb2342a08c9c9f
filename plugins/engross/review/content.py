"""The content of a review. Every output is written from this value, so that all outputs agree."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from engross.common import value_class
from engross.model import Diagnostic
from engross.redline import Counts, MarkedText


@value_class(frozen=True, slots=True)
class ClauseChange:
    """A changed clause: its label, the kinds of change, and its text with what was deleted and inserted, by block."""

    where: str
    kinds: tuple[str, ...]
    texts: tuple[MarkedText, ...]


@value_class(frozen=True, slots=True)
class Figure:
    """A number, amount, period or date that changed in a clause, or a fact of a model; empty texts are missing ones."""

    where: str
    kind: str
    old: str
    new: str


@value_class(frozen=True, slots=True)
class DefinitionChange:
    """A defined term that was "added", "changed" or "removed", with its definitions before and after."""

    term: str
    how: str
    old: str = ""
    new: str = ""


@value_class(frozen=True, slots=True)
class Timing:
    """When a change takes effect, by a note.

    `effective` is None for a change that takes effect when it is posted, or when its notice was delivered.
    `notice_days` are promised for it, counted from `since`; 0 if none are. `earliest` is the first day on which it may
    take effect, as notes write it. `counting` is the arithmetic of a notice that is counted in whole days. `awaited`
    are the days that count from delivery, in words, if it takes effect then; there is no earliest day.
    """

    note: str
    effective: datetime | None
    material: bool
    notice_days: int = 0
    since: datetime | None = None
    earliest: str = ""
    counting: str = ""
    awaited: str = ""


@value_class(frozen=True, slots=True)
class RowChange:
    """A row of a register that was "added", "removed" or "changed", and each value that differs: the label of its
    column, and what pages show of it before and after ("" for nothing).
    """

    row: str
    title: str
    how: str
    values: tuple[tuple[str, str, str], ...]


@value_class(frozen=True, slots=True)
class Change:
    """What happens to one document or set.

    `kind` is that of the ledger entry ("post", "notice", "move", …), or "unposted" for a change without a note. `base`
    is the version it is compared with, `version` the one it becomes or that is withdrawn. `path` is the file of the
    text. `remarks` are whole sentences. `preview` is the page of a draft site that shows it.
    `waits` says that a release would not post it, by the rules of the record. `rows` are those of a register.
    """

    id: str
    title: str
    kind: str
    version: str = ""
    base: str = ""
    path: str = ""
    is_set: bool = False
    notes: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()
    counts: Counts = field(default_factory=Counts)
    clauses: tuple[ClauseChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    figures: tuple[Figure, ...] = ()
    definitions: tuple[DefinitionChange, ...] = ()
    settings: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    preview: str = ""
    waits: bool = False


@value_class(frozen=True, slots=True)
class Ground:
    """A ground on which a note rests, with what it cites and how each condition is met."""

    title: str
    cites: str
    conditions: tuple[tuple[str, str], ...]


@value_class(frozen=True, slots=True)
class Note:
    """A pending note. `title` is the one that readers see; `summary` is its text as written; `shown` the same as
    escaped Markdown, line by line. `reference` is empty if it is not published.
    """

    slug: str
    title: str
    path: str
    change_class: str
    material: bool
    approved_by: str
    summary: str
    shown: tuple[str, ...]
    emergency: str = ""
    editorial_because: str = ""
    grounds: tuple[Ground, ...] = ()
    not_material_because: str = ""
    sooner_because: str = ""
    notice_kept_because: str = ""
    reference: str = ""
    one_language_because: str = ""
    at_once_because: str = ""
    if_you_disagree: str = ""


@value_class(frozen=True, slots=True)
class Problem:
    """Something that cannot be read, or that is wrong with the record: a title, the findings, and what to do."""

    title: str
    findings: tuple[Diagnostic, ...] = ()
    files: tuple[str, ...] = ()
    advice: str = ""
    is_error: bool = True


@value_class(frozen=True, slots=True)
class Review:
    """A review of the work tree at an instant, compared with `base` ("" for none).

    `missing` are the findings of the record's rules, with the text to paste; `findings` those of all other checks that
    the base does not have, and `known` is how many it has too. `preview` is the address of the draft site,
    `draft_artifact` that of a page from which it can be downloaded. `sources` is
    the address of the files on the host, to which a path from `top` is appended; both may be empty.
    """

    posted: datetime
    timezone: str
    base: str = ""
    preview: str = ""
    sources: str = ""
    top: str = ""
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    missing: tuple[Diagnostic, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    known: int = 0
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
    draft_artifact: str = ""
