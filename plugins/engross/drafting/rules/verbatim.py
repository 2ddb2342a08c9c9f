"""The rule for text that must stay letter for letter, such as standard contractual clauses."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import commonprefix

import engross.common.lazy_re as re
from engross.common import quoted, shown
from engross.drafting.detectors.clause_suggestions import nearest_clauses
from engross.drafting.subject import Finding, Rule, Subject
from engross.model import Clause, Document, Severity, Verbatim, clause_called, kept_hash, kept_text

_ID = re.compile(r"[a-z][a-z0-9.-]*")
_AROUND = 20
"""How many characters of the line are shown before the first that differs."""
_MOST_SHOWN = 60


def _check(subject: Subject) -> Iterator[Finding]:
    """Each part whose lines do not have the stated hash."""
    for reading in subject.readings:
        document = reading.document
        for part in document.entry.requires.verbatim if not document.verbatim else ():
            if found := _of_part(subject, document, part):
                yield found


def _of_part(subject: Subject, document: Document, part: Verbatim) -> Finding | None:
    lines, now = kept_text(document, part), kept_hash(document, part)
    path, name = document.entry.requires.path, part.clause or document.id
    if not lines:
        missing = f"{document.id} has no clause {part.clause}; name one by its anchor or label, or restore it"
        return Finding(document.id, path, *part.place, missing, text=name)
    if now == part.hash:
        return None
    original = next((one for one in subject.originals if one.document == document.id and one.part == part), None)
    if original is None and (mistyped := _mistyped(document, part)):
        return Finding(document.id, path, *part.place, mistyped[0], text=name, fix=mistyped[1])
    fix = f"hash: {now}"
    if not part.hash:
        message = f"{name} must stay letter for letter, and has no hash yet; read the text once more, and add this line"
        return Finding(document.id, path, *part.place, message, text=name, fix=fix)
    if original is None:
        message = (
            f"{name} must stay letter for letter, and its hash is not the stated one; no posted "
            "version has that hash, so the place is not known. Restore the text; if it is right, state its hash"
        )
        return Finding(document.id, path, *part.place, message, text=name, fix=fix)
    line, column, message = _difference(lines, original.lines, original.version)
    assert document.source is not None
    clause = _clause_at(document.root, line)
    return Finding(
        document.id, document.source.path, line, column, f"{name} must stay letter for letter: {message}",
        clause.label, clause.anchor, text=name,
    )  # fmt: skip


def _mistyped(document: Document, part: Verbatim) -> tuple[str, str] | None:
    """The message about free clauses that do not exist while others have a similar name, and the line to write.

    Free clauses may be left out, so only a similar name is a mistake. No hash is shown then: it would be that of a text
    that includes the clause.
    """
    root = clause_called(document.root, part.clause) if part.clause else document.root
    assert root
    lost = [name for name in part.free if not clause_called(root, name)]
    free = {found.anchor for name in part.free if (found := clause_called(root, name))} | {root.anchor}
    near = {name: [one for one in nearest_clauses(root, name) if one not in free] for name in lost}
    if not any(near.values()):
        return None
    names = [near[name][0] if near.get(name) else name for name in part.free]
    message = (
        f"no clause in {part.clause or document.id} is called {', '.join(map(quoted, lost))}, which free names, so the "
        "hash would be that of another text; name the clause that may differ, or remove the name if it was left out"
    )
    return message, f"free: [{', '.join(name if _ID.fullmatch(name) else quoted(name) for name in names)}]"


def _difference(lines: tuple[tuple[int, str], ...], original: tuple[str, ...], version: str) -> tuple[int, int, str]:
    """The line and column of the first difference, and what it is; that of empty lines only if no other differs."""
    written = [(number, text) for number, text in lines if text]
    then = [text for text in original if text]
    for (number, here), there in zip(written, then, strict=False):
        if here != there:
            at = len(commonprefix([here, there]))
            start = max(0, at - _AROUND)
            now, was = (_from(text, start) for text in (here, there))
            return number, at + 1, f"it is “{now}”, and in {version} “{was}”; restore that"
    if len(written) > len(then):
        number, text = written[len(then)]
        return number, 1, f"“{shown(text, _MOST_SHOWN)}” is not in {version}; remove it"
    if len(written) < len(then):
        number, text = written[-1] if written else lines[-1]
        missing = shown(then[len(written)], _MOST_SHOWN)
        return number, len(text) + 1, f"“{missing}”, which is in {version}, is missing after this line"
    at = next(at for at, ((_, here), there) in enumerate(zip(lines, original, strict=False)) if here != there)
    extra = not lines[at][1]
    what = "this empty line is not in" if extra else "an empty line before this line is missing, which is in"
    return lines[at][0], 1, f"{what} {version}"


def _from(text: str, start: int) -> str:
    """A text from about a column on: from the next word, after “…”, unless that is the beginning."""
    if start:
        word = text.find(" ", start - 1)
        start = word + 1 if start - 1 <= word < start + _AROUND - 1 else start
    return ("…" if start else "") + shown(text[start:], _MOST_SHOWN)


def _clause_at(root: Clause, line: int) -> Clause:
    """The innermost clause with an anchor that contains a line."""
    found = root
    for clause in root.walk():
        if clause.anchor and clause.lines[0] <= line <= clause.lines[1]:
            found = clause
    return found


_GOOD = """\
# Data Processing

Provider processes personal data.

## Standard Clauses

The parties agree on these clauses.

### Clause 1

The importer warrants that it has no reason to doubt.
"""
_SETTINGS = """\
verbatim:
  clause: standard-clauses
  hash: 9d1a0cacdf33389ffcf8eea3c531e82782e2c9b0501228060252c7f8171c2d71
"""

TEXT = Rule(
    name="verbatim-text",
    severity=Severity.ERROR,
    summary="Text that must stay letter for letter (`verbatim`) and differs, or has no hash yet.",
    why=(
        "Standard contractual clauses protect only as they are. White space at the ends of lines does not count, nor "
        "do the clauses that are marked as free. The first difference is shown where a posted version has the stated "
        "hash. `--fix` never changes such text, no term in it becomes a link, and rules that would ask for other words "
        "do not apply."
    ),
    bad=_GOOD.replace("warrants", "states"),
    good=_GOOD,
    check=_check,
    settings=_SETTINGS,
)
