"""Rules for slips: repeated words, hidden characters, mixed scripts, what a site refuses, stale exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import eq
from typing import Final

import engross.common.lazy_re as re
from engross.common import HIDDEN, code_point
from engross.drafting.detectors.lookalikes import invisible_spans, look_alikes, shown_around, shown_letters
from engross.drafting.subject import Edit, Finding, OfDocument, Passage, Reading, Rule, Subject
from engross.language import (
    is_english,
    is_english_part,
    is_written_in,
    never_repeated,
    rightly_repeated,
    sentence_start,
    words,
)
from engross.model import ClauseKind, MarkKind, Severity


def _refused(rule: str) -> Callable[[Subject], Iterator[Finding]]:
    """The findings of one rule from reading a lone file; a document of a site that has one cannot be read."""

    def check(subject: Subject) -> Iterator[Finding]:
        return (finding for name, finding in subject.refused if name == rule)

    return check


RAW_HTML = Rule(
    name="raw-html",
    severity=Severity.ERROR,
    summary="HTML in the text: an error in a site’s documents; a note in a lone file, where it is ignored.",
    why="HTML can hide words, or show words that are not in the text. Use Markdown instead.",
    bad="The <u>whole</u> fee is due.",
    good="The **whole** fee is due.",
    check=_refused("raw-html"),
)
UNSAFE_LINK = Rule(
    name="unsafe-link",
    severity=Severity.ERROR,
    summary="A link that a browser would run, or that not every reader can open: javascript:, data:, whatsapp:.",
    why="Such a link can do more than lead to a page. Link to an address that begins with https.",
    bad="Write to [us](whatsapp://send?phone=4512345678).",
    good="Write to [us](https://example.com/contact).",
    check=_refused("unsafe-link"),
)
OUTSIDE_IMAGE = Rule(
    name="outside-image",
    severity=Severity.ERROR,
    summary="An image on another host: an error in a site’s documents; a note in a lone file.",
    why="Readers’ browsers would request it from elsewhere, and it could change. Put the image into the docs folder.",
    bad="![The process](https://example.com/process.png)",
    good="![The process](process.png)",
    check=_refused("outside-image"),
)
OPEN_COMMENT = Rule(
    name="open-comment",
    severity=Severity.ERROR,
    summary="A comment that begins and never ends.",
    why="Nobody can tell which words are a comment. Write `-->` at the end of its last line.",
    bad="The fee is due. <!-- Ask the bank.",
    good="The fee is due. <!-- Ask the bank. -->",
    check=_refused("open-comment"),
)
TABLE_ROW = Rule(
    name="table-row",
    severity=Severity.ERROR,
    summary="A row of a table with more cells than the head of the table.",
    why="The cells beyond the last column would not show. Add a column, or write a bar in the text as `\\|`.",
    bad="| Fee | Day |\n| --- | --- |\n| Ten | Monday | and later |",
    good="| Fee | Day |\n| --- | --- |\n| Ten | Monday and later |",
    check=_refused("table-row"),
)
UNUSED_LINK = Rule(
    name="unused-link",
    severity=Severity.WARNING,
    summary="A link definition that no link uses; an error in a site’s documents.",
    why="Its text does not show. Delete it, use it, or write `\\[` for a bracket.",
    bad="The fee is due.\n\n[rules]: https://example.com/rules",
    good="The fee is due under the [rules].\n\n[rules]: https://example.com/rules",
    check=_refused("unused-link"),
)
FOOTNOTE = Rule(
    name="footnote",
    severity=Severity.ERROR,
    summary="A footnote without text or reference, one within a link, or two with one name.",
    why="Its text would not show, or its number leads nowhere. Write `[^1]` in the text, and `[^1]: …` once.",
    bad="The fee is due.[^1]\n\n[^2]: At the end of the month.",
    good="The fee is due.[^1]\n\n[^1]: At the end of the month.",
    check=_refused("footnote"),
)


_REPEATED = re.compile(r"(?<![\w’'.-])([^\W\d_]+(?:[’'-][^\W\d_]+)*)((?:\s+\1(?![\w’'-]))+)", re.IGNORECASE)
_PARTICLES: Final = frozenset(words("in on up out off over by"))
_PHRASAL = re.compile(
    r"\b(?:add|sign|log|opt|check|fill|hand|plug|turn|set|kick|move|carr|report|trade|phone|send|bring|based|depend)"
    r"(?:n?ed|ging|ting|ning|ing|s|ies|ied|y)?\s+\Z",
    re.IGNORECASE,
)
_LAST_TOKEN = re.compile(r"[^\W\d_]\S*\Z")
_COLUMNS = re.compile(r"\S {3,}\S")
_LETTERS = re.compile(r"(?:\b[^\W\d_]\s+){3}|(?:\s+[^\W\d_]\b){3}")
_HEXADECIMAL = re.compile(r"[A-Fa-f]{2}")
_HEXADECIMAL_NEAR = re.compile(r"(?<!\w)(?:[A-Fa-f]?\d[A-Fa-f]?|\d\d)(?!\w)")
_MARKS = dict.fromkeys(map(ord, '.,;:!?()[]“”"*'), None)
_IN_SENTENCES: Final = frozenset(words("the a an of and or in to for with by is are be shall will this that if"))
_FEWEST_WORDS = 3
_SHORTEST = 8
"""Words of a sentence that may end with a repeated word."""
# In sentences about words, the words of a list may be equal: "the search operators and and or", "reads: the the court".
_MENTIONED = re.compile(
    r"\b(?:words?|operators?|connect(?:ors?|ives?)|conjunctions?|prepositions?|articles|keywords?|strings?|tokens?|gates?"
    r"|phrases?|lyrics?|refrain|songs?|band|letters|characters)\b|\b(?:terms?|expressions?)\s*[:,]?\s*\Z"
    r"|\b(?:reads?|runs?|says?|states?|quotes?|spells?)\s*:",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\s+[*_`(\[“\"‘]*\w")
_COPIED = re.compile(r"\s*[\[(](?:sic|!)[\])]", re.IGNORECASE)


def _check_repeated_word(reading: Reading) -> Iterator[Finding]:
    """Each word that is repeated with only white space between."""
    for passage in reading.passages:
        for found in _REPEATED.finditer(passage.text) if _may_repeat(passage.text) else ():
            if _is_slip(passage, found):
                yield _repeated_finding(passage, found)


def _may_repeat(text: str) -> bool:
    """Whether two words in a row are equal, ignoring punctuation; a fast test before the slow pattern."""
    tokens = text.lower().translate(_MARKS).split()
    return True in map(eq, tokens, tokens[1:])


def _is_right(passage: Passage, found: re.Match[str]) -> bool:
    """Whether a language rightly repeats the word, or it is no word."""
    word = found[1].lower()
    known = word in rightly_repeated() and word not in never_repeated(passage.grammar.code)
    return known or not passage.is_words(found.start()) or _is_ending(passage, found.end(1))


def _is_in_columns(text: str, found: re.Match[str]) -> bool:
    """Whether a word is repeated on the next line of a table that is typed with blanks: "of        Principal"."""
    if "\n" not in found[0] and "    " not in found[0]:
        return False
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    return _COLUMNS.search(text, start, end if end >= 0 else len(text)) is not None


def _is_slip(passage: Passage, found: re.Match[str]) -> bool:
    word, again = found[1], found[2].split()
    if _is_right(passage, found):
        return False
    # "Customer customer lists", "Series A a share": other capitals make two words, except at the start of a sentence.
    if any(other != word for other in again) and not (word.istitle() and len(word) > 1 and again[0].islower()):
        return False
    if any(other != word for other in again) and not _begins(passage.text, found.start()):
        return False
    # "w i t t e n": a converter set each letter apart.
    near = found.end() + (4 if word.lower() in never_repeated(passage.grammar.code) else 2)
    if len(word) == 1 and _LETTERS.search(passage.text, max(0, found.start() - 2), near):
        return False
    # "By By", "Name Name Title Title": two columns of a page for signatures.
    if word[0].isupper() and _REPEATED.match(passage.text, found.end() + 1):
        return False
    # "5E FB FB 75": the digits of a fingerprint.
    if _HEXADECIMAL.fullmatch(word) and _HEXADECIMAL_NEAR.search(
        passage.text, max(0, found.start() - 6), found.end() + 6
    ):
        return False
    # "Signed by Client Client agrees": a converter joined two lines. Names and headings are written so, sentences not.
    lines = passage.text.count(" ") < _SHORTEST or word.lower() not in _IN_SENTENCES
    if word[0].isupper() and lines and again[0] == word:
        return False
    # "Portal included included": cells of a table that became text.
    if not passage.text[found.end() :].strip() and passage.text.count(" ") < _SHORTEST:
        return False
    # "the time you signed in in a cookie": the first word belongs to the verb.
    if word in _PARTICLES and _PHRASAL.search(passage.text, max(0, found.start() - 12), found.start()):
        return False
    if _COPIED.match(passage.text, found.end()) or _is_in_columns(passage.text, found):
        return False
    # "Duck Duck Go": a name.
    if word.istitle() and re.match(r"\s+[A-Z][a-z]", passage.text[found.end() : found.end() + 4]):
        return False
    return not _is_separated(passage, found.end(1), found.end())


def _is_ending(passage: Passage, end: int) -> bool:
    """Whether the first of two words is the ending of another gender: "jede Nutzer:in in", "Bienvenido/a a"."""
    token = _LAST_TOKEN.search(passage.text, max(0, end - 40), end)
    return token is not None and passage.grammar.gendered.fullmatch(token[0]) is not None


def _begins(text: str, at: int) -> bool:
    before = text[:at].rstrip(' \t\n“"‘(')
    return not before or before[-1] in ".?!:;)"


def _is_separated(passage: Passage, start: int, end: int) -> bool:
    """Whether bold begins or ends between the two words, as after a bold heading, or a line is broken on purpose."""
    return any(
        mark.kind in (MarkKind.STRONG, MarkKind.BREAK) and (start <= mark.end < end or start < mark.start < end)
        for mark in passage.clause.inline.marks
    )


def _repeated_finding(passage: Passage, found: re.Match[str]) -> Finding:
    shown, at = " ".join(found[0].split()), found.end(1) + 1
    message = f"“{shown}”: the word “{found[1]}” is repeated"
    if not _is_certain(passage, found):
        severity = None if _is_in_language(passage) and _is_likely(passage, found) else Severity.NOTE
        return passage.finding(at, f"{message}; delete one if this is a mistake", text=shown, severity=severity)
    return passage.finding(at, message, text=shown, fix=found[1], edits=_deletion(passage, found.end(1), found.end()))


def _is_certain(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the repetition is certainly a mistake: a likely one in English, in the document and in the passage."""
    source = passage.document.source
    return (
        source is not None and is_english(source.text) and is_english_part(passage.text) and _is_likely(passage, found)
    )


def _is_in_language(passage: Passage) -> bool:
    """Whether a passage is in the language of its document, as far as that is known."""
    return passage.grammar.is_english or is_written_in(passage.grammar.code, passage.text)


def _is_likely(passage: Passage, found: re.Match[str]) -> bool:
    """Whether the repetition is a mistake if the text is in the language of its document.

    It is if no sentence repeats the word, it is not in a quotation, a title, a name (“The The”) or a sentence about
    words, and no markup is between the two.
    """
    never = never_repeated(passage.grammar.code)
    if found[1].lower() not in never or not found[2].islower() or len(found[2].split()) > 1:
        return False
    start, end = found.span()
    text = passage.text
    if "/" in (text[start - 1 : start], text[end : end + 1]) or text.count(" ") < _FEWEST_WORDS:
        return False  # "either/or or both"
    if not _NEXT_WORD.match(text, end):
        return False  # "sent to the the." lacks a word
    if _is_quoted(text[:start]) or _MENTIONED.search(text[sentence_start(text, start) : start]):
        return False
    if any(around.kind is ClauseKind.QUOTE for around in passage.around):
        return False
    marks = passage.clause.inline.marks
    if any(mark.kind is MarkKind.EMPHASIS and mark.start <= start and end <= mark.end for mark in marks):
        return False
    return not any(start < edge < end for mark in marks for edge in (mark.start, mark.end))


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
    summary="A word that appears twice in a row, also across a line end; a note where it may be right.",
    why=(
        "The repetition is left from editing. Words that a language rightly repeats (“that that”, “die die”, “dat "
        "dat”, “nous nous”) are not found. It is a warning for words that no sentence of the language repeats (“und "
        "und”, “la la”). `--fix` deletes them only if the document and the paragraph are English."
    ),
    bad="Customer pays the the fee.",
    good="Customer pays the fee that that invoice states.",
    check=OfDocument(_check_repeated_word),
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


def _check_hidden_character(reading: Reading) -> Iterator[Finding]:
    """Each run of such characters; in a sealed text also directional controls, which drafts may not contain."""
    for passage in reading.passages:
        sealed = passage.document.source is not None and passage.document.source.sealed
        for start, end in invisible_spans(passage.text):
            # A control character in a draft is an error of reading.
            if sealed or max(passage.text[start:end]) >= "\xa0":
                yield _hidden_finding(passage, start, end)
        if sealed and not passage.text.isascii():
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
    check=OfDocument(_check_hidden_character),
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
