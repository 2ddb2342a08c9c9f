"""Rules for slips: placeholders, repeated words, hidden characters, mixed scripts, raw HTML, stale exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq
from typing import Final

from engross.common import HIDDEN, code_point
from engross.drafting.detectors.lookalikes import invisible_spans, look_alikes, shown_around, shown_letters
from engross.drafting.subject import Edit, Finding, Passage, Rule, Subject
from engross.language import RIGHTLY_REPEATED, is_english, is_english_part, words
from engross.model import MarkKind, Severity

_BRACKETS = re.compile(r"\[([^\[\]]{1,120})\]")
_INSTRUCTION = re.compile(
    r"\W*(?:insert|enter|fill[ -]?in|complete|to be (?:inserted|completed|added|confirmed|determined|agreed|specified)"
    r"|specify|choose|select|tbd|tbc|tba|todo|placeholder|xx+|n{4,}|\?+"
    r"|[●•■◆_…. -]*[●•■◆_][●•■◆_…. -]*)"
    r"(?![\w-]*\w)",
    re.IGNORECASE,
)
_SLOT = re.compile(
    r"(?:(?:the|your|[A-Z][\w’'/-]*)\s+(?:(?:[A-Z][\w’'/-]*|of|and|or|the|for)\s+)*)?"
    r"(?i:name|date|address|e-?mail|amount|state|country|jurisdiction|city|county|number|title|url|link|website|phone"
    r"|price|percentage|signatory|signature)s?(?:\s+(?:of|and|or|address|number)(?:\s+[A-Z][\w’'-]*){1,4})?"
)
_CAPITALS = re.compile(r"(?=.*[A-Z]{3})[A-Z0-9 ,.’'&/:#-]+")
# Words in brackets that are not blanks: reserved clauses, and notes on a quotation.
_LEFT_ON_PURPOSE = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|redacted|not used|sic|emphasis|repealed|signature page"
    r"|remainder|end\b)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![\w-])(?:TBD|TBC|TBA|T\.B\.D\.|TODO|FIXME|X{4,}|XX[./-]XX(?:[./-]XX(?:XX)?)?)(?![\w-])")
_LOREM = re.compile(r"\blorem ipsum\b", re.IGNORECASE)
# Variables of a site generator ("{{ site.name }}") are not blanks; instructions to a person are.
_VARIABLE = re.compile(r"\{\{\s*(?:[A-Z][A-Z0-9 _-]*|insert\b[^{}]{0,60}|[A-Z][a-z]+(?: \w+)*)\s*\}\}|<<[^<>]{1,80}>>")
# Most texts contain none of these, and skip the slower patterns.
_SIGNS = ("TB", "T.B.D", "TODO", "FIXME", "XX", "orem ", "{{", "<<")
_RULED = ("__", "_ _", "....", "…", "●", "■", "◆")
_LINE = re.compile(r"_{3,}|(?:_ ){3,}_?|\.{8,}|(?:… ?){3,}|[●■◆]")
# A line for a signature: "By: ______", or only the line.
_SIGNED = re.compile(
    r"(?:\A|[:\n|]|\b(?:by|name|title|date|dated|signature|signed|its|sign|print(?:ed)?|witness|address|e-?mail|company"
    r"|position|place|phone|attn|attention|entity)\b[^\n]{0,24})[\s:/]*\Z",
    re.IGNORECASE,
)
_TARGET = re.compile(r"(?:#?|\[?(?:link|url|insert[ _-].*|tbd|tbc|todo|placeholder|xxx+|here)\]?)\Z", re.IGNORECASE)


def _check_placeholder(subject: Subject) -> Iterator[Finding]:
    """Each blank in the text or as the target of a link."""
    for passage in subject.passages:
        yield from _check_brackets(passage)
        yield from _check_words(passage)
        yield from _check_lines(passage)
        for mark in passage.clause.inline.marks:
            if mark.kind is MarkKind.LINK and _TARGET.match(mark.target):
                shown = " ".join(passage.text[mark.start : mark.end].split())
                yield _placeholder_finding(passage, mark.start, shown or mark.target, "the link “{}” leads nowhere")


def _check_brackets(passage: Passage) -> Iterator[Finding]:
    if "[" not in passage.text:
        return
    for found in _BRACKETS.finditer(passage.text):
        if _is_blank(found[1]):
            yield _placeholder_finding(passage, found.start(), found[0])


def _is_blank(words: str) -> bool:
    if _LEFT_ON_PURPOSE.match(words):
        return False
    if _INSTRUCTION.match(words):
        return True
    words = words.strip()
    return bool(_CAPITALS.fullmatch(words) or _SLOT.fullmatch(words))


def _check_words(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    if not any(sign in text for sign in _SIGNS):
        return
    for pattern in (_WORDS, _LOREM, _VARIABLE):
        for found in pattern.finditer(text):
            if text[found.start() - 1 : found.start()] != "[" or text[found.end() : found.end() + 1] != "]":
                yield _placeholder_finding(passage, found.start(), found[0])


def _check_lines(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    if not any(sign in text for sign in _RULED):
        return
    for found in _LINE.finditer(text):
        before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 1]
        if _SIGNED.search(before) or (before[-1:] == "[" and after == "]"):
            continue
        yield _placeholder_finding(passage, found.start(), found[0])


def _placeholder_finding(passage: Passage, at: int, words: str, message: str = "{} was never filled in") -> Finding:
    shown = " ".join(words.split())
    return passage.finding(at, message.format(shown if len(shown) <= 60 else shown[:59] + "…"), text=shown)


PLACEHOLDER = Rule(
    name="placeholder",
    severity=Severity.ERROR,
    summary="A blank that was never filled in: [LINK], [INSERT …], TBD, ____, a link that leads nowhere.",
    why="A contract with a blank has no rule at that place. Fill the blank in, or delete it.",
    bad="The rules are found at [LINK].",
    good="The rules are found at the address that Provider gives to Customer.",
    check=_check_placeholder,
)


def _check_raw_html(subject: Subject) -> Iterator[Finding]:
    """The HTML that was ignored in a lone file; a document of a site that contains HTML cannot be read."""
    yield from subject.raw_html


RAW_HTML = Rule(
    name="raw-html",
    severity=Severity.ERROR,
    summary="HTML in the text: an error in a site’s documents; a note in a lone file, where it is ignored.",
    why="HTML can hide words, or show words that are not in the text. Use Markdown instead.",
    bad="The <u>whole</u> fee is due.",
    good="The **whole** fee is due.",
    check=_check_raw_html,
)


_REPEATED = re.compile(r"(?<![\w’'.-])([^\W\d_]+(?:[’'-][^\W\d_]+)*)((?:\s+\1(?![\w’'-]))+)", re.IGNORECASE)
_MARKS = dict.fromkeys(map(ord, '.,;:!?()[]“”"*'), None)
_CERTAIN: Final = frozenset(words("the of and or"))
"""Words that no English sentence repeats: `--fix` removes only these."""
_MENTIONED = re.compile(
    r"\b(?:words?|terms?|expressions?|conjunctions?|prepositions?|articles?)\s*[:,]?\s*$", re.IGNORECASE
)


def _check_repeated_word(subject: Subject) -> Iterator[Finding]:
    """Each word that is repeated with only white space between."""
    for passage in subject.passages:
        for found in _REPEATED.finditer(passage.text) if _may_repeat(passage.text) else ():
            if _is_slip(passage, found):
                yield _repeated_finding(passage, found)


def _may_repeat(text: str) -> bool:
    """Whether two words in a row are equal, ignoring punctuation; a fast test before the slow pattern."""
    tokens = text.lower().translate(_MARKS).split()
    return True in map(eq, tokens, tokens[1:])


def _is_slip(passage: Passage, found: re.Match[str]) -> bool:
    word, again = found[1], found[2].split()
    if word.lower() in RIGHTLY_REPEATED or not passage.is_words(found.start()):
        return False
    # "Customer customer lists", "Series A a share": other capitals make two words, except at the start of a sentence.
    if any(other != word for other in again) and not (word.istitle() and len(word) > 1 and again[0].islower()):
        return False
    if any(other != word for other in again) and not _begins(passage.text, found.start()):
        return False
    return not _separated_by_bold(passage, found.end(1), found.end())


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(' \t\n“"‘(')
    return not before or before[-1] in ".?!:;)"


def _separated_by_bold(passage: Passage, start: int, end: int) -> bool:
    """Whether bold begins or ends between the two words, as after a bold heading."""
    return any(
        mark.kind is MarkKind.STRONG and (start <= mark.end < end or start < mark.start < end)
        for mark in passage.clause.inline.marks
    )


def _repeated_finding(passage: Passage, found: re.Match[str]) -> Finding:
    shown, at = " ".join(found[0].split()), found.end(1) + 1
    message = f"“{shown}”: the word “{found[1]}” is repeated"
    if not _is_certain(passage, found):
        return passage.finding(at, f"{message}; delete one if this is a mistake", text=shown)
    return passage.finding(at, message, text=shown, fix=found[1], edits=_deletion(passage, found.end(1), found.end()))


def _is_certain(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the repetition is certainly a mistake.

    It is if no sentence repeats the word, it is not in a quotation, a name (“The The”) or mentioned as a word (“the
    words and and or”), no markup is between the two, and the document and the passage are English.
    """
    if found[1].lower() not in _CERTAIN or not found[2].islower():
        return False
    start, end = found.span()
    before = passage.text[:start]
    if _is_quoted(before) or _MENTIONED.search(before):
        return False
    source = passage.document.source
    if source is None or not (is_english(source.text) and is_english_part(passage.text)):
        return False
    return not any(start < edge < end for mark in passage.clause.inline.marks for edge in (mark.start, mark.end))


def _is_quoted(before: str) -> bool:
    """Whether a quotation is open at the end of a text."""
    if before.count('"') % 2:
        return True
    return any(before.rfind(opens) > before.rfind(closes) for opens, closes in ("“”", "„“", "«»", "»«", "‘’"))


def _deletion(passage: Passage, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that deletes the repeated word; a line end between the two stays."""
    again = passage.text[start:end]
    if "\n" not in again:
        return passage.edit(start, end, "")
    first = start + len(again) - len(again.lstrip())
    if "\n" in passage.text[first:end]:
        return ()
    after = passage.text[end : end + 1]
    return passage.edit(first, end + 1, "") if after == " " else ()


REPEATED_WORD = Rule(
    name="repeated-word",
    severity=Severity.WARNING,
    summary="A word that appears twice in a row, also across a line end.",
    why=(
        "The repetition is left from editing. Words that a language rightly repeats (“that that”, “die die”, “dat "
        "dat”, “nous nous”) are not found. `--fix` deletes only words that no English sentence repeats, and only if "
        "the document and the paragraph are English."
    ),
    bad="Customer pays the the fee.",
    good="Customer pays the fee that that invoice states.",
    check=_check_repeated_word,
    fixes=True,
)


MIXED_SCRIPT_MESSAGE = "“{word}” mixes {scripts} letters: {shown}; write it in one script"


def _check_mixed_script(subject: Subject) -> Iterator[Finding]:
    """Each such word that does not look like a defined term; for those see `confusable-term`."""
    for word in look_alikes(subject):
        if not word.term:
            scripts = " and ".join(script.capitalize() for script in word.scripts)
            message = MIXED_SCRIPT_MESSAGE.format(word=word.text, scripts=scripts, shown=shown_letters(word.text))
            yield word.passage.finding(word.start, message, text=word.text)


MIXED_SCRIPT = Rule(
    name="mixed-script",
    severity=Severity.WARNING,
    summary="A word with letters of several scripts that look alike: Latin and Cyrillic, Latin and Greek.",
    why=(
        "It looks like another word, and no search finds it. Write the word in one script. Words of different scripts "
        "side by side are not found, nor signs of units and formulas (μm, kΩ)."
    ),
    bad="# Terms\n\nThe p&#x430;yment is due.",
    good="# Terms\n\nThe payment is due. The оплата is 5 μm. APIキーを使う。",
    check=_check_mixed_script,
)


HIDDEN_CHARACTER_MESSAGE = (
    "“{shown}” contains {codes}, which is invisible; delete it, or replace it with the character you mean"
)


def _check_hidden_character(subject: Subject) -> Iterator[Finding]:
    """Each run of such characters; in a sealed text also directional controls, which drafts may not contain."""
    for passage in subject.passages:
        for start, end in invisible_spans(passage.text):
            yield _hidden_finding(passage, start, end)
        if passage.document.source and passage.document.source.sealed and not passage.text.isascii():
            for found in HIDDEN.finditer(passage.text):
                yield _hidden_finding(passage, *found.span())


def _hidden_finding(passage: Passage, start: int, end: int) -> Finding:
    shown = shown_around(passage.text, start, end)
    codes = ", ".join(dict.fromkeys(map(code_point, passage.text[start:end])))
    return passage.finding(start, HIDDEN_CHARACTER_MESSAGE.format(shown=shown, codes=codes), text=shown)


HIDDEN_CHARACTER = Rule(
    name="hidden-character",
    severity=Severity.WARNING,
    summary="An invisible character in a word or a number: a soft hyphen, a zero-width space, a tag.",
    why=(
        "Search, copying and comparison treat a word with such a character as another word. Joiners in words of Arabic "
        "or Indic scripts are not found. Texts with directional or control characters are refused when they are read. "
        "A text that was posted with them is still shown; this rule finds them until a version without them is posted."
    ),
    bad="# Terms\n\nThe fee is 1&#x200B;0 dollars.",
    good="# Terms\n\nThe fee is 10 dollars. کتاب\u200cها",
    check=_check_hidden_character,
)


def _check_stale_exception(_subject: Subject) -> tuple[Finding, ...]:
    """Nothing: `engine` finds stale exceptions after all other rules have run."""
    return ()


STALE_EXCEPTION = Rule(
    name="stale-exception",
    severity=Severity.WARNING,
    summary="An exception in documents.yml that matches no finding, or whose rule does not exist.",
    why="It would hide the next mistake at the same place. Delete it.",
    bad="",
    good="",
    check=_check_stale_exception,
)
