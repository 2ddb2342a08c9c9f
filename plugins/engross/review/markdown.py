"""Writes a review as Markdown: for the summary of a job, or for a comment that is updated in place.

Only fixed words and escaped texts are written. Missing notes and mistakes come first; the largest redlines
become counts first where the text is too long.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import engross.common.lazy_re as re
from engross.common import code_block, code_span, escape_markdown as plain, link_markdown, value_class
from engross.model import Diagnostic, Severity
from engross.record import instant_in_words, parse_written_instant
from engross.redline import counts_in_words, marked_as_markdown
from engross.review.content import Change, Note, Problem, Review, Timing
from engross.review.documents import UNPOSTED
from engross.review.fitting import Measure, Part, characters, fit, octets

MARKER = "<!-- engross-review -->"
"""The first line of a comment, by which the next one replaces it."""


@value_class(frozen=True, slots=True)
class Place:
    """Where a review is shown: its limit in units of `measure`, and whether it begins with the marker."""

    most: int
    measure: Measure
    marked: bool = False


COMMENT = Place(65_536, characters, marked=True)
SUMMARY = Place(1 << 20, octets)
_MARGIN = 512
_AROUND = 8
"""Words beside each change in a shortened redline."""
_MOST_FILES = 20
_FEW = 20
"""The findings of a problem that stay in a report that is too long."""
_SHORT = 300
"""The characters of a note that stay."""
_CUT = "**The rest does not fit here.** Run `engross review` to read all of it."
_RESTORE = "To restore it, run this, and commit; delete files that are listed as added and are still there:"
_KINDS = {
    "post": "new text",
    "notice": "notice",
    "withdraw": "withdrawn",
    "correct": "correction",
    "move": "name, place or settings",
    "set": "documents and their order of precedence",
    "retire": "no longer published",
    UNPOSTED: "changed without a note",
}


def to_markdown(review: Review, place: Place = SUMMARY) -> str:
    """Return a review as Markdown that fits its place."""
    parts = [Part(line_block([MARKER] if place.marked else []), rank=9), *_parts(_Writer(review))]
    return fit(parts, place.most - _MARGIN, place.measure, _CUT).rstrip("\n") + "\n"


def line_block(lines: Iterable[str]) -> str:
    """Return lines as one text with a final line end; nothing for no lines."""
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _parts(writer: _Writer) -> Iterator[Part]:
    review = writer.review
    yield Part(line_block(writer.head()), rank=9)
    for problem in review.problems:
        yield Part(line_block(writer.problem(problem)), (line_block(writer.problem(problem, most=_FEW)),), rank=7)
    if review.missing:
        yield Part("## What is missing or wrong\n\n", rank=9)
        for found in sorted(review.missing, key=lambda one: -one.severity):
            forms = (writer.finding(found, fixed=fixed, linked=linked) for fixed, linked in _FORMS)
            full, *shorter = map(line_block, forms)
            yield Part(full, tuple(shorter), rank=7)
        yield Part("\n", rank=9)
    for change in review.changes:
        yield from _of_change(writer, change)
    notes = [note for note in review.notes if not any(note.slug in one.notes for one in review.changes)]
    for note in notes:
        yield from _of_note(writer, note, f"## Note {code_span(note.slug)}")
    yield from _of_findings(writer)


_FORMS = ((True, True), (False, True), (False, False))
"""A finding with its fix and its link, which may contain the fix; with the link alone; with neither."""


def _of_change(writer: _Writer, change: Change) -> Iterator[Part]:
    yield Part(line_block(writer.change_head(change)), rank=9)
    for note in writer.review.notes:
        if note.slug in change.notes:
            # A note about several documents is shown with the first.
            first = next(one for one in writer.review.changes if note.slug in one.notes)
            yield from (
                _of_note(writer, note)
                if first is change
                else [Part(f"The note {code_span(note.slug)} is shown above.\n\n", rank=8)]
            )
            yield Part(line_block(writer.timing(change, note)), rank=8)
    if change.rows:
        yield Part(line_block(writer.rows(change)), (line_block(writer.instead_of_rows(change)),), rank=1)
        return
    count = len(change.figures)
    yield Part(line_block(writer.figures(change)), (f"{count} numbers, dates or periods change.\n\n",) * bool(count), 4)
    count = len(change.definitions)
    yield Part(line_block(writer.definitions(change)), (f"{count} definitions change.\n\n",) * bool(count), rank=3)
    if change.clauses:
        full, near = (line_block(writer.redline(change, around)) for around in (0, _AROUND))
        yield Part(full, (near, line_block(writer.instead_of_redline(change))), rank=1)


def _of_note(writer: _Writer, note: Note, title: str = "") -> Iterator[Part]:
    yield Part(f"{title}\n\n" if title else "", rank=9)
    yield Part(line_block(writer.note(note)), (line_block(writer.note(note, cut=True)),), rank=5)


def _of_findings(writer: _Writer) -> Iterator[Part]:
    review = writer.review
    if not review.findings and not review.known:
        return
    yield Part(line_block(writer.findings_head()), rank=9)
    for severity, rank in ((Severity.ERROR, 8), (Severity.WARNING, 6), (Severity.NOTE, 2)):
        chosen = [found for found in review.findings if found.severity is severity]
        if chosen:
            full = line_block(line for found in chosen for line in writer.finding(found))
            bare = line_block(line for found in chosen for line in writer.finding(found, fixed=False, linked=False))
            count = f"- {len(chosen)} {severity.word}s: run `engross check` to read them.\n"
            yield Part(full, (bare,) if severity is Severity.ERROR else (bare, count), rank=rank)


@value_class(frozen=True, slots=True)
class _Writer:
    review: Review

    def day(self, instant: datetime) -> str:
        """Return an instant as people write its day, with the time if it is not midnight."""
        return instant_in_words(instant, ZoneInfo(self.review.timezone))

    def head(self) -> Iterator[str]:
        """Yield the title, one sentence that sums up, and the remarks."""
        review = self.review
        yield from ("# What would be posted", "")
        posted = [one for one in review.changes if one.kind != UNPOSTED and not one.waits]
        waiting = [one for one in review.changes if one.waits]
        errors = sum(one.severity is Severity.ERROR for one in review.missing)
        new = "new " if review.base else ""
        sums = [
            _counted(len(posted), "change would be posted", "changes would be posted")
            or ("nothing would be posted" if waiting else ""),
            _counted(len(waiting), "change would wait", "changes would wait"),
            _counted(errors, "thing is missing or wrong", "things are missing or wrong"),
            _counted(len(review.findings), f"{new}finding", f"{new}findings"),
            _counted(sum(one.is_error for one in review.problems), "problem", "problems"),
        ]
        if not review.changes and not review.notes and not review.problems and not errors:
            yield from ("Nothing: each change note is posted, and each document is as it was last posted.", "")
        yield from (f"{', '.join(filter(None, sums))}.", "") if any(sums) else ()
        if review.preview:
            yield from (f"{link_markdown('Preview of the draft site', review.preview)}.", "")
        if review.draft_artifact:
            yield from (f"{link_markdown('Download the draft site', review.draft_artifact)}.", "")
        yield from (line for remark in review.remarks for line in (f"> {_with_commands(remark)}", ""))

    def problem(self, problem: Problem, most: int = 0) -> Iterator[str]:
        """Yield a section about what cannot be read or is broken; with `most`, only so many findings, without fixes."""
        yield from (f"## {plain(problem.title)}", "")
        for found in problem.findings[: most or None]:
            yield from self.finding(found, fixed=not most, linked=not most)
        if most and len(problem.findings) > most:
            yield f"- and {len(problem.findings) - most} more: run `engross check` to read them"
        yield from (f"- {code_span(name)}" for name in problem.files[:_MOST_FILES])
        if len(problem.files) > _MOST_FILES:
            yield f"- and {len(problem.files) - _MOST_FILES} more files"
        if problem.advice.startswith("git "):
            yield from ("", _RESTORE, "")
            yield from code_block(problem.advice, "sh")
        elif problem.advice:
            yield _with_commands(problem.advice)
        yield ""

    def finding(self, found: Diagnostic, *, fixed: bool = True, linked: bool = True) -> Iterator[str]:
        """Yield a finding as an item of a list; with the text to paste if `fixed`, and the page if `linked`."""
        clause = f"{plain(found.shown_clause)}: " if found.clause else ""
        place = f"{self.place(found)}: " if found.path else ""
        yield f"- **{found.severity.word}** {place}{clause}{_with_commands(found.message)} ({code_span(found.rule)})"
        if found.link and linked:
            yield f"  {link_markdown('Write it here', found.link)}."
        if found.fix and fixed:
            yield from ("", "  To paste:", "")
            yield from (f"  {line}" for line in code_block(found.fix, "yaml" if "\n" in found.fix else ""))
            yield ""

    def place(self, found: Diagnostic) -> str:
        """Return the place of a finding, with a link to the line on the host."""
        place = ":".join(str(part) for part in (found.path, found.line, found.column) if part)
        path = posixpath.relpath(found.path, self.review.top or ".") if found.path else ""
        if not self.review.sources or not found.line or path.startswith("..") or found.path.startswith("/"):
            return code_span(place)
        return link_markdown(code_span(place), f"{self.review.sources}{quote(path)}#L{found.line}")

    def change_head(self, change: Change) -> Iterator[str]:
        """Yield the heading of a change, and what is not about its words."""
        what = _KINDS.get(change.kind, change.kind)
        yield from (f"## {plain(change.title)}: {what}", "")
        against = f", compared with {code_span(change.base)}" if change.base else ""
        version = f"{code_span(change.version)}{against}" if change.version else f"{code_span(change.id)}{against}"
        preview = f" · {link_markdown('preview', change.preview)}" if change.preview else ""
        yield from (f"{version}{preview}", "")
        yield from (f"- {_with_commands(one)}" for one in change.remarks)
        yield from (f"- Setting: {plain(one)}" for one in change.settings)
        yield from (f"- picture changed: {code_span(path)}" for path in change.pictures)
        if change.remarks or change.settings or change.pictures:
            yield ""

    def note(self, note: Note, *, cut: bool = False) -> Iterator[str]:
        """Yield a note as customers will read it; only its first words if it is `cut`."""
        material = "material" if note.material else "not material"
        approved = f"; approved by {plain(note.approved_by)}" if note.approved_by else ""
        yield f"**Note {code_span(note.slug)}, as customers will read it** ({note.change_class}, {material}{approved}):"
        yield from ("", f"> **{plain(note.title)}**", ">")
        words = " ".join(note.summary.split())
        yield from (f"> {line}" for line in ((plain(words[:_SHORT]),) if cut else note.shown))
        if cut and len(words) > _SHORT:
            yield f"> … (the rest is in {code_span(note.path)})"
        yield ""
        yield from (f"- {name}: {plain(text)}" for name, text in _reasons(note) if text)
        for ground in note.grounds:
            cites = f" ({plain(ground.cites)})" if ground.cites else ""
            yield f"- Ground: {plain(ground.title)}{cites}"
            yield from (f"  - {plain(name)}: {plain(sentence)}" for name, sentence in ground.conditions)
        yield from [""] if note.grounds or any(text for _, text in _reasons(note)) else []

    def timing(self, change: Change, note: Note) -> Iterator[str]:
        """Yield when a change takes effect by a note, and how that day follows from the promised notice."""
        for timing in (one for one in change.timings if one.note == note.slug):
            yield from (f"**Takes effect**: {self.effect(timing)}", "")

    def effect(self, timing: Timing) -> str:
        """Return when a change takes effect, as whole sentences."""
        if timing.awaited:
            return (
                f"{timing.awaited}, counted from the delivery of its notice; the receipt of the notice fixes the day."
            )
        when = f"on {self.day(timing.effective)}" if timing.effective else "when it is posted"
        if not timing.notice_days:
            why = "no notice is promised" if timing.material else "it is not material, so no notice is promised"
            return f"{when} ({why})."
        since = timing.since or self.review.posted
        began = "posted today" if since == self.review.posted else "announced"
        zone = ZoneInfo(self.review.timezone)
        earliest = parse_written_instant(timing.earliest, zone)
        day = since.astimezone(zone)
        sum_ = f"{began} {day.day} {day:%B %Y} + {timing.notice_days} whole days = {self.day(earliest)} or later"
        if timing.counting:
            sum_ = f"{timing.counting} or later"
        fits = timing.effective and timing.effective >= earliest
        return f"{when}; {sum_}." if fits else f"{when}, which is **too soon**: {sum_}."

    def figures(self, change: Change) -> Iterator[str]:
        """Yield the numbers, amounts, dates and periods that change."""
        if change.figures:
            yield from ("**Numbers, amounts, dates and periods**", "")
            for one in change.figures:
                where = f"{plain(one.where)}: " if one.where else ""
                yield f"- {where}{plain(one.kind)} {_from_to(one.old, one.new)}"
            yield ""

    def definitions(self, change: Change) -> Iterator[str]:
        """Yield the definitions that were added, changed or removed."""
        if change.definitions:
            yield from ("**Definitions**", "")
            for one in change.definitions:
                body = f": {plain(one.new or one.old)}" if (one.new or one.old) and one.how != "changed" else ""
                yield f"- {one.how}: “{plain(one.term)}”{body}"
            yield ""

    def rows(self, change: Change) -> Iterator[str]:
        """Yield the rows of a register that differ, value by value."""
        yield from (f"**Rows**: {_rows_in_words(change)}.", "")
        for row in change.rows:
            yield f"- **{plain(row.title)}** ({row.how}, row {code_span(row.row)})"
            yield from (f"  - {plain(label)}: {_from_to(old, new)}" for label, old, new in row.values)
        yield ""

    def instead_of_rows(self, change: Change) -> Iterator[str]:
        """Yield how many rows differ, where they are too many to be listed here."""
        command = f"Run {code_span(f'engross diff {change.base} {change.id}')} to read them"
        yield from (f"**Rows**: {_rows_in_words(change)}. {command}.", "")

    def redline(self, change: Change, around: int = 0) -> Iterator[str]:
        """Yield the changed clauses; with `around`, only so many words beside each change."""
        yield from (f"**Redline**: {plain(counts_in_words(change.counts))}", "")
        for clause in change.clauses:
            texts = [marked_as_markdown(text, around) for text in clause.texts]
            first = f": {texts[0]}" if len(texts) == 1 else ""
            yield f"- **{plain(clause.where)}** ({plain(', '.join(clause.kinds))}){first}"
            yield from (f"  - {text}" for text in texts if len(texts) > 1)
        yield ""

    def instead_of_redline(self, change: Change) -> Iterator[str]:
        """Yield the counts of a redline that is too long here, and where it can be read."""
        where = link_markdown("Read it in the preview", change.preview) if change.preview else ""
        command = f"Run {code_span(f'engross diff {change.base} {change.id}')} to read it"
        yield from (f"**Redline**: {plain(counts_in_words(change.counts))} {where or command}.", "")

    def findings_head(self) -> Iterator[str]:
        """Yield the heading of the findings, and how many the base has too."""
        review = self.review
        yield from ("## New findings" if review.base else "## Findings", "")
        if not review.findings:
            yield "None."
        if review.known:
            yield f"{_counted(review.known, 'finding is', 'findings are')} in {code_span(review.base)} too."
        if not review.findings or review.known:
            yield ""


_CODE = re.compile(r"`([^`\n]+)`")


def _with_commands(sentence: str) -> str:
    """Return a sentence of Engross escaped, with its commands and names between backticks as code."""
    parts = _CODE.split(sentence)
    return "".join(code_span(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _escaped(part: str) -> str:
    """Escape a part of a sentence, and keep the blanks at its edges."""
    blank = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{blank[0][:1]}{plain(part)}{blank[1][:1]}" if part.strip() else part[:1]


def _reasons(note: Note) -> Iterator[tuple[str, str]]:
    yield "Emergency", note.emergency
    yield "Editorial because", note.editorial_because
    yield "Not material because", note.not_material_because
    yield "Applies sooner because", note.sooner_because
    yield "Notice kept because", note.notice_kept_because
    yield "Only in one language because", note.one_language_because
    yield "Applies at once because", note.at_once_because
    yield "Customers who disagree", note.if_you_disagree
    yield "Reference", note.reference


def _from_to(old: str, new: str) -> str:
    if old == new:
        return f"“{plain(new)}”"
    return f"{f'“{plain(old)}”' if old else 'nothing'} → {f'“{plain(new)}”' if new else 'nothing'}"


def _rows_in_words(change: Change) -> str:
    """How many rows were added, changed and removed: "1 row added, 2 rows changed"."""
    found = Counter(row.how for row in change.rows)
    hows = [how for how in ("added", "changed", "removed") if found[how]]
    return ", ".join(_counted(found[how], f"row {how}", f"rows {how}") for how in hows)


def _counted(count: int, one: str, many: str) -> str:
    return "" if not count else f"{count} {one if count == 1 else many}"
