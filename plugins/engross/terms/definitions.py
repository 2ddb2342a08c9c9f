"""Finds the definitions of a document, at the start of a passage and inside it.

* A marked (quoted or bold) term followed by a verb that defines: a listed definition at the start of the passage, a
  running one further in.
* At the start of a passage one quotation mark may be missing; in a definitions section, both.
* `inline_definitions` finds other definitions inside sentences and those in tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engross.common import value_class
from engross.language import after_number, begins_sentence, english, sentence_end
from engross.model import Clause, ClauseKind, Document, DocumentEntry, DocumentKind, Given
from engross.terms import inline_definitions
from engross.terms.candidates import (
    LONGEST_NAME,
    Named,
    can_be_name,
    clean,
    continuation,
    distinct_names,
    in_definitions,
    is_proper,
    is_title_name,
    named,
)
from engross.terms.passages import Found, Outline, Passage

_JOIN = re.compile(
    r"\s*[,;/&(]?\s*(?:and/or\b|and\b|or\b|also\b|collectively\b|together\b|hereinafter\b|as\s+well\s+as\b|\()?[\s,(]*"
    r"(?:(?:the|a|an|each|either|any|together|collectively|in\s+the\s+(?:singular|plural)|as)\b,?\s*)*"
)
_LEAD = re.compile(
    r"\s*(?:(?:the|a|an|any|each|all|our|this)\s+)?(?:(?:capitali[sz]ed\s+)?"
    r"(?:terms?|words?|expressions?|phrases?|abbreviations?|acronyms?)\s+)?(?:(?:the|a|an)\s+)?[*_\s]*",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[“”\"„«»‟‘]")
_SINGLE = re.compile(r"(?:\A|[\s(\[])'\w")
_OPENS = tuple('“"„«‟‘')
_CLOSES = re.compile('[”"»]')
_WORD_END = re.compile(r"(?<=\S)(?=\s)")
_JOIN_HALF = re.compile(r"\s*,?\s*(?:and/or|and|or)\s+")
_REFERS = re.compile(r"\breferences?\s+(?:in\s+[^.]{1,40}\s+)?to\s+(?:the\s+|an?\s+)?\Z", re.IGNORECASE)
_PUSHED = re.compile(
    r"\b(?:click|clicks|clicking|press|pressing|select|selecting|tap|tapping|choosing|typing)\b[^.]{0,20}\Z"
)
_DISTINCT = re.compile(r"\s*(?:\w+,?\s+){0,2}(?:have|are\s+(?:as\s+)?defined|are\s+used)\b", re.IGNORECASE)


@value_class(frozen=True, slots=True)
class Group:
    """The names that share one definition, with their position."""

    names: tuple[Named, ...]
    end: int

    @property
    def start(self) -> int:
        """The offset at which the first name begins, including its quotation mark."""
        return self.names[0].start


class _Finder:
    """Finds the definitions of one document, passage by passage."""

    def __init__(self, outline: Outline) -> None:
        rows = inline_definitions.rows(outline)
        self._in_tables = {found.passage.index: [found] for row in rows for found in row}
        self._listing: dict[int, bool] = {}

    def find(self, passage: Passage) -> list[Found]:
        """The definitions in a passage, in the order of its text."""
        return self._in_tables.get(passage.index) or _in_passage(passage, self._listing)


def find_definitions(outline: Outline) -> list[Found]:
    """All definitions of a document, in the order of its text."""
    finder = _Finder(outline)
    return [found for passage in outline.passages for found in finder.find(passage)]


class DefinedNames:
    """The names that the clauses of one text define. A clause is read when it is first asked for."""

    def __init__(self, root: Clause) -> None:
        outline = Outline(Document(DocumentEntry("", "", DocumentKind.POLICY), None, root))
        self._finder = _Finder(outline)
        # Clauses are compared by their content; only identity distinguishes several equal ones.
        self._passages = {id(passage.clause): passage for passage in outline.passages}
        self._names: dict[int, tuple[str, ...]] = {}

    def of(self, clause: Clause) -> tuple[str, ...]:
        """The names that a clause of the text defines, each once, in order."""
        known = self._names.get(id(clause))
        if known is None:
            passage = self._passages.get(id(clause))
            found = self._finder.find(passage) if passage else ()
            known = tuple(dict.fromkeys(name for definition in found for name in definition.names))
            self._names[id(clause)] = known
        return known


def _in_passage(passage: Passage, listing: dict[int, bool]) -> list[Found]:
    """Return the definitions of one passage; `listing` caches which parents contain definitions."""
    text = passage.text
    marked = bool(passage.clause.inline.marks) or _is_marked(text)
    if not marked and not _may_begin_bare(text):
        return []
    parent = id(passage.around[-1])
    if parent not in listing:
        listing[parent] = in_definitions(passage)
    words = _words(passage) if marked else []
    found = list(_with_verb(passage, words, listing[parent]))
    if not any(definition.given is Given.LISTED for definition in found):
        found.extend(_half_marked(passage, listing[parent]))
    taken = [definition.at for definition in found]
    if marked:
        within = [*inline_definitions.find(passage, words), *_inside_listed(passage, words, found)]
        apart = [item for item in within if not any(start < item.at[1] and item.at[0] < end for start, end in taken)]
        found.extend({item.at[0]: item for item in reversed(apart)}.values())
    return _bodies(passage, sorted(found, key=lambda definition: definition.at))


def _words(passage: Passage) -> list[Named]:
    """Return the marked words of a passage without a bold number and lead-in before the defined term."""
    words = named(passage.clause.inline)
    if not words or words[0].quoted:
        return words
    text, begin = passage.text, _begin(passage)
    return [name for name in words if name.quoted or name.end > begin or english.MEANS.match(text, name.end)]


def _is_marked(text: str) -> bool:
    """Return whether a text contains a quotation mark; plain ASCII without straight marks is ruled out quickly."""
    if (not text.isascii() or '"' in text) and _MARKED.search(text):
        return True
    return "'" in text and _SINGLE.search(text) is not None


def _inside_listed(passage: Passage, words: list[Named], found: list[Found]) -> Iterator[Found]:
    """Yield names inside a listed definition that are marked in the same way as its term."""
    listed = next((definition for definition in found if definition.given is Given.LISTED), None)
    if listed is None:
        return
    leading = next((at for at, name in enumerate(words) if name.start == listed.at[0]), None)
    if leading is not None and words[leading].quoted and words[leading].bold:
        yield from inline_definitions.inside_definition(passage, words, leading)


def _may_begin_bare(text: str) -> bool:
    head = text[:160]
    return " mean" in head or " meaning" in head or ":" in head or " refer" in head


def groups(text: str, words: list[Named]) -> Iterator[Group]:
    """Group marked words that are joined (“Suspend” or “Suspension”)."""
    at = 0
    while at < len(words):
        last = at
        while last + 1 < len(words) and _JOIN.fullmatch(text, words[last].end, words[last + 1].start):
            last += 1
        end = words[last].end
        if text[end : end + 1] == ")" and "(" in text[words[at].end : words[last].start]:
            end += 1
        yield Group(tuple(words[at : last + 1]), end)
        at = last + 1


def _with_verb(passage: Passage, words: list[Named], definitions: bool) -> Iterator[Found]:
    """Yield the definitions whose term is marked and followed by a verb that defines."""
    text = passage.text
    begin = _begin(passage)
    for whole in groups(text, words):
        # A bold lead-in may precede the term; only names joined to the verb count.
        leading = bool(_LEAD.fullmatch(text, begin, whole.start))
        group = _possible_names(whole)
        if group is None or english.NEGATED.match(text, group.end):
            continue
        if english.MEANS.match(text, group.end):
            if leading or _defines_in_sentence(text, group):
                yield from _one_or_each(passage, group, Given.LISTED if leading else Given.RUNNING, weak=False)
        elif leading and _defines_weakly(text, group, definitions):
            yield from _one_or_each(passage, group, Given.LISTED, weak=not english.MARK.match(text, group.end))
        elif definitions and _defines_weakly(text, group, definitions) and begins_sentence(text, _article(text, group)):
            yield from _one_or_each(passage, group, Given.RUNNING, weak=True)


def _begin(passage: Passage) -> int:
    """Return where the text begins after number and lead-in, unless the lead-in is itself a bold term."""
    start, end = passage.lead
    if end > start and not english.MARK.match(passage.text, max(start, end - 1)):
        return end
    return after_number(passage.text)


def _article(text: str, group: Group) -> int:
    found = re.search(r"(?:\b[Tt]he|\b[Aa]n?|\b[Oo]ur)\s+\Z", text[: group.start])
    return found.start() if found else group.start


def _possible_names(group: Group) -> Group | None:
    names = tuple(words for words in group.names if can_be_name(words.name))
    return Group(names, group.end) if names else None


def _defines_in_sentence(text: str, group: Group) -> bool:
    first = group.names[0]
    if not first.quoted and not (first.bold and is_title_name(first.name)):
        return False
    begin = max(0, group.start - 60)
    return not _PUSHED.search(text, begin, group.start) and not _REFERS.search(text, begin, group.start)


def _defines_weakly(text: str, group: Group, definitions: bool) -> bool:
    """Return whether "includes", "is" or a colon defines here: in lists of definitions, or after quotes."""
    first = group.names[0]
    if not is_proper(first.name) or not is_title_name(first.name):
        return False
    if english.INCLUDES.match(text, group.end):
        return definitions or first.quoted
    return definitions and (first.quoted or first.bold) and bool(english.MARK.match(text, group.end))


def _one_or_each(passage: Passage, group: Group, given: Given, *, weak: bool) -> Iterator[Found]:
    """Yield one definition for the group, or one for each name if they "have the meanings" given elsewhere."""
    text = passage.text
    joined = text[group.names[0].end : group.names[-1].start]
    if len(group.names) > 1 and " or " not in joined and _DISTINCT.match(text, group.end):
        for words in group.names:
            yield _found(passage, (words,), (words.start, group.end), given, weak)
    else:
        yield _found(passage, group.names, (group.start, group.end), given, weak)


def _found(passage: Passage, words: tuple[Named, ...], at: tuple[int, int], given: Given, weak: bool) -> Found:
    names = distinct_names(words)
    end = len(passage.text) if given is Given.LISTED else sentence_end(passage.text, at[1])
    return Found(names, passage, (words[0].start, words[0].end), (at[0], end), given, "", weak)


def _half_marked(passage: Passage, definitions: bool) -> Iterator[Found]:
    """Yield a definition at the start whose term lacks one quotation mark, or both in a definitions section."""
    text = passage.text
    found = _LEAD.match(text, _begin(passage))
    start = found.end() if found else 0
    names = _half_names(text, start)
    if names:
        yield _found(passage, tuple(names), (start, names[-1].end), Given.LISTED, False)
    else:
        yield from _unmarked(passage, after_number(text), definitions)


def _half_names(text: str, at: int) -> list[Named]:
    """Return the names from `at` to a verb that defines if each has a quotation mark on one side, otherwise none."""
    opened = text[at : at + 1] in _OPENS
    if not opened and not _CLOSES.search(text, at, at + LONGEST_NAME):
        return []
    for stop in _WORD_END.finditer(text, at, at + LONGEST_NAME):
        end = stop.start()
        words = text[at:end]
        if not opened and not _CLOSES.search(words[-2:]):
            continue
        name = clean(words)
        if _MARKED.search(name) or not can_be_name(name):
            return []
        half = Named(name, at, end, True, False)
        if english.MEANS.match(text, end):
            return [half]
        join = _JOIN_HALF.match(text, end)
        rest = _half_names(text, join.end()) if join else []
        if rest:
            return [half, *rest]
    return []


def _unmarked(passage: Passage, start: int, definitions: bool) -> Iterator[Found]:
    """Yield a term recognised only by its capitals and position ("Confidential Information means …")."""
    text = passage.text
    for found in _longer_names(text, start):
        name = clean(found)
        end = start + len(found)
        if english.MEANS.match(text, end) and can_be_name(name) and is_title_name(name):
            several = " " in name and re.compile(r"\s+(?:shall\s+)?means?\b(?!\s+that\b)").match(text, end)
            if definitions or several:
                words = Named(name, start, end, False, False)
                yield _found(passage, (words,), (start, end), Given.LISTED, False)
            return


def _longer_names(text: str, start: int) -> Iterator[str]:
    """Yield the first word, the first two words and so on, as long as they look like a name."""
    if not text[start : start + 1].isupper():
        return
    for stop in re.finditer(r"\s+", text[start : start + 90]):
        words = text[start : start + stop.start()]
        if re.search(r"[.,;:()“”\"]\Z", words):
            return
        if re.fullmatch(r"(?:This|That|These|Those|It|Which|What|Nothing|Each|Any|No|If)", words):
            return
        yield words


def _bodies(passage: Passage, found: list[Found]) -> list[Found]:
    """Add the text of each definition; one at the start of the passage ends where the next such sentence begins."""
    text = passage.text
    complete = []
    for at, definition in enumerate(found):
        start, end = definition.own
        following = next((later.own[0] for later in found[at + 1 :] if _begins_another(definition, later)), 0)
        if following and definition.given is Given.LISTED:
            end = min(end, following)
        below: tuple[Clause, ...] = ()
        body = definition.body or " ".join(text[start:end].split())
        if definition.given is Given.LISTED and end >= len(text.rstrip()):
            below = tuple(_below(passage))
            body = " ".join([body, *_texts(below)])
        complete.append(replace(definition, own=(start, end), body=body, below=below))
    return complete


def _begins_another(definition: Found, later: Found) -> bool:
    """Return whether a later definition of the passage begins its own sentence and defines another term."""
    if later.given is not Given.RUNNING or later.own[0] <= definition.own[0]:
        return False
    return set(later.names).isdisjoint(definition.names) and begins_sentence(later.passage.text, later.own[0])


def _below(passage: Passage) -> list[Clause]:
    after = continuation(passage)
    blocks = [child for child in passage.clause.children if child.kind is not ClauseKind.RUN_IN]
    return [*blocks, *([after] if after else [])]


def _texts(clauses: tuple[Clause, ...]) -> Iterator[str]:
    """Yield the text of blocks below a definition; run-in items are already part of its text."""
    for clause in clauses:
        for inner in clause.walk():
            if inner.kind.value in ("paragraph", "item", "cell") and inner.inline.text:
                yield f"{inner.marker} {' '.join(inner.inline.text.split())}".strip()
