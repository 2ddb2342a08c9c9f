"""What a rule gives: a finding, and the edits to the source that would mend it."""

from __future__ import annotations

from engross.model import Diagnostic, Severity
from engross.values import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a source: the characters `start` to `end` (offsets in `Source.text`) become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a document, before it has the name and the severity of its rule.

    `clause` and `anchor` are the label and the address of the clause it stands in; `text` the words it is about, by
    which an exception may name it; `fix` the text to paste, an empty string where there is none. `edits` are given
    only where a machine may make them unasked. `severity` overrides the rule's.
    """

    document: str
    path: str
    line: int
    column: int
    message: str
    clause: str = ""
    anchor: str = ""
    text: str = ""
    fix: str = ""
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the rule that made it, as a diagnostic."""

    finding: Finding
    diagnostic: Diagnostic
