"""`placeholder`: what was to be filled in and was not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Passage, Subject
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


def check(subject: Subject) -> Iterator[Finding]:
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


RULE = Rule(
    name="placeholder",
    severity=Severity.ERROR,
    summary="A blank that was never filled in: [LINK], [INSERT …], TBD, ____, a link that leads nowhere.",
    why="A contract with a blank in it says nothing at the place where someone thought it mattered.",
    bad="The rules are found at [LINK].",
    good="The rules are found at the address that Provider gives to Customer.",
    check=check,
)
