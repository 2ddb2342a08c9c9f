"""Finds abbreviations that a bracket introduces without marks: "the service level agreement (SLA)"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import engross.common.lazy_re as re
from engross.language import sentence_end, sentence_start
from engross.model import Given
from engross.terms.candidates import Named
from engross.terms.definition_bodies import is_definite_word
from engross.terms.passages import Found, Outline, Passage

_LETTERS = re.compile(r"[*_\s]*\(([A-ZÄÖÜ]{2,5})\)")
# "Licencia Pública (EUPL, por su sigla en inglés)" says where the letters come from.
_BRACKET: Final = re.compile(
    r"(?<=[^\W\d_][ \n\u00a0])\(([A-ZÀ-Þ][A-Za-zÀ-ÿ0-9&-]{1,8}|(?:[A-ZÀ-Þ]\.){2,6})"
    r"(?P<foreign>,\s+(?:por\s+sus?\s+siglas?|en\s+anglais|selon\s+son\s+sigle)[^()]{0,30})?\)"
)
# "(RA)", "(the “RA”)" after its long form.
_OPENS: Final = re.compile(r"(?P<long>[^()]+)\([^()]{0,20}\Z")
_WORD: Final = re.compile(r"[^\W\d_]+")
_WIDEST: Final = 90
_FEWEST_USES: Final = 3
_FEWEST_AGAIN: Final = 2
"""How often a text has an abbreviation, with the bracket, that it uses as a noun: diese AGB."""
_FEWEST_LONG: Final = 2
_FEWEST_ALONE: Final = 1
_TERRITORIES: Final = frozenset(("UK", "US", "USA", "EU", "EEA", "UE", "EWR", "UAE"))
"""Abbreviations of which the long form is a name that readers know."""
# Readers know the names of laws, and references to them lead outside; they know those of currencies too.
_LAW: Final = re.compile(
    r"\b(?:Acts?|Codes?|Directives?|Laws?|Regulations?|Convention|Rules|Treaty|Ordinances?|Statutes?|[Ll]ois?|Règlement|Ley(?:es)?"
    r"|Ordonnance|Décret|Traité|Reglamento|Directiva|Decreto|Tratado|Código|Estatuto)\b"
    r"|\w*(?:[Gg]esetz|[Vv]erordnung|[Rr]ichtlinie|gesetzbuch)(?:e?s)?\b"
    r"|\b(?:[Dd]ollars?|[Ee]uros?|[Pp]ounds?(?:\s+[Ss]terling)?|[Ff]ran[ck](?:s|en)?|[Rr]upees?|[Pp]esos?|[Yy]en|[Rr]eais|[Kk]ron[ae]r?)\b"
)


def may_abbreviate(text: str) -> bool:
    """Return whether a text may introduce an abbreviation in a bracket."""
    return "(" in text and _BRACKET.search(text) is not None


def abbreviations(passage: Passage, outline: Outline) -> Iterator[Found]:
    """Yield the abbreviations that a passage introduces and the text uses; other definitions of them prevail."""
    text = passage.text
    for found in _BRACKET.finditer(text) if "(" in text else ():
        short = found[1]
        fewest = _FEWEST_AGAIN if _is_meant_again(short, passage, outline) else _FEWEST_USES
        if not _is_abbreviation(short) or (outline.uses if "." in short else outline.count)(short) < fewest:
            continue
        if any(link.start <= found.start() < link.end and link.target.startswith("#") for link in passage.links):
            continue  # an entry of a list of contents repeats its heading
        if len(re.findall(rf"(?<![\w-]){re.escape(short)}(?![\w-])", outline.text)) < fewest:
            continue  # a part of compounds: AGB-HB
        begin = max(sentence_start(text, found.start()), found.start() - _WIDEST)
        if not (found["foreign"] or _abbreviates(short, text[begin : found.start()])):
            continue
        if outline.uses(short) - outline.uses(f"({short})") - outline.uses(f"[{short}]") < _FEWEST_ALONE:
            continue  # always an explanation: Uniform Resource Identifier (URI)
        name = Named(short, *found.span(1), False, False)
        end = sentence_end(text, found.end())
        body = " ".join(text[sentence_start(text, found.start()) : end].split())
        own = sentence_start(text, found.start()), found.end()
        yield Found((short,), passage, (name.start, name.end), own, Given.RUNNING, body, weak=True)


def _is_meant_again(short: str, passage: Passage, outline: Outline) -> bool:
    """Return whether a text in another language has an abbreviation after the article of one thing."""
    grammar = passage.grammar
    if grammar.is_english:
        return False
    return any(is_definite_word(word.lower(), grammar) for word, _ in outline.words_before(short.strip(".")))


def _is_abbreviation(short: str) -> bool:
    """Return whether most letters of a word are capitals, and two at least."""
    capitals = sum(map(str.isupper, short))
    return capitals >= 2 and 2 * capitals >= len(short)


def _abbreviates(short: str, before: str) -> bool:
    """Return whether the letters of an abbreviation occur in order in the last words before it, from an initial on."""
    parts = before.split()[-len(short) - 3 :]
    first = short[0].casefold()
    for at in range(len(parts) - 1, -1, -1):
        words = parts[at:]
        if words[0].lstrip('“"«(').casefold()[:1] != first or words[0][:1] == "(" or _LAW.search(" ".join(words)):
            continue
        last = [letter for letter in short if letter.isupper()][-1]
        if last.casefold() not in words[-1].casefold():
            return False  # Invocation Gateway LLM (IA)
        letters = iter("".join(words).casefold())
        if all(letter in letters for letter in short.casefold() if letter.isalpha()):
            return len(words) > 1 or "-" in words[0] or len(words[0]) > 2 * len(short)
    return False


def with_long_forms(found: list[Found], outline: Outline) -> list[Found]:
    """Add to abbreviations the long form before their bracket, if it is used again and nothing else defines it."""
    known = {name for one in found for name in one.names}
    return [_with_long_form(one, known, outline) for one in found]


def _with_long_form(found: Found, known: set[str], outline: Outline) -> Found:
    short = found.names[0]
    if len(found.names) > 1 or found.given is not Given.RUNNING or not _is_abbreviation(short):
        return found
    text = found.passage.text
    before = _OPENS.search(text[max(0, found.at[0] - _WIDEST) : found.at[0]])
    if before and found.passage.grammar.defining.announces.triggers.search(
        text[before.end("long") : found.at[0]].lower()
    ):
        return found  # Anna Schmidt (nachfolgend AS): the name of a party is no term
    long = _long_form(short, before["long"].split()) if before else ""
    if not long or long in known or short in _TERRITORIES or _LAW.search(long):
        return found
    if outline.text.count(long) < _FEWEST_LONG:
        return found
    return replace(found, names=(short, long))


def _long_form(short: str, words: list[str]) -> str:
    """Return the last words of which the capitals are the letters of an abbreviation; "" if they are not."""
    letters = [letter for letter in short if letter.isalpha()]
    for at in range(len(words) - 1, max(-1, len(words) - 2 * len(letters) - 1), -1):
        initials = [word[0] for word in _WORD.findall(" ".join(words[at:])) if word[0].isupper()]
        if initials == letters and words[at][0].isupper() and " " in (long := " ".join(words[at:])):
            return long
    return ""


def letters_after(text: str, name: Named) -> Iterator[Named]:
    """Yield the letters of a name in a bracket right after it: nachfolgend „Auftraggeber“ (AG)."""
    found = _LETTERS.match(text, name.end)
    letters = iter(name.name.casefold())
    if found and found[1][0] == name.name[0] and all(letter in letters for letter in found[1].casefold()):
        yield Named(found[1], *found.span(1), False, False)
