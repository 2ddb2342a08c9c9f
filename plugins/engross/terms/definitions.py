"""Finds the definitions of a document, at the start of a passage and inside it.

* A marked (quoted or bold) term followed by a verb that defines: a listed definition at the start of the passage, a
  running one further in.
* `unmarked_definitions` finds terms without one or both quotation marks at the start of a passage, `definition_blocks`
  those that are a heading or a line of their own.
* `inline_definitions` finds other definitions inside sentences, `table_definitions` those in tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import engross.common.lazy_re as re
from engross.common import lazy_value
from engross.language import Grammar, after_number, begins_sentence, english, sentence_end, sentence_start
from engross.model import Clause, ClauseKind, Document, DocumentEntry, DocumentKind, Given
from engross.terms import inline_definitions
from engross.terms.abbreviations import abbreviations, may_abbreviate, with_long_forms
from engross.terms.announced_names import announced_names, may_announce
from engross.terms.candidates import (
    Named,
    distinct_names,
    in_definitions,
    introduces_definitions,
    named,
)
from engross.terms.consistent_marks import is_described, lists_meanings, marked_like_terms
from engross.terms.definition_blocks import (
    is_above_definition,
    is_imprint,
    term_above_items,
    term_of_title,
    term_on_own_line,
    terms_in_headings,
)
from engross.terms.definition_bodies import apart, as_used, with_bodies, with_plurals
from engross.terms.definition_cues import (
    Group,
    apart_names,
    article_start,
    defines_in_sentence,
    defines_weakly,
    groups,
    has_meaning,
    is_framed,
    is_limited,
    is_meaning,
    is_set_off,
    is_stated,
    means,
    name_before_join,
    possible_names,
    says_of_term,
    without_meanings,
)
from engross.terms.definition_pointers import only_points
from engross.terms.introduced_paragraphs import introduced_lines, introduced_paragraphs
from engross.terms.names_beside_others import may_name_again
from engross.terms.party_lines import party_lines
from engross.terms.passage_memory import of_words
from engross.terms.passages import Found, Outline, Passage, grammar_of
from engross.terms.table_definitions import html_rows, rows
from engross.terms.unmarked_brackets import may_name_in_bracket
from engross.terms.unmarked_definitions import (
    NUMBERED_LINE,
    definitions_on_numbered_lines,
    explained_names,
    unmarked_definitions,
)

_FEWEST_LISTED = 3
_NUMBERED = re.compile(r"\d+(?:\.\d+)+[.)]?\s")
_OFTEN, _LONGEST_HEADING = 4, 160
_LAST_BRACKET = re.compile(r"\((?P<name>[A-ZÀ-Þ][\w-]{2,24})\)\s*\Z")
_MARKED = re.compile(r"[“”\"„«»‟‘]")
_OPENS = ("“", '"', "„", "«")
_SINGLE = re.compile(r"(?:\A|[\s(\[])(?:'{1,2}|`{1,2})\w")
_DISTINCT = re.compile(
    r"(?:,?\s*\([^()]{1,160}\))?(?:,?\s*(?:(?:as|when|where)\s+)?used\s+(?:in|within|throughout)\b[^.;“”\"]{0,80}?,?)?"
    r"\s*(?:\w+,?\s+){0,2}(?:have|(?:are|be)\s+(?:as\s+)?defined|as\s+defined|are\s+used)\b",
    re.IGNORECASE,
)


class _Finder:
    """Finds the definitions of one document, passage by passage."""

    def __init__(self, outline: Outline) -> None:
        self._in_tables: dict[int, list[Found]] = defaultdict(list)
        self._names_of_row: dict[int, set[str]] = defaultdict(set)
        for found in (*(one for row in rows(outline) for one in row), *html_rows(outline)):
            self._in_tables[found.passage.index].append(used := as_used(found, outline))
            self._names_of_row[id(found.passage.around[-1])].update(used.names)
        self.outline = outline
        self._listing: dict[tuple[int, str], bool] = {}
        self._quoting: dict[int, bool] = {}
        self._introduced = introduced_paragraphs(outline.document.root, grammar_of(outline.document))

    def find(self, passage: Passage) -> list[Found]:
        """The definitions in a passage, in the order of its text."""
        found = self._in_tables.get(passage.index) or self._in_passage(passage)
        if passage.clause.kind is not ClauseKind.CELL or passage.index in self._in_tables:
            return found
        # The cell with the meaning may repeat the name: "Die Bezeichnung „Zone“ bezieht sich auf …".
        row = self._names_of_row[id(passage.around[-1])]
        return [one for one in found if not row.issuperset(one.names)]

    def _in_passage(self, passage: Passage) -> list[Found]:
        text = passage.text
        marked = bool(passage.clause.inline.marks) or _is_marked(text)
        bracketed, announced, bare = _may_define(text, passage.grammar)
        bracketed = marked or bracketed
        lines = list(introduced_lines(passage))
        if not (bracketed or announced or bare or lines) and passage.grammar.is_english:
            return []
        listing = self._lists(passage) and not self._is_titled(passage)
        words = _words(passage, listing) if marked else []
        if marked and is_above_definition(passage, self.outline):
            return []
        if marked and (whole := term_on_own_line(passage, self.outline, definitions=listing)):
            return [whole]
        if listing and (above := term_above_items(passage)):
            return [above]
        found = list(_with_verb(passage, words, listing, self.outline))
        if not any(definition.given is Given.LISTED for definition in found):
            lead = passage.grammar.defining.lead.match(text, _begin(passage, listing))
            found.extend(unmarked_definitions(passage, lead.end() if lead else 0, definitions=listing))
            found = found or list(explained_names(passage, self.outline))
        if bracketed or announced or lines or ("(" in text and not passage.grammar.is_english):
            within = (*lines, *self._within(passage, words, found, announced=announced, listing=listing))
            found.extend({item.at[0]: item for item in reversed([*apart(found, within)])}.values())
        complete = with_bodies(passage, sorted(found, key=lambda definition: definition.at))
        return [as_used(definition, self.outline) for definition in with_plurals(complete, self.outline)]

    def _within(
        self, passage: Passage, words: list[Named], found: list[Found], *, announced: bool, listing: bool
    ) -> Iterator[Found]:
        """Yield the definitions inside a passage, apart from those in lines of their own."""
        yield from inline_definitions.find(passage, words, self.outline)
        yield from announced_names(passage, words, self.outline) if announced else ()
        yield from _inside_listed(passage, words, found)
        yield from abbreviations(passage, self.outline)
        yield from term_of_title(passage)
        yield from marked_like_terms(passage, words, self.outline, [definition.at for definition in found])
        yield from definitions_on_numbered_lines(passage) if listing else ()

    def _is_titled(self, passage: Passage) -> bool:
        """Return whether bold words and a full stop are a title, because the terms around them are in quotation marks.

        As in "**13.1 Variables.** Variables have the values …" before "**13.2** “Affiliate” means …".
        """
        start, end = passage.lead
        if end <= start or passage.text[end - 1] != ".":
            return False
        parent = passage.around[-1]
        if id(parent) not in self._quoting:
            texts = (child.inline.text for child in parent.children if child.kind is not ClauseKind.SECTION)
            self._quoting[id(parent)] = sum(text[after_number(text) :].startswith(_OPENS) for text in texts) > 1
        return self._quoting[id(parent)]

    def _lists(self, passage: Passage) -> bool:
        """Return whether a passage is among definitions; the answer is the same for its siblings under one title."""
        if id(passage.clause) in self._introduced or passage.grammar.defining.listing.fullmatch(passage.title):
            return True
        among = id(passage.around[-1]), self.outline.lead_titles.get(id(passage.clause), "")
        if among not in self._listing:
            meanings = lists_meanings(passage.around[-1], self.outline, passage.grammar)
            self._listing[among] = meanings or in_definitions(passage, self.outline)
        return self._listing[among] and not is_imprint(passage, self.outline)


def find_definitions(outline: Outline) -> list[Found]:
    """All definitions of a document, in the order of its text."""
    finder = _Finder(outline)
    found = [definition for passage in outline.passages for definition in finder.find(passage)]
    others = [
        *_headings_with_verb(outline),
        *_names_in_title(outline, {name for one in found for name in one.names}),
        *terms_in_headings(outline, finder.find),
        *party_lines(outline),
    ]
    ordered = sorted([*found, *others], key=lambda definition: definition.passage.index) if others else found
    return with_long_forms(ordered, outline)


def _headings_with_verb(outline: Outline) -> Iterator[Found]:
    """Yield the definitions that are typed as headings: `# “Breach” means …`."""
    for index, clause, around in outline.nodes:
        if clause.kind is not ClauseKind.SECTION or not around:
            continue
        heading = Passage(outline.document, index, clause, around)
        if clause.level > 1 and may_abbreviate(heading.text):
            yield from abbreviations(heading, outline)
        if _is_marked(heading.text):
            words = [name for name in named(heading) if name.quoted]
            if clause.level > 1 and len(heading.text) > _LONGEST_HEADING:  # a paragraph above a line of dashes
                yield from inline_definitions.find(heading, words, outline)
            yield from (*term_of_title(heading), *_parties_in_heading(heading, words, outline))
            for whole in groups(heading.text, words, heading.grammar.defining.join):
                if heading.grammar.defining.means.match(heading.text, whole.end):
                    found = _one_or_each(heading, whole, Given.LISTED, weak=False)
                    yield from (replace(one, body=" ".join(heading.text.split())) for one in found)
                    rest = [name for name in words if name.start >= whole.end]
                    yield from inline_definitions.find(heading, rest, outline) if rest else ()


def _parties_in_heading(heading: Passage, words: list[Named], outline: Outline) -> Iterator[Found]:
    """Yield the names in a bracket at the end of a heading in another language: Le prestataire (« le Vendeur »)."""
    if heading.clause.level > 1 and heading.text.rstrip().endswith(")") and not heading.grammar.is_english:
        found = inline_definitions.find(heading, words, outline)
        is_used = outline.is_named_with_article
        yield from (replace(one, weak=True) for one in found if is_used(one.names[0], heading.grammar))


def _names_in_title(outline: Outline, known: set[str]) -> Iterator[Found]:
    """Yield the short names in the titles of a document, unless its text defines them: "General Terms (GTC)"."""
    for index, clause, around in outline.nodes:
        if clause.kind is ClauseKind.SECTION:
            title = Passage(outline.document, index, clause, around)
            if clause.level == 1 and ("(" in title.text or may_announce(title.text, title.grammar)):
                words = [name for name in named(title) if name.quoted]
                found = list(inline_definitions.find(title, words, outline) if words else abbreviations(title, outline))
                found = found or [*_at_end_of_title(title, outline), *announced_names(title, words, outline)]
                yield from (replace(one, weak=True) for one in found if known.isdisjoint(one.names))
            if clause.level != 1 or len(around) > 1:
                return


def _at_end_of_title(title: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the name in a bracket at the end of a title, if the text uses it with an article: … (Händler-AGB)."""
    last = _LAST_BRACKET.search(title.text)
    if last and outline.uses(last["name"]) >= _OFTEN and outline.is_named_with_article(last["name"], title.grammar):
        names, span = (last["name"],), last.span("name")
        yield Found(names, title, span, (0, len(title.text)), Given.RUNNING, " ".join(title.text.split()))


class DefinedNames:
    """The names that the clauses of one text define. A clause is read when it is first needed."""

    def __init__(self, root: Clause) -> None:
        self._root = root
        self._names: dict[int, tuple[str, ...]] = {}

    @lazy_value
    def _finder(self) -> _Finder:
        return _Finder(Outline(Document(DocumentEntry("", "", DocumentKind.POLICY), None, self._root)))

    @lazy_value
    def _passages(self) -> dict[int, Passage]:
        # Clauses are compared by their content; only identity distinguishes several equal ones.
        return {id(passage.clause): passage for passage in self._finder.outline.passages}

    def of(self, clause: Clause) -> tuple[str, ...]:
        """The names that a clause of the text defines, each once, in order."""
        known = self._names.get(id(clause))
        if known is None:
            passage = None if _is_plain(clause) else self._passages.get(id(clause))
            found = self._finder.find(passage) if passage else ()
            known = tuple(dict.fromkeys(name for definition in found for name in definition.names))
            self._names[id(clause)] = known
        return known


def _is_plain(clause: Clause) -> bool:
    """Return whether a clause defines nothing, whatever is around it, in a text that is read as English."""
    text = clause.inline.text
    if clause.kind is ClauseKind.CELL or clause.inline.marks or _is_marked(text):
        return False
    return not (any(_may_define(text, english.GRAMMAR)) or ("\n" in text and ": " in text))


def _words(passage: Passage, definitions: bool) -> list[Named]:
    """Return the marked words of a passage without a bold number and lead-in before the defined term."""
    words = named(passage)
    if not words or words[0].quoted:
        return words
    begin = _begin(passage, definitions)
    names = (name for name in words if name.quoted or name.end > begin or _is_before_verb(passage, name))
    # "**2.2 Transfer:** The product is …" on a further line is a title.
    return [name for name in names if not _NUMBERED.match(name.name) or _is_before_verb(passage, name)]


def _is_before_verb(passage: Passage, name: Named) -> bool:
    means = passage.grammar.defining.means
    return passage.text[name.end - 1] != "." and means.match(passage.text, name.end) is not None


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


@of_words
def _may_define(text: str, grammar: Grammar) -> tuple[bool, bool, bool]:
    """Return whether a text may define a name in a bracket, announce one, or begin with one without marks."""
    bracketed = may_name_in_bracket(text) or may_abbreviate(text)
    return bracketed, may_announce(text, grammar), _may_begin_bare(text) or may_name_again(text)


def _may_begin_bare(text: str) -> bool:
    head = text[:240].replace("–", "-").replace("—", "-") if not text.isascii() else text[:240]
    return " mean" in head or ":" in head or " refer" in head or " - " in head or " -- " in head


_AT_LINE = re.compile(r"\n[ \t]*(?:\d+(?:\.\d+)*[.)]?[ \t\u00a0]+)?\Z")
"""The beginning of a line, with its typed number."""


def _with_verb(passage: Passage, words: list[Named], definitions: bool, outline: Outline) -> Iterator[Found]:
    """Yield the definitions whose term is marked and followed by a verb that defines."""
    text = passage.text
    begin = _begin(passage, definitions)
    grammar, defining = passage.grammar, passage.grammar.defining
    for whole in groups(text, without_meanings(text, words, defining), defining.join):
        # A bold lead-in may precede the term; only names joined to the verb count.
        leading = bool(defining.lead.fullmatch(text, begin, whole.start))
        group = possible_names(whole, grammar)
        if group is None or defining.negated.match(text, group.end):
            continue
        if means(text, group, defining):
            if not leading and (first := name_before_join(text, begin, group, grammar)):
                group, leading = Group((first, *group.names), group.end), True
            if leading or defines_in_sentence(text, group, grammar):
                weak = not definitions and only_points(passage, group.end)
                yield from _one_or_each(passage, group, Given.LISTED if leading else Given.RUNNING, weak=weak)
        elif leading and defines_weakly(text, group, grammar, definitions):
            yield from _one_or_each(passage, group, Given.LISTED, weak=not is_set_off(text, group, defining))
        elif leading and definitions and has_meaning(text, group, grammar):
            yield from _one_or_each(passage, group, Given.LISTED, weak=False)
        elif leading and not definitions and is_described(passage, group.names[0], outline):
            yield from _one_or_each(passage, group, Given.LISTED, weak=True)
        elif len(group.names) >= _FEWEST_LISTED and _introduces_names(text, group, grammar):
            yield from (_found(passage, (one,), (one.start, one.end), Given.RUNNING, True) for one in group.names)
        elif any(is_framed(text, group, frame) for frame in defining.frames):
            yield from _one_or_each(passage, group, Given.RUNNING, weak=False)
        elif (
            definitions
            and defines_weakly(text, group, grammar, definitions)
            and (begins_sentence(text, at := article_start(text, group)) or _AT_LINE.search(text, max(0, at - 20), at))
        ) or (
            is_limited(text, group, grammar)
            or is_stated(text, group, grammar, outline.uses)
            or says_of_term(text, group, grammar)
        ):
            yield from _one_or_each(passage, group, Given.RUNNING, weak=True)


def _introduces_names(text: str, group: Group, grammar: Grammar) -> bool:
    """Return whether a sentence lists names that another document defines: "terms with the meanings in the Act: …"."""
    before = text[sentence_start(text, group.start) : group.start].rstrip()
    return before.endswith((":", "–", "—")) and group.names[0].quoted and introduces_definitions(before, grammar)


def _begin(passage: Passage, definitions: bool) -> int:
    """Return where the text begins after number and lead-in, unless the lead-in is itself a bold term."""
    start, end = passage.lead
    defining = passage.grammar.defining
    if end <= start or defining.mark.match(passage.text, max(start, end - 1)):
        return after_number(passage.text)
    is_term = definitions and is_meaning(passage.text, passage.title, end - 1, defining)
    return after_number(passage.text) if is_term else end


def _one_or_each(passage: Passage, group: Group, given: Given, *, weak: bool) -> Iterator[Found]:
    """Yield one definition for the group, or one for each name if they "have the meanings" given elsewhere."""
    text = passage.text
    joined = text[group.names[0].end : group.names[-1].start]
    if len(group.names) > 1 and " or " not in joined and _DISTINCT.match(text, group.end):
        for words in apart_names(text, group.names):
            yield _found(passage, words, (words[0].start, group.end), given, weak)
    else:
        yield _found(passage, group.names, (group.start, group.end), given, weak)


def _end_of_sentence(text: str, at: int) -> int:
    """Return where the sentence at an offset ends; a number that begins a line begins another."""
    end = sentence_end(text, at)
    line = NUMBERED_LINE.search(text, at, end)
    return line.start() if line else end


def _found(passage: Passage, words: tuple[Named, ...], at: tuple[int, int], given: Given, weak: bool) -> Found:
    names = distinct_names(words, passage.grammar)
    end = len(passage.text) if given is Given.LISTED else _end_of_sentence(passage.text, at[1])
    return Found(names, passage, (words[0].start, words[0].end), (at[0], end), given, "", weak)
