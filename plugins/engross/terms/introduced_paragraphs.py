"""Finds the paragraphs and lines that a sentence such as "the following definitions apply:" introduces as definitions.

A list after such a sentence is found by `candidates`. Paragraphs have no list around them, so the run ends at the next
heading, at a number that is not below that of the sentence, or at a paragraph that does not begin like a definition,
unless there were several before it.
"""

from __future__ import annotations

from collections.abc import Iterator

import engross.common.lazy_re as re
from engross.language import Grammar, after_number
from engross.model import Clause, ClauseKind, Given, MarkKind
from engross.terms.candidates import Named, can_be_name, clean, distinct_names, introduces_definitions
from engross.terms.names_beside_others import is_apart
from engross.terms.passages import Found, Passage

_TYPED = re.compile(r"\s*(?P<number>\d+(?:\.\d+)*)[.)]?\s")
_OPENS = tuple("“\"„«‘'`")
# "Buyer: a person …", "AGREEMENT has the meaning …", "(a) a company that …"
_BEGINS = re.compile(r"[^\W\d_a-zß-ÿ][^.;:\n]{0,60}?(?:\s*:|\s+[–—-]\s|\s+(?:means?|has|have|is|refers?)\b)|[a-z(]")
# "Territory: the places in which …" on a line of its own, also one that may be left out: "[Software: …]".
_ON_LINE = re.compile(r"[ \t]*\[?(?P<name>[^\W\d_][^:;.()\[\]“”\"\n]{0,70}?)[ \t]*:(?=[ \t]+\S)")
_LINE = re.compile(r"[^\n]+")
_GOES_ON = re.compile(r"(?:[:;,]|\b(?:and|or))\s*\Z")
_FEWEST_LINES = 3
_SHORT_NAME = 3  # the most words of a name in small letters
_AROUND_TITLE = " .:*_\n\u00a0"
_GLUED_NUMBER = ".0123456789 "  # "11.DEFINITIONS"
_LONGEST_TITLE = 40
_SEVERAL = 3
"""So many definitions in a row make a list in which one paragraph may begin otherwise."""
_MARKS = (MarkKind.STRONG, MarkKind.EMPHASIS)


def introduced_paragraphs(root: Clause, grammar: Grammar) -> frozenset[int]:
    """Return the identities of the paragraphs that are introduced as definitions, anywhere below a clause.

    `grammar` is that of the document.
    """
    return frozenset(
        id(paragraph)
        for parent in root.walk()
        if parent.kind in (ClauseKind.DOCUMENT, ClauseKind.SECTION, ClauseKind.ITEM)
        for paragraph in _introduced(parent, grammar)
    )


def _introduced(parent: Clause, grammar: Grammar) -> Iterator[Clause]:
    """Yield the introduced paragraphs among the children of a clause."""
    number: str | None = None
    before: Clause | None = None
    apart = False
    seen = 0
    for child in parent.children:
        if child.kind is ClauseKind.PARAGRAPH:
            if introduces_definitions(child.inline.text, grammar) or _is_title(child, grammar):
                number, before, apart, seen = _number(child), child, False, 0
            elif number is not None and _continues(child, number, apart):
                apart, before, seen = apart or not _ends_in_stop(child), None, seen + 1
                yield child
            elif number and _number(child).startswith(f"{number}."):
                yield child  # "1.2 Headings do not matter." between 1.1 and 1.3
            elif seen < _SEVERAL or _number(child)[:1].isdigit() or _bold_end(child, 0):
                number = None
            else:
                # One among several lacks its verb, or goes on after a definition.
                seen = 0
        elif child.kind is ClauseKind.LIST and (last := _last_item(child, grammar)):
            number, before, apart, seen = "", last, False, 0
        elif child.kind is ClauseKind.SECTION or before is not None:
            # What a list or a table right after the sentence contains is all that it introduces.
            number = None


def introduced_lines(passage: Passage) -> Iterator[Found]:
    """Yield the definitions on the lines of one paragraph, where a converter lost the empty lines between them.

    A line before them introduces them, or each has a verb: "Losses: means all …".
    """
    run: list[tuple[Named, int]] = []
    introduced = open_end = False
    for line in _LINE.finditer(passage.text) if "\n" in passage.text else ():
        introduces = introduces_definitions(line[0].rstrip(), passage.grammar) or _lists(line[0], passage.grammar)
        name = None if introduces else _name_on_line(passage, line, introduced)
        if name:
            run.append((name, line.end()))
        elif not (run and open_end) or introduces:
            yield from _run(passage, run)
            run, introduced = [], introduces
        open_end = _GOES_ON.search(line[0]) is not None
    yield from _run(passage, run)


def _name_on_line(passage: Passage, line: re.Match[str], introduced: bool) -> Named | None:
    """Return the name before the colon of a line; without an introduction, a verb that defines follows it."""
    found, grammar = _ON_LINE.match(passage.text, line.start(), line.end()), passage.grammar
    name = clean(found["name"]) if found else ""
    if not found or not (introduced or grammar.defining.means.match(passage.text, found.end())):
        return None
    small = introduced and name.islower() and can_be_name(name) and len(name.split()) <= _SHORT_NAME
    if not (is_apart(name, grammar) or (small and name.split()[0] not in grammar.common)):
        return None
    return Named(name, *found.span("name"), False, False)


def _run(passage: Passage, run: list[tuple[Named, int]]) -> Iterator[Found]:
    for name, end in run if len(run) >= _FEWEST_LINES else ():
        body = " ".join(passage.text[name.start : end].split())
        names = distinct_names([name], passage.grammar)
        yield Found(names, passage, (name.start, name.end), (name.start, end), Given.RUNNING, body)


def _lists(line: str, grammar: Grammar) -> bool:
    """Return whether a line is no more than the title of definitions."""
    title = line[after_number(line) :].lstrip(_GLUED_NUMBER).strip(_AROUND_TITLE)
    return 0 < len(title) <= _LONGEST_TITLE and grammar.defining.listing.fullmatch(title) is not None


def _last_item(clause: Clause, grammar: Grammar) -> Clause | None:
    """Return the last item of a list if it introduces definitions after the list, or None."""
    last = clause.children[-1] if clause.children else None
    if last is None or last.children or not last.inline.text.rstrip().endswith(":"):
        return None
    return last if introduces_definitions(last.inline.text, grammar) else None


def _is_title(clause: Clause, grammar: Grammar) -> bool:
    """Return whether a paragraph is no more than the title of definitions: "1.1 Definitions."."""
    # The heading may be the last line of what precedes it: "Last changed in May", and below it "Definitions".
    text = clause.inline.text.rstrip().rpartition("\n")[2].lstrip("#")  # "##Definitions" without a blank
    return _lists(text, grammar)


def _number(clause: Clause) -> str:
    found = _TYPED.match(clause.inline.text)
    return clause.number or (found["number"] if found else "")


def _continues(clause: Clause, number: str, apart: bool) -> bool:
    """Return whether a paragraph is another definition of a run.

    `apart` is whether an earlier one has no full stop after its term; a bold title with one then ends the run.
    """
    own = _number(clause)
    if own[:1].isdigit() and not (number and own.startswith(f"{number}.")):
        return False
    text = clause.inline.text
    start = _start(text)
    bold = _bold_end(clause, start)
    if bold:
        # Words in bold alone are the title of what follows.
        return bold < len(text.rstrip(" .:")) and not (apart and _ends_in_stop(clause))
    return text[start : start + 1] in _OPENS or _BEGINS.match(text, start) is not None


def _ends_in_stop(clause: Clause) -> bool:
    """Return whether a full stop ends or follows the bold words at the start: "**Payment.** You pay …"."""
    text = clause.inline.text
    bold = _bold_end(clause, _start(text))
    return bool(bold) and "." in (text[bold - 1], text[bold : bold + 1])


def _start(text: str) -> int:
    """Return where a definition begins: after its number, and the bracket of one that may be left out."""
    start = after_number(text)
    return start + 1 if text[start : start + 1] == "[" else start


def _bold_end(clause: Clause, start: int) -> int:
    """Return where the bold or italic words that begin at an offset end, or 0."""
    return next((mark.end for mark in clause.inline.marks if mark.kind in _MARKS and mark.start <= start < mark.end), 0)
