"""Rules for slips of the keyboard: placeholders, repeated words, hidden characters, raw HTML.

`placeholder`: what was to be filled in and was not.

`raw-html`: HTML in a contract. Reading finds it; this rule passes on what reading found.

`repeated-word`: “the the”, also across a line end.

`mixed-script`: a word with letters of two scripts that look alike.

`hidden-character`: a character that nobody sees within a word or a number.

`stale-exception`: an exception in `documents.yml` that allows nothing. The engine finds it, once all rules have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import eq
from typing import Final

from engross.common import HIDDEN, code_point
from engross.drafting.subject import Edit, Finding, Passage, Rule, Subject
from engross.drafting.words.lookalikes import look_alikes, shown_around, shown_letters, unseen
from engross.language import RIGHTLY_REPEATED, is_english, is_english_part, words
from engross.model import MarkKind, Severity

_BRACKETS = re.compile(r"\[([^\[\]]{1,120})\]")
_ASKS = re.compile(
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
# Bracketed words that are no blanks: what lawyers leave so on purpose, and what marks a quotation.
_MEANT = re.compile(
    r"\W*(?:reserved|intentionally|omitted|deleted|redacted|not used|sic|emphasis|repealed|signature page"
    r"|remainder|end\b)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![\w-])(?:TBD|TBC|TBA|T\.B\.D\.|TODO|FIXME|X{4,}|XX[./-]XX(?:[./-]XX(?:XX)?)?)(?![\w-])")
_LOREM = re.compile(r"\blorem ipsum\b", re.IGNORECASE)
# Variables that a site generator fills in ("{{ site.name }}") are no blanks; what asks a person is.
_VARIABLE = re.compile(r"\{\{\s*(?:[A-Z][A-Z0-9 _-]*|insert\b[^{}]{0,60}|[A-Z][a-z]+(?: \w+)*)\s*\}\}|<<[^<>]{1,80}>>")
# What a text must hold for the patterns to be worth a try: most texts hold none of it.
_SIGNS = ("TB", "T.B.D", "TODO", "FIXME", "XX", "orem ", "{{", "<<")
_RULED = ("__", "_ _", "....", "…", "●", "■", "◆")
_LINE = re.compile(r"_{3,}|(?:_ ){3,}_?|\.{8,}|(?:… ?){3,}|[●■◆]")
# A line to sign on: "By: ______", or nothing but the line.
_SIGNED = re.compile(
    r"(?:\A|[:\n|]|\b(?:by|name|title|date|dated|signature|signed|its|sign|print(?:ed)?|witness|address|e-?mail|company"
    r"|position|place|phone|attn|attention|entity)\b[^\n]{0,24})[\s:/]*\Z",
    re.IGNORECASE,
)
_TARGET = re.compile(r"(?:#?|\[?(?:link|url|insert[ _-].*|tbd|tbc|todo|placeholder|xxx+|here)\]?)\Z", re.IGNORECASE)


def _check_placeholder(subject: Subject) -> Iterator[Finding]:
    """Each blank, as written in the text or as the target of a link."""
    for passage in subject.passages:
        yield from _in_brackets(passage)
        yield from _words(passage)
        yield from _lines(passage)
        for mark in passage.clause.inline.marks:
            if mark.kind is MarkKind.LINK and _TARGET.match(mark.target):
                shown = " ".join(passage.text[mark.start : mark.end].split())
                yield _finding(passage, mark.start, shown or mark.target, "the link “{}” leads nowhere")


def _in_brackets(passage: Passage) -> Iterator[Finding]:
    if "[" not in passage.text:
        return
    for found in _BRACKETS.finditer(passage.text):
        if _is_blank(found[1]):
            yield _finding(passage, found.start(), found[0])


def _is_blank(words: str) -> bool:
    if _MEANT.match(words):
        return False
    if _ASKS.match(words):
        return True
    words = words.strip()
    return bool(_CAPITALS.fullmatch(words) or _SLOT.fullmatch(words))


def _words(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    if not any(sign in text for sign in _SIGNS):
        return
    for pattern in (_WORDS, _LOREM, _VARIABLE):
        for found in pattern.finditer(text):
            if text[found.start() - 1 : found.start()] != "[" or text[found.end() : found.end() + 1] != "]":
                yield _finding(passage, found.start(), found[0])


def _lines(passage: Passage) -> Iterator[Finding]:
    text = passage.text
    if not any(sign in text for sign in _RULED):
        return
    for found in _LINE.finditer(text):
        before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 1]
        if _SIGNED.search(before) or (before[-1:] == "[" and after == "]"):
            continue
        yield _finding(passage, found.start(), found[0])


def _finding(passage: Passage, at: int, words: str, message: str = "{} was never filled in") -> Finding:
    shown = " ".join(words.split())
    return passage.finding(at, message.format(shown if len(shown) <= 60 else shown[:59] + "…"), text=shown)


PLACEHOLDER = Rule(
    name="placeholder",
    severity=Severity.ERROR,
    summary="A blank that was never filled in: [LINK], [INSERT …], TBD, ____, a link that leads nowhere.",
    why="A contract with a blank in it says nothing at the place where someone thought it mattered.",
    bad="The rules are found at [LINK].",
    good="The rules are found at the address that Provider gives to Customer.",
    check=_check_placeholder,
)


def _check_raw_html(subject: Subject) -> Iterator[Finding]:
    """What was read through in a lone file; a document of a site that holds HTML is not read at all."""
    yield from subject.raw_html


RAW_HTML = Rule(
    name="raw-html",
    severity=Severity.ERROR,
    summary="HTML in the text: an error in a site’s documents, a note in a lone file, which is read through it.",
    why="HTML can hide words, or show words that are not in the text; what is published must be what is written.",
    bad="The <u>whole</u> fee is due.",
    good="The **whole** fee is due.",
    check=_check_raw_html,
)


_REPEATED = re.compile(r"(?<![\w’'.-])([^\W\d_]+(?:[’'-][^\W\d_]+)*)((?:\s+\1(?![\w’'-]))+)", re.IGNORECASE)
_MARKS = dict.fromkeys(map(ord, '.,;:!?()[]“”"*'), None)
_CERTAIN: Final = frozenset(words("the of and or"))
"""Words that no English sentence says twice in a row: only these are taken out by a machine."""
_NAMED = re.compile(
    r"\b(?:words?|terms?|expressions?|conjunctions?|prepositions?|articles?)\s*[:,]?\s*$", re.IGNORECASE
)


def _check_repeated_word(subject: Subject) -> Iterator[Finding]:
    """Each word that is repeated with nothing but white space between."""
    for passage in subject.passages:
        for found in _REPEATED.finditer(passage.text) if _may_repeat(passage.text) else ():
            if _is_slip(passage, found):
                yield _finding_repeated_word(passage, found)


def _may_repeat(text: str) -> bool:
    """Whether two words in a row are the same, punctuation aside: asked first, for the pattern takes its time."""
    said = text.lower().translate(_MARKS).split()
    return True in map(eq, said, said[1:])


def _is_slip(passage: Passage, found: re.Match[str]) -> bool:
    word, again = found[1], found[2].split()
    if word.lower() in RIGHTLY_REPEATED or not passage.is_words(found.start()):
        return False
    # "Customer customer lists", "Series A a share": words that differ in case are two words, save at a beginning.
    if any(other != word for other in again) and not (word.istitle() and len(word) > 1 and again[0].islower()):
        return False
    if any(other != word for other in again) and not _begins(passage.text, found.start()):
        return False
    return not _parted(passage, found.end(1), found.end())


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(' \t\n“"‘(')
    return not before or before[-1] in ".?!:;)"


def _parted(passage: Passage, start: int, end: int) -> bool:
    """Whether markup sets the two apart, as where a bold heading is followed by its sentence."""
    return any(
        mark.kind is MarkKind.STRONG and (start <= mark.end < end or start < mark.start < end)
        for mark in passage.clause.inline.marks
    )


def _finding_repeated_word(passage: Passage, found: re.Match[str]) -> Finding:
    said, at = " ".join(found[0].split()), found.end(1) + 1
    message = f"“{said}”: the word “{found[1]}” stands here twice"
    if not _is_certain(passage, found):
        return passage.finding(at, f"{message}; delete one of them if that is a slip", text=said)
    return passage.finding(at, message, text=said, fix=found[1], edits=_without(passage, found.end(1), found.end()))


def _is_certain(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the word is said twice by mistake: no word that may be, no quotation, no name (“The The”), no word
    that is spoken of (“the words and and or”), no markup between the two, and the document and the passage English.
    """
    if found[1].lower() not in _CERTAIN or not found[2].islower():
        return False
    start, end = found.span()
    before = passage.text[:start]
    if _is_quoted(before) or _NAMED.search(before):
        return False
    source = passage.document.source
    if source is None or not (is_english(source.text) and is_english_part(passage.text)):
        return False
    return not any(start < edge < end for mark in passage.clause.inline.marks for edge in (mark.start, mark.end))


def _is_quoted(before: str) -> bool:
    """Whether a text that ends here leaves a quotation open."""
    if before.count('"') % 2:
        return True
    return any(before.rfind(opens) > before.rfind(closes) for opens, closes in ("“”", "„“", "«»", "»«", "‘’"))


def _without(passage: Passage, start: int, end: int) -> tuple[Edit, ...]:
    """The edit that takes out what is repeated; across a line end, the line end stays."""
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
    summary="A word that stands twice in a row, also across a line end.",
    why=(
        "It is left over from editing, and makes readers wonder what else was. Words that one language or another "
        "rightly repeats (“that that”, “die die”, “dat dat”, “nous nous”) are not found. `--fix` takes out only what "
        "no English sentence repeats, and only where the document and the paragraph are English."
    ),
    bad="Customer pays the the fee.",
    good="Customer pays the fee that that invoice states.",
    check=_check_repeated_word,
    fixes=True,
)


MESSAGE = "“{word}” mixes {scripts} letters: {shown}; write it in one script"


def _check_mixed_script(subject: Subject) -> Iterator[Finding]:
    """Each such word, unless it looks like a defined term, which is worse."""
    for word in look_alikes(subject):
        if not word.term:
            said = " and ".join(script.capitalize() for script in word.scripts)
            message = MESSAGE.format(word=word.text, scripts=said, shown=shown_letters(word.text))
            yield word.passage.finding(word.start, message, text=word.text)


MIXED_SCRIPT = Rule(
    name="mixed-script",
    severity=Severity.WARNING,
    summary="A word with letters of several scripts that look alike: Latin and Cyrillic, Latin and Greek.",
    why=(
        "It reads like a word that it is not, and no search finds it. Words of different scripts side by side are not "
        "found, nor signs of units and formulas (μm, kΩ)."
    ),
    bad="# Terms\n\nThe p&#x430;yment is due.",
    good="# Terms\n\nThe payment is due. The оплата is 5 μm. APIキーを使う。",
    check=_check_mixed_script,
)


MESSAGE_HIDDEN_CHARACTER = "“{shown}” holds {codes}, which nobody sees; delete it, or write what is meant"


def _check_hidden_character(subject: Subject) -> Iterator[Finding]:
    """Each stretch of such characters; directional controls too, which only a text that is sealed may still hold."""
    for passage in subject.passages:
        for start, end in unseen(passage.text):
            yield _finding_hidden_character(passage, start, end)
        if passage.document.source and passage.document.source.sealed and not passage.text.isascii():
            for found in HIDDEN.finditer(passage.text):
                yield _finding_hidden_character(passage, *found.span())


def _finding_hidden_character(passage: Passage, start: int, end: int) -> Finding:
    shown = shown_around(passage.text, start, end)
    codes = ", ".join(dict.fromkeys(map(code_point, passage.text[start:end])))
    return passage.finding(start, MESSAGE_HIDDEN_CHARACTER.format(shown=shown, codes=codes), text=shown)


HIDDEN_CHARACTER = Rule(
    name="hidden-character",
    severity=Severity.WARNING,
    summary="A character that nobody sees within a word or a number: a soft hyphen, a space without width, a tag.",
    why=(
        "A word with such a character is another word to whoever searches, copies or compares the text. Joiners within "
        "words of Arabic or Indic scripts are not found. Characters that turn the direction of the text, and control "
        "characters, are refused when a text is read. A text that was posted with them still shows, and they are found "
        "here until its next version is without them."
    ),
    bad="# Terms\n\nThe fee is 1&#x200B;0 dollars.",
    good="# Terms\n\nThe fee is 10 dollars. کتاب\u200cها",
    check=_check_hidden_character,
)


def _check_stale_exception(_subject: Subject) -> tuple[Finding, ...]:
    """Nothing: whether an exception is stale shows when all rules have been asked, see `engine`."""
    return ()


STALE_EXCEPTION = Rule(
    name="stale-exception",
    severity=Severity.WARNING,
    summary="An exception in documents.yml that no finding needs any more, or whose rule there is not.",
    why="It would hide the next mistake at the same place.",
    bad="",
    good="",
    check=_check_stale_exception,
)
