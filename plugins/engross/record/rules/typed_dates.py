"""A rule for dates that authors type into a document: "Last updated: 8 May 2018", "Effective May 8, 2018"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import MONTHS
from engross.model import NOT_FIXED, Clause, ClauseKind, Diagnostic, Document, EntryKind, Severity
from engross.record.encoding import AWAITED
from engross.record.posting.plan import Plan, Posting
from engross.record.rules.rule import RecordRule

_NUMBERS: Final = {name.lower(): at for months in MONTHS for at, name in enumerate(months, 1)} | {"sept": 9}
_MONTH = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?P<suffix>st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b"
    rf"|(?P<day2>\d{{1,2}})(?:\.|(?P<suffix2>st|nd|rd|th|er))?\s+(?:de\s+|of\s+)?(?P<month2>{_MONTH})\.?,?\s+(?:de\s+)?"
    r"(?P<year2>\d{4})\b"
    r"|(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})\b"
    r"|(?<![\d.])(?P<day4>\d{1,2})\.(?P<month4>\d{1,2})\.(?P<year4>\d{4})\b",
    re.IGNORECASE,
)
# A line that gives the date of the text: only a few words are beside the date.
_LABEL = re.compile(
    r"[^\n.;:]{0,60}?\b(?P<label>effective|in force|takes? effect"
    r"|(?:last\s+)?(?:updated|revised|modified|amended|changed)"
    r"|last\s+(?:update|revision|modification)|version\s+of|published|posted|gültig|stand|zuletzt|dernière mise à jour"
    r"|en vigueur|última actualización|vigente)\b[^\n.;]{0,24}?\Z",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(r"effective|force|effect|gültig|vigueur|vigente", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previous|prior|earlier|archived?|old|replaces|supersedes?)\b", re.IGNORECASE)
_MOST_AFTER = 24


@value_class(frozen=True, slots=True)
class _Typed:
    """A date in the text: the clause, the offsets of the date in its text, and what the line says it is."""

    clause: Clause
    start: int
    end: int
    day: date
    effective: bool


def _wrong_dates(plan: Plan) -> Iterator[Diagnostic]:
    for posting in plan.postings:
        if posting.kind is EntryKind.POST and posting.draft:
            yield from _in_posting(plan, posting, posting.draft.document)


def _in_posting(plan: Plan, posting: Posting, document: Document) -> Iterator[Diagnostic]:
    zone = ZoneInfo(plan.project.settings.timezone)
    posted = plan.posted.astimezone(zone).date()
    waits = posting.effective == NOT_FIXED
    effective = posting.effective.astimezone(zone).date() if posting.effective and not waits else posted
    for typed in _typed_dates(document.root):
        right = {effective} if typed.effective else {effective, posted}
        if ((waits and typed.effective) or typed.day not in right) and document.source:
            line, column = document.source.position(typed.clause.inline.source_offset(typed.start))
            shown = " ".join(typed.clause.inline.text[typed.start : typed.end].split())
            fix = "" if waits and typed.effective else written_like(shown, effective)
            applies = f"takes effect on {AWAITED if waits else fix}"
            write = f"write {'the day of posting, ' + fix if waits else 'that date'}, or delete" if fix else "delete"
            message = (
                f"the text gives the date {shown}, but this version {applies}; {write} the line, because every page "
                "shows the date of its version"
            )
            path, label = document.source.path, typed.clause.label
            yield Diagnostic("typed-date", Severity.WARNING, path, line, column, message, label, fix)


def _typed_dates(root: Clause) -> Iterator[_Typed]:
    """The dates in the opening of a text, above or right below its first heading, and in its last clause."""
    title = next((clause for clause in root.children if clause.kind is ClauseKind.SECTION), None)
    texts = [(clause, around) for _, clause, around in root.walk_placed() if clause.inline.text]
    for at, (clause, around) in enumerate(texts):
        sections = (one for one in (*around, clause) if one.kind is ClauseKind.SECTION)
        if all(one is title for one in sections) or at == len(texts) - 1:
            yield from _in_clause(clause)


def _in_clause(clause: Clause) -> Iterator[_Typed]:
    text = clause.inline.text
    for found in _DATE.finditer(text):
        begin = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        after = text[found.end() : len(text) if end < 0 else end]
        label = _LABEL.match(text, begin, found.start())
        day = _day(found)
        if (
            label
            and day
            and len(after.strip()) <= _MOST_AFTER
            and not _EARLIER.search(text[begin : found.end()] + after)
        ):
            yield _Typed(clause, *found.span(), day, bool(_EFFECTIVE.search(label["label"])))


def _parts(found: re.Match[str]) -> tuple[str, str, str]:
    """The names of the groups of year, month and day that matched."""
    suffix = next(suffix for suffix in ("", "2", "3", "4") if found[f"year{suffix}"])
    return f"year{suffix}", f"month{suffix}", f"day{suffix}"


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (found[name] for name in _parts(found))
    try:
        return date(int(year), _NUMBERS.get(month.lower()) or int(month), int(day))
    except ValueError:
        return None


def written_like(shown: str, day: date) -> str:
    """Return a day, written as another date is: "8. Mai 2018", "May 1st, 2019", "08.05.2018"."""
    found = _DATE.match(shown)
    assert found is not None
    year, month, of_month = _parts(found)
    changed = {year: str(day.year), of_month: str(day.day)}
    if (written := found[month]).isdigit():
        changed |= {month: str(day.month).zfill(len(written)), of_month: str(day.day).zfill(len(found[of_month]))}
    else:
        # "mai" is French, and "Mai" is German.
        same = (months for form in (str, str.lower) for months in MONTHS if form(written) in map(form, months))
        changed[month] = next(same, MONTHS[0])[day.month - 1]
    changed |= {name: _suffix(end, day.day) for name in ("suffix", "suffix2") if (end := found[name])}
    for name in sorted(changed, key=found.start, reverse=True):
        shown = shown[: found.start(name)] + changed[name] + shown[found.end(name) :]
    return shown


def _suffix(like: str, day: int) -> str:
    """The letters after a day of the month in the language of others: 1st, 22nd, 13th; 1er and 2."""
    if like.lower() == "er":
        return like if day == 1 else ""
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


TYPED_DATE = RecordRule(
    "typed-date",
    "A date in the text, such as “Last updated: 8 May 2018” or “Effective May 8, 2018”, that is not the date of the "
    "version that would be posted.",
    "Every page shows when its version was posted and when it takes effect. A date in the text must agree, so write "
    "the date on which the version takes effect, or delete the line. “Last updated” may also be the day of the posting."
    " The rule reads the opening of a text and its last paragraph.",
    _wrong_dates,
    Severity.WARNING,
)
