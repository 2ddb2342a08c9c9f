"""Completes the definitions of a passage: their text, the clauses that continue it, and the plurals of their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

import engross.common.lazy_re as re
from engross.language import Grammar, begins_sentence, sentence_end, sentence_start
from engross.model import Clause, ClauseKind, Given
from engross.terms.candidates import Named, distinct_names, is_proper
from engross.terms.passages import Found, Outline, Passage
from engross.terms.vocabulary import PRONOUNS, SHORTEST_WORD

_SLASH = re.compile(r"\s*/\s*")
_ADJECTIVE = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+e[rsnm]?\s+[A-ZÄÖÜ]")
_HYPHEN = re.compile(r"\s*-\s*")
_THE = re.compile(r"\A(?:THE|The|the)\s+")
_COMMA = re.compile(r"\s*,\s*")
_OFTEN = 2
_AGAIN = 2
"""How often a text has a name in capitals that it uses so, with its definition."""
_OFTEN_NAMED = 4
_MOSTLY = 1.8
_SHARE, _SHARE_ENGLISH = 3, 1.6


def with_plurals(found: list[Found], outline: Outline) -> list[Found]:
    """Join the plural of a term to its definition: “Party” means each …; “Parties” means both …

    A number of the term that another passage defines has a meaning of its own.
    """
    joined: list[Found] = []
    for definition in found:
        before, grammar = joined[-1] if joined else None, definition.passage.grammar
        other_number = before and all(name in grammar.forms(before.names[0]) for name in definition.names)
        if before and other_number and not _is_defined_elsewhere(definition, outline):
            names = tuple(dict.fromkeys((*before.names, *definition.names)))
            body = before.body if definition.body in before.body else f"{before.body} {definition.body}"
            own = before.own[0], max(before.own[1], definition.own[1])
            joined[-1] = replace(before, names=names, own=own, body=body)
        else:
            joined.append(definition)
    return joined


def _is_defined_elsewhere(found: Found, outline: Outline) -> bool:
    """Return whether another passage defines a name with a verb: "and “Party” means any of them"."""
    named = (f"{marks[0]}{found.names[0]}{marks[1]} means" for marks in ("“”", '""'))
    return any(outline.uses(words) > found.passage.text.count(words) for words in named)


def as_used(found: Found, outline: Outline) -> Found:
    """Return a definition with its names as the text writes them elsewhere."""
    if found.names[0].isupper() and _is_in_capitals(found.passage.text):
        names = (name for one in found.names for name in (*outline.in_title_case(one), one))
        found = replace(found, names=tuple(dict.fromkeys(names)))
    if ordinary := _in_ordinary_case(found, outline):
        found = replace(found, names=tuple(dict.fromkeys((*found.names, *ordinary))))
    if len(found.names) == 1 and (parts := _parts(found, outline)):
        found = replace(found, names=parts)
    if others := [other for name in found.names for other in _spellings(name) if outline.uses(other)]:
        found = replace(found, names=tuple(dict.fromkeys((*found.names, *others))))
    first = found.given is Given.LISTED or begins_sentence(found.passage.text, found.own[0])
    name, grammar = found.names[0], found.passage.grammar
    small = first and (outline.is_small(name, grammar) or _has_small_adjective(name, outline, grammar))
    small = small or any(_is_noun(one, outline, grammar) for one in found.names)
    return replace(found, small=True) if small else found


def _in_ordinary_case(found: Found, outline: Outline) -> tuple[str, ...]:
    """Return the names in capitals of a German text as it writes them elsewhere, if never in capitals: KUNDE, Kunde."""
    grammar = found.passage.grammar
    if not grammar.capitalises_nouns:
        return ()
    return tuple(
        name.title()
        for name in found.names
        if name.isupper()
        and len(name) >= SHORTEST_WORD
        and sum(map(outline.uses, {name, *grammar.forms(name)})) < _AGAIN
    )


def _has_small_adjective(name: str, outline: Outline, grammar: Grammar) -> bool:
    """Return whether a German text mostly writes the adjective of a name small: den vollständigen Quelltext."""
    if not grammar.capitalises_nouns or " " not in name or not _ADJECTIVE.match(name):
        return False
    forms = (name, *grammar.forms(name))
    small = sum(outline.uses(form[0].lower() + form[1:]) for form in forms)
    return small > sum(map(outline.uses, forms)) - 1  # one is that of the definition


def is_one_thing(name: str, outline: Outline, grammar: Grammar) -> bool:
    """Return whether a German text mostly speaks of the one thing of a name: das Programm, unlike Material."""
    if not grammar.capitalises_nouns or " " in name:
        return False
    before = [pair for form in {name, *grammar.forms(name)} for pair in outline.words_before(form)]
    one = (count for word, count in before if is_definite_word(word.lower(), grammar))
    return _MOSTLY * sum(one) > sum(count for _, count in before)


def is_definite_word(word: str, grammar: Grammar) -> bool:
    """Return whether a word in small letters is an article or determiner of one thing: der, dieser; not ein."""
    return word not in grammar.indefinite and _is_article(word, grammar)


def _is_article(word: str, grammar: Grammar) -> bool:
    article = grammar.defining.article
    return article.match(f"{word} X") is not None or article.match(f"{word.rstrip('’')}’X") is not None


def _is_noun(name: str, outline: Outline, grammar: Grammar) -> bool:
    """Return whether a text uses a word in small letters as a noun, mostly after an article: la licencia."""
    if grammar.capitalises_nouns or not name.isalpha() or not name.islower():
        return False
    before = outline.words_before(name)
    # English has verbs of the same form: to license, the license.
    marks = is_definite_word if grammar.is_english else _is_article
    marked = sum(count for word, count in before if marks(word.lower(), grammar))
    share = _SHARE_ENGLISH if grammar.is_english else _SHARE
    return marked > _OFTEN_NAMED and share * marked > sum(count for _, count in before)


def _spellings(name: str) -> list[str]:
    """Return how a text may spell a name that has a hyphen between blanks, or the sign &, elsewhere."""
    spelled = [_HYPHEN.sub("-", name) if " -" in name or "- " in name else name]
    spelled += [name.replace(" & ", " and ")] if " & " in name else []
    return [one for one in spelled if one != name]


def _parts(found: Found, outline: Outline) -> tuple[str, ...]:
    """Return the names of “Software/Licensed Product” and “Data Processor, we, us” if the text uses only these."""
    name = found.names[0]
    either = _either(found.passage.grammar)
    separator = _SLASH if "/" in name else either if either.search(name) else _COMMA
    parts = tuple(_THE.sub("", part) for part in separator.split(name))
    if len(parts) < 2 or len(parts) > 4 or outline.uses(name) > 1 or not all(parts):
        return ()
    pronouns = all(part.capitalize() in PRONOUNS for part in parts[1:])
    # **Propietario o Anfitrión:** … in a list: the text may use one of the names only.
    nested = any(set(part.split()) < set(parts[0].split()) for part in parts[1:])
    enough = any if found.given is Given.LISTED and (nested or not found.passage.grammar.is_english) else all
    # CONDOMINIUM UNIT or UNIT is a Unit elsewhere.
    spelled = ({part, part.title()} if part.isupper() else {part} for part in parts)
    used = enough(max(map(outline.uses, one)) > _OFTEN for one in spelled) and all(map(is_proper, parts))
    # "**Full Member, Member.** A Member is …"
    listed = separator is not _COMMA or (
        found.given is Given.LISTED and any(part in name.split() for part in parts[1:])
    )
    return parts if pronouns or (listed and used) else ()


@lru_cache(maxsize=32)
def _either(grammar: Grammar) -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{grammar.either})\s+")


def _is_in_capitals(text: str) -> bool:
    """Return whether most letters of a text are capitals."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


def with_bodies(passage: Passage, found: list[Found]) -> list[Found]:
    """Add the text of each definition; one at the start of the passage ends where the next such sentence begins."""
    text = passage.text
    complete = []
    listed = any(definition.given is Given.LISTED for definition in found)
    sentences = [
        (at, later)
        for at, later in enumerate(found)
        if listed and later.given is Given.RUNNING and begins_sentence(text, later.own[0])
    ]
    for at, definition in enumerate(found):
        start, end = definition.own
        if definition.given is Given.LISTED:
            # A definition ends where the next sentence begins that defines another term.
            later = (one for place, one in sentences if place > at and set(one.names).isdisjoint(definition.names))
            end = min(end, next((one.own[0] for one in later if one.own[0] > start), end))
        below: tuple[Clause, ...] = ()
        body = definition.body or " ".join(text[start:end].split())
        if definition.given is Given.LISTED and end >= len(text.rstrip()):
            below = tuple(_below(passage))
            body = " ".join([body, *_texts(below)])
        complete.append(replace(definition, own=(start, end), body=body, below=below))
    return complete


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


def running_definition(passage: Passage, words: list[Named], own: tuple[int, int]) -> Found:
    """Return a definition inside a sentence, at the span `own` of the passage; the sentence is its body."""
    text = passage.text
    names = distinct_names(words, passage.grammar)
    body = " ".join(text[sentence_start(text, words[0].start) : sentence_end(text, own[1])].split())
    return Found(names, passage, (words[0].start, words[0].end), own, Given.RUNNING, body)


def apart(found: list[Found], within: Iterable[Found]) -> Iterator[Found]:
    """Yield the definitions that overlap none of those that were found, and have other names."""
    taken = [definition.at for definition in found]
    known = {name for definition in found for name in definition.names if definition.given is Given.LISTED}
    for item in within:
        overlaps = any(start < item.at[1] and item.at[0] < end for start, end in taken)
        if not overlaps and not known.issuperset(item.names) and not any(_names_it(one, item) for one in found):
            yield item


def _names_it(definition: Found, item: Found) -> bool:
    """Return whether a definition already has the names of another in its sentence: “Agent” (or “A”) means …"""
    return definition.own[0] <= item.at[0] < definition.own[1] and set(definition.names).issuperset(item.names)


def continuation(passage: Passage) -> Clause | None:
    """Return the list that continues a paragraph ending in a colon, dash or comma, or None."""
    if not passage.around or passage.clause.kind is not ClauseKind.PARAGRAPH:
        return None
    if not passage.text.rstrip().endswith((":", "–", "—", ",")):
        return None
    following = iter(passage.around[-1].children)
    for child in following:
        if child is passage.clause:
            after = next(following, None)
            return after if after is not None and after.kind is ClauseKind.LIST else None
    return None
