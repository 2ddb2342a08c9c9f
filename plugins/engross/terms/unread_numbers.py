"""Finds the numbers of clauses that the parser did not read, before a reference to one counts as broken: at the start
of source lines, and in the middle of a paragraph, where a converter joined the lines of a text.

In "… is final. 8. CONFIDENTIALITY Each party … 8.1 Duties The …" no clause has the numbers. References to them lead to
the paragraph, and they are not missing between the numbers around them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Set as AbstractSet
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import Grammar, english, is_title
from engross.model import Clause, ClauseKind
from engross.terms.passage_memory import of_words
from engross.terms.passages import Outline, Passage, grammar_of

_WORD = r"(?:(?P<word>ARTICLE|Article|SECTION|Section|CLAUSE|Clause|§)\s+)?"
_NUMBER = re.compile(
    rf"(?<!\S){_WORD}(?:(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}|(?<=\s)\d{{1,2}}(?=[.)]\s)|(?<=[A-Za-z§]\s)\d{{1,2}}(?=\s*[:.–—-])))"
    r"(?P<mark>[.)]?\s*[:–—-]*)\s+(?=[“\"]?[A-Z])"
)
# The end of a sentence or of a line, or the page number of a list of contents.
_ENDED = re.compile(r"(?:[.;:?!)\]”\"’_*-]|(?<!\S)\d{1,3})\s+\Z|\s\s\Z")
# After these, a number may be that of a thing that they name: the licence “CC BY” 4.0 International.
_MAY_NAME = (")", "]", "”", '"', "’", "'")
# The title of the clause before, which ends where a number begins: "2. FEES 2.1 Price".
_TITLED = re.compile(r"(?:\A|(?<=\s))(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]?\s+(?P<title>[A-Z][^.;?!:\n]*?)\s+\Z")
_REFERS = (
    r"version|release|phase|level|step|no|nos|page|form|act|table|figure|and|or|to|through|of|in|under|by|with"
    r"|cf|vgl|siehe|nr|nrn|voir|véase|núm|n[°º]"
)
# "8.1.2 if the law requires it, or 8.1.3 if we are obliged to": the next point of a list, in the same line.
_OWN = re.compile(r"\s*(?P<within>(?:\d{1,2}\.){2,3})(?P<last>\d{1,2})[.)]?\s+[a-z]")
_NEXT = re.compile(r"[,;]\s+(?:(?:or|and)\s+)?(?P<number>(?:\d{1,2}\.){2,3}\d{1,2})[.)]?\s+(?=[a-z])")
_ATTACHED = re.compile(
    r"(?<!\S)(?P<word>EXHIBIT|SCHEDULE|ANNEX|APPENDIX|ATTACHMENT|ADDENDUM|ADDENDA)\s+(?P<number>[A-Z](?:-\d{1,2})?|\d{1,2}|[IVX]+)"
    r"\s*[:.–—-]*\s+(?=[“\"(\[]?[A-Z])"
)
_ATTACHED_FIRST = re.compile(
    r"\W*(?P<word>(?i:exhibit|schedule|annex|appendix|attachment|addendum))\s+"
    r"(?P<number>[A-Z](?:-\d{1,2})?|\d{1,2}(?:\.\d{1,2})?|[IVX]+)(?:\s*[:–—]|\s+(?=[A-Z][\w’']*\s+(?:[A-Z]|of\b|for\b)))"
)
# A line between others, after the end of a sentence: "… of the DPA.\n**Annex 2\nSecurity".
_ATTACHED_LINE = re.compile(
    r"[.;:>)\]}*_][ \t]*\n(?P<start>[ \t*_]*)(?P<word>(?i:exhibit|schedule|annex|appendix|attachment|addendum))[ \t]+"
    r"(?P<number>[A-Z](?:-\d{1,2})?|\d{1,2}|[IVX]+)[ \t*_]*(?=\n|\Z)"
)
# Lines that only list attachments: "**Schedule A:** Vans\n**Schedule B:** Boats".
_ATTACHED_LIST = re.compile(
    r"(?:\A|\n)[ \t*_]*(?P<word>(?i:exhibit|schedule|annex|appendix|attachment|addendum))[ \t]+"
    r"(?P<number>[A-Z](?:-\d{1,2})?|\d{1,2}|[IVX]+)[ \t*_]*[:–—-][ \t*_]*(?=\S)"
)
# Plain patterns, before those that are tried after each blank.
_NUMBER_ENDS = re.compile(r"\d[.)]?\s*[:–—-]*\s+[“\"]?[A-Z]")
_IN_CAPITALS = re.compile(r"[ESA](?:(?<=E)XHIBIT|(?<=S)CHEDULE|(?<=A)(?:NNEX|PPENDIX|TTACHMENT|DDEND))")
_IN_CAPITALS_LINE = re.compile(r"\n[^\na-z]*[A-Z]{4}[^\na-z]*\n\s*\Z")
_LEAST = 60
_SEVERAL = 3
_KINDS = frozenset({ClauseKind.PARAGRAPH, ClauseKind.ITEM, ClauseKind.CELL})
_MAY_SPLIT = re.compile(r"\d\.?\*{4}|\d\\?\. \d")
_SPLIT = re.compile(r"\A([\s>#*]*\d{1,3})\. (\d{1,2})(?=\s+[^\W\d_a-z])")
_AFTER_NUMBER = re.compile(r"\A[\d.]+[.)]?\s+")
_LINE = re.compile(
    r"(?P<markup>[\s>#*_|+-]*(?:<[^>\n]*>[\s*_]*)*)(?P<word>(?i:section|article|clause|§)\s*)?"
    r"(?P<number>\d{1,3}(?!\d)(?:(?:\.\d+)+|-\d{1,2})?|[A-Z]\.\d+(?:\.(?:\d+|[a-z]))+)(?!\w|\.\d)(?P<mark>[.):*_]*)(?=[\s<|]|$)(?P<name>\s+[“\"*_]*[A-Z])?"
)


class EmbeddedNumbers:
    """The numbers of one document that begin a clause in the middle of a paragraph."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._clauses: dict[str, Clause] = {}
        self._starts: set[tuple[int, int]] = set()
        self._attached: dict[tuple[str, str], Clause] = {}
        self.words: list[str] = []
        """The words before the numbers, in small letters: "article"."""
        for passage in passages:
            if passage.clause.kind in _KINDS and len(passage.text) > _LEAST:
                self._read(passage)

    def _read(self, passage: Passage) -> None:
        index, clause, text = passage.index, passage.clause, passage.text
        if not _may_have_numbers(text):
            return
        for found in _NUMBER.finditer(text, 1) if _NUMBER_ENDS.search(text) else ():
            if self._begins(passage, found):
                # Of several, the first may be an entry of a list of contents.
                number = found["number"].removesuffix(".0")
                self._clauses[number] = clause
                self.words += [found["word"].lower()] if found["word"] else []
                self._starts.add((index, found.start("word") if found["word"] else found.start("number")))
        if own := _OWN.match(text):
            following = f"{own['within']}{int(own['last']) + 1}"
            for found in _NEXT.finditer(text, own.end()):
                if found["number"] == following:
                    self._clauses[following] = clause
                    self._starts.add((index, found.start("number")))
        self._read_attachments(index, clause, text)

    def _begins(self, passage: Passage, found: re.Match[str]) -> bool:
        """Return whether a number begins a clause: after the end of a sentence, a line in capitals, or the title of the
        clause before it.
        """
        text, start = passage.text, found.start()
        before = text[max(0, start - 24) : start]
        if found["mark"][:1] == "." and _IN_CAPITALS_LINE.search(text, max(0, start - _LEAST), start):
            return True
        if _refers(passage.grammar).search(before):
            return False
        last = before.rstrip()[-1:]
        if _ENDED.search(before) and (found["mark"] or last not in _MAY_NAME):
            # "The following survive: Section 4 …" begins a list.
            return not (found["word"] and last in (":", ";"))
        return "." in found["number"] and not found["word"] and _follows_title(passage.clause, text, found)

    def _read_attachments(self, index: int, clause: Clause, text: str) -> None:
        first = _ATTACHED_FIRST.match(text)
        if first:
            self._attached.setdefault((first["word"].lower(), first["number"]), clause)
        entries = list(_ATTACHED_LIST.finditer(text)) if _ATTACHED_LIST.match(text) else []
        for found in (*_ATTACHED_LINE.finditer(text), *(entries if len(entries) > 1 else ())) if "\n" in text else ():
            self._attached.setdefault((found["word"].lower(), found["number"]), clause)
            self._starts.add((index, found.start("word")))
        for found in _ATTACHED.finditer(text, 1) if _IN_CAPITALS.search(text) and not text.isupper() else ():
            # "SCHEDULE A - Fields SCHEDULE B - Data" is a list of them.
            listed = found[0].rstrip()[-1] in ":–—-"
            if listed or _ENDED.search(text, max(0, found.start() - 24), found.start()):
                family = "addendum" if found["word"] == "ADDENDA" else found["word"].lower()
                self._attached[family, found["number"]] = clause
                self._starts.add((index, found.start()))

    @property
    def is_usual(self) -> bool:
        """Whether the lines of the text were joined, so that nobody can tell what is missing from it."""
        return len(self._clauses) >= _SEVERAL

    def find(self, number: str) -> Clause | None:
        """Return the paragraph in which a clause with a number begins, or None."""
        return self._clauses.get(number)

    def attachment(self, family: str, number: str) -> Clause | None:
        """Return the paragraph in which an attachment begins with its name in capitals, or None."""
        return self._attached.get((family, number))

    def begins_at(self, index: int, start: int) -> bool:
        """Return whether a clause begins at an offset in the text of the clause with an index."""
        return (index, start) in self._starts


@of_words
def _may_have_numbers(text: str) -> bool:
    """Return whether a pattern of `EmbeddedNumbers` may match in a text; most have none."""
    found = _NUMBER_ENDS.search(text) or _OWN.match(text) or _ATTACHED_FIRST.match(text) or _IN_CAPITALS.search(text)
    return (found or _ATTACHED_LINE.search(text) or _ATTACHED_LIST.match(text)) is not None


@lru_cache(maxsize=32)
def _refers(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of the last words before a number that is cited, in a language and in English."""
    words, known = grammar.referring, {*grammar.referring.families, *english.GRAMMAR.referring.families} - {"§"}
    families = "|".join(re.escape(word.removesuffix(".")) for word in sorted(known, key=len, reverse=True))
    others = "|".join(filter(None, (words.parts, words.ignored, words.joins, words.to, words.bare)))
    return re.compile(rf"(?<!\w)(?:{families}|{_REFERS}|{others})\.?\s+\Z", re.IGNORECASE)


def _follows_title(clause: Clause, text: str, found: re.Match[str]) -> bool:
    """Return whether the title of a clause with the number before ends where a number begins: "2. FEES 2.1 Price"."""
    whole, _, last = found["number"].rpartition(".")
    before = (whole,) if last == "0" else (f"{whole}.{int(last) - 1}", *((whole,) if last == "1" else ()))
    if clause.number.rstrip(".") in before and is_title(text[: found.start()]):
        return True
    titled = _TITLED.search(text, max(0, found.start() - _LEAST), found.start())
    if titled is None or titled["number"] not in before or not is_title(titled["title"]):
        return False
    return not text[: titled.start()].strip() or _ENDED.search(text, 0, titled.start()) is not None


def _continues(line: str, grammar: Grammar) -> bool:
    """Return whether a line is of running text that goes on in the next: "… if the buyer uses Windows"."""
    words = line.strip("\\ \t>#*_|")
    titled = is_title(_AFTER_NUMBER.sub("", words))
    return (words[-1:].isalpha() and not titled) or _refers(grammar).search(f"{words[-_LEAST:]} ") is not None


class TypedLines:
    """The numbers at the start of the lines of one document. `unnumbered` are the ids of clauses that have no number,
    whatever they begin with: the items of mere lists.
    """

    def __init__(self, outline: Outline, unnumbered: AbstractSet[int]) -> None:
        self._outline = outline
        self._unnumbered = unnumbered

    def clause(self, number: str) -> Clause | None:
        """Return the clause on the line that begins with the number."""
        return self.clause_between(number, 1)

    def clause_between(self, number: str, first: int, last: int | None = None) -> Clause | None:
        """Return the clause on the first line that begins with the number, from one line to another."""
        lines = self._numbers.get(number, ())
        at = bisect_left(lines, first)
        if at == len(lines) or (last is not None and lines[at] > last):
            return None
        inside = self._last_on_line.get(lines[at])
        return inside if inside is not None and id(inside) not in self._unnumbered else None

    @lazy_value
    def _last_on_line(self) -> dict[int, Clause]:
        """The last clause with an anchor that each line is a part of."""
        found: dict[int, Clause] = {}
        for _, clause, _ in self._outline.nodes:
            if clause.anchor:
                found.update(dict.fromkeys(range(clause.lines[0], clause.lines[1] + 1), clause))
        return found

    @lazy_value
    def _numbers(self) -> dict[str, list[int]]:
        """The numbers at the start of source lines, whatever the parser made of them → these lines."""
        source, found, before = self._outline.document.source, defaultdict[str, list[int]](list), ""
        grammar = grammar_of(self._outline.document)
        for number, line in enumerate(source.text.split("\n"), 1) if source is not None else ():
            # Converters write "11.****6** Courts" and "33\\. 2 Events".
            text = (
                _SPLIT.sub(r"\1.\2", line.replace("****", "").replace("\\.", ".")) if _MAY_SPLIT.search(line) else line
            )
            # A line of running text may begin with "Section 4 applies", or with the "4.2" of a wrapped "Section 4.2".
            match = _LINE.match(text)
            named = match and match["name"] and not match["word"] and not _continues(before, grammar)
            if match and (match["mark"] or match["markup"].strip() or named):
                found[match["number"]].append(number)
            before = line
        return found
