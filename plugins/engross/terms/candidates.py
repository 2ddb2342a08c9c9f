"""Finds candidates for names of terms: quoted and bold words, and definitions sections.

All styles of quotation marks are read: “ ”, " ", ‘ ’, « », „ “. Straight and single marks open or close depending on
the characters around them, so that a missing mark does not affect the text after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Grammar, after_number, key, wordlist
from engross.model import Clause, ClauseKind, MarkKind
from engross.terms.passage_memory import of_words
from engross.terms.passages import Outline, Passage, is_attachment
from engross.terms.vocabulary import PRONOUNS

LONGEST_NAME = 100

_MARK = re.compile("[“„”«»‟\"‘'`]")
_QUOTED = re.compile(
    rf"(?:[“„«‟]\s*(?P<curly>[^“”„«»‟\"]{{1,{LONGEST_NAME}}}?)\s*[”“»\"]"
    rf"|(?:(?<=[\s(\[—–/“*:,;-])|(?<=\b[ldLD][’'])|^)\"(?:(?<=\(\")\s)?(?P<straight>[^\s\"“”][^\"“”„«»]{{0,{LONGEST_NAME}}}?)[\"”](?:(?!\w)|(?=(?:means|has|shall|s)\b))"
    rf"|(?:(?<=[\s(\[])|^)”(?P<closed>[^\s“”„«»\"][^“”„«»\"]{{0,{LONGEST_NAME}}}?)”(?!\w)"
    rf"|(?<=\s)\"\s(?P<spaced>[A-Z][^\"“”]{{1,60}}?)\s?\"(?=\))"
    rf"|(?:(?<=[\s(\[—–/*])|^)(?:‘‘|''|``)\s?(?P<doubled>[^\s‘’'“”\"][^‘’'“”\"]{{0,{LONGEST_NAME}}}?)\s?(?:’’|'')"
    rf"|(?:(?<=[\s(\[—–/*])|^)[‘'`](?P<single>[^\s‘’'](?:[^‘’'“”\"]|[’'](?=\w)){{0,{LONGEST_NAME}}}?)[’'](?!\w))"
)
_CURLY = re.compile("[“”]")
_INWARD = re.compile(_QUOTED.pattern.replace("[“„«‟]", "[“„»‟]").replace('[”“»\\"]', '[”“«\\"]'))
_TRIM = "“”\"„‟«»‘’'` \t\n\u00a0*_"
_PUNCTUATION = ".,;:–— "
# A mark of an item at the start of a clause, typed in bold: "**• Abonnement**: …".
_BULLET = re.compile(r"[•·▪◦‣●○■□➢►]\s*")
# A number at the start of a clause, in bold together with the name after it: "**1.1. Rent** means …".
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)+[.):]?|\d{1,3}[.)]|\([A-Za-z0-9]{1,4}\))\s+(?=\S)")
_BEFORE_QUOTE = re.compile(r"(?P<name>[^\s(][^()]*?)\s*\((?:(?:or|also|the)\s+)?\Z")
_MARKS = tuple('“”„«»‟"')


@value_class(frozen=True, slots=True)
class Named:
    """Marked words: `text[start:end]` with quotation marks and inner punctuation, `name` without them.

    `bold` words are bold or italic, `italic` ones only italic.
    """

    name: str
    start: int
    end: int
    quoted: bool
    bold: bool
    italic: bool = False


def named(passage: Passage) -> list[Named]:
    """Return all words in quotation marks or bold in text order; bold words inside quotes occur once."""
    inline = passage.clause.inline
    text = inline.text
    apart = (mark for mark in inline.marks if mark.kind in (MarkKind.STRONG, MarkKind.EMPHASIS))
    # Bold italic words occur once.
    strong: dict[tuple[int, int], bool] = {}
    for mark in apart:
        strong[mark.start, mark.end] = strong.get((mark.start, mark.end), False) or mark.kind is MarkKind.STRONG
    found = [
        Named(name, match.start(), match.end(), True, _overlaps_any(strong, match.start(), match.end()))
        for match in _quoted(text, points_inward=not passage.grammar.is_english)
        if (name := clean(match[match.lastgroup or 0]))
    ]
    return sorted([*found, *_bold_alone(text, strong, found)], key=lambda words: words.start) if strong else found


def clean(words: str) -> str:
    """Return a name without quotation marks and final punctuation, with single spaces."""
    return " ".join(words.split()).strip(_TRIM).rstrip(_PUNCTUATION).strip(_TRIM)


def _quoted(text: str, *, points_inward: bool) -> list[re.Match[str]]:
    """Return the quoted words; with `points_inward`, also »these« if the first such mark of the text opens them."""
    if not _MARK.search(text):
        return []
    opening, closing = text.find("»"), text.find("«")
    inward = points_inward and 0 <= opening < closing
    pattern = _INWARD if inward else _QUOTED
    found: list[re.Match[str]] = []
    # The pattern is tried at the marks alone, not after each character.
    for mark in _MARK.finditer(text):
        if not found or mark.start() >= found[-1].end():
            one = pattern.match(text, mark.start())
            found += [one] if one and not _opens_another(one) else []
    return found


def _opens_another(found: re.Match[str]) -> bool:
    """Return whether quoted words end at the opening mark of others: “The list (the “List”) is kept.”"""
    if found[0][0] != "“" or found[0][-1] != "“" or found[0].rfind("(") <= found[0].rfind(")"):
        return False
    following = _CURLY.search(found.string, found.end())
    return following is not None and following[0] == "”"


def _overlaps_any(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(left < end and start < right for left, right in spans)


def _bold_alone(text: str, strong: dict[tuple[int, int], bool], quoted: list[Named]) -> list[Named]:
    """Return bold words outside quotation marks; a single mark next to them is included.

    `strong` contains whether each span is bold, or only italic.
    """
    starts = [words.start for words in quoted]
    alone = []
    for (start, end), bold in strong.items():
        at = bisect_right(starts, end) - 1
        if at >= 0 and quoted[at].end > start:
            # "**Revocation List (“CRL”)**": the name before the bracket is bold without quotes.
            before = _BEFORE_QUOTE.match(text, start, quoted[at].start)
            if not before or before.end() != quoted[at].start:
                continue
            end = before.end("name")
        number = _NUMBER.match(text, 0, end) if start == 0 else None
        start = number.end() if number else start
        bullet = _BULLET.match(text, start, end)
        start = bullet.end() if bullet else start
        name = clean(text[start:end])
        if name and len(name) <= LONGEST_NAME:
            first = start - (text[start - 1 : start] in _MARKS)
            last = end + (text[end : end + 1] in _MARKS)
            half = text[first] in _MARKS or text[last - 1] in _MARKS
            alone.append(Named(name, first, last, half, True, not bold))
    return alone


TITLE_WORDS: Final = (
    r"[A-Z0-9][\w’'&./+-]*(?:[ \t\n\u00a0]+(?:[A-Z0-9(][\w’'&./+)-]*|of|and|or|the|for|to|in|on|with|by|as|a|an)){0,9}?"
)
"""A run of words written like a name, as short as the following text allows."""

# Words that are quoted without being defined: labels, and notes beside signatures.
_QUOTED_PHRASES = wordlist(
    "as-is where-is yes no none agree accept confidential proprietary secret personal private"
) | {
    *("as is", "as available", "where is", "i accept", "i agree"),
    *("lu et approuvé", "bon pour accord", "read and approved", "gelesen und genehmigt", "leído y conforme"),
}
# A full stop after an abbreviation ends no sentence: “U.S. Privacy Laws”.
_SENTENCE_INSIDE = re.compile(
    r"[;?!]|:\s+[A-Z]|(?<!\b[A-Z]\.[A-Z])(?<!\b(?:Inc|Ltd|Sec|Art))(?<!\b(?:No|St|Co|Mr|Dr))\.\s+[A-Z]|(?<=[a-z]{4})\.\s+\d|\bhttps?:|\bwww\."
    r"|\b(?:means|has the meaning)\b"
)
_NUMBERED = re.compile(r"(?:section|article|clause|paragraph)\s+(?:\d[\d.]*|[IVXLC]+)(?:\([a-z]+\))*", re.IGNORECASE)
_NUMBERED_TITLE = re.compile(rf"{_NUMBERED.pattern}\s*[-–—:]", re.IGNORECASE)  # Section 9.3 - Amendment
_MAY_START = "([$€@#&+.*_"
_MOST_WORDS = 14


@lru_cache(maxsize=16384)
def can_be_name(name: str) -> bool:
    """Return whether marked words can be the name of a term."""
    if not name or len(name) > LONGEST_NAME or len(name.split()) > _MOST_WORDS:
        return False
    if not (name[0].isalnum() or name[0] in _MAY_START) or name.lower() in _QUOTED_PHRASES:
        return False
    if not any(character.isalpha() for character in name):
        return False
    return not (_SENTENCE_INSIDE.search(name) or _NUMBERED.fullmatch(name) or _NUMBERED_TITLE.match(name))


def is_proper(name: str) -> bool:
    """Return whether a name looks like a defined term: a capital or digit first, or a pronoun."""
    first = name[:1]
    return first.isupper() or first.isdigit() or name[:1].upper() + name[1:] in PRONOUNS or name != name.lower()


def distinct_names(words: Iterable[Named], grammar: Grammar) -> tuple[str, ...]:
    """Return the names of a definition without duplicates and without articles inside the marks (“the Company”)."""
    bare = (without_article(named.name, grammar) for named in words)
    return tuple(dict.fromkeys(name for words in bare for name in names_within(words, grammar)))


def without_article(name: str, grammar: Grammar) -> str:
    """Return a name without the article or "this" before it, and in English without a possessive ending.

    “these Terms” defines Terms, "a responsible party's (“Responsible Party's”) liability" defines Responsible Party.
    """
    bare = grammar.defining.article.sub("", name)
    if bare == name and not grammar.is_english and name.islower() and len(parts := name.split()) == _WITH_ARTICLE:
        # ("la app"): the article belongs to the words around it.
        bare = parts[1] if grammar.defining.article.match(f"{parts[0]} X") else name
    return _POSSESSIVE.sub("", bare) if grammar.is_english else bare


_LONGEST_ENDING = 3
_WITH_ARTICLE = 2
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\Z")
# Service(s), Child(ren), Policy(-ies), Person/s
_OPTIONAL_PLURAL = re.compile(
    r"(?P<singular>.*[^\W\d_])(?:\(-?(?P<plural>s|es|ies|ren|e|en|er|n|nen|a|as)\)|/-?(?P<ending>s|es|ies|ren))",
    re.IGNORECASE,
)
_OPTIONAL_ANYWHERE = re.compile(r"(?<=[^\W\d_])\(([a-z]{1,3})\)")
_OPTIONAL_INSIDE = re.compile(rf"{_OPTIONAL_ANYWHERE.pattern}(?=\s)")
_OPTIONAL_ENDING = re.compile(r"(?P<stem>.*[^\W\d_])\((?P<singular>[a-z]{1,3})/(?P<plural>[a-z]{1,3})\)", re.IGNORECASE)
_OTHER_NAME = re.compile(r"(?P<name>[^()]+?)\s+\((?:(?:or|also|the)\s+)?(?P<others>[^()]+)\)")
_STEM = 4
"""So many first letters are those of a noun and of its verb."""
_OTHER_NUMBER = re.compile(r"(?P<name>.+?)(?:\s*/\s*|\s+(?:or|and)\s+)(?P<others>.+)")
# Two words with capitals that begin or end alike.
_ALIKE = re.compile(
    r"(?=[^\W\d_])(?P<begin>\w{4})?[^\W\d_]*?(?P<end>\w{4})?\s*/\s*(?:(?P=begin)\w*|[A-ZÀ-Þ]\w*?(?P=end))"
)
# Two names in capitals with a slash between blanks.
_PROPER = r"[A-ZÀ-Þ][^\W\d_]+(?: [A-ZÀ-Þ][^\W\d_]+){0,2}"
_BOTH_PROPER = re.compile(rf"{_PROPER} / {_PROPER}")
_AND_OR = re.compile(r"(?P<name>[^/]+?)\s+(?:and/or|et/ou|und/oder|y/o)\s+(?P<others>[^/]+)")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|/|\bor\b)\s*")


@lru_cache(maxsize=32)
def _or_pattern(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of a name and its abbreviation in one pair of marks: Conditions Générales ou CG."""
    joins = "or" if grammar.is_english else grammar.referring.joins
    return re.compile(rf"(?P<name>.+?)\s+(?:{joins})\s+(?P<others>\w+|(?:\w+\s+|\w['’])\w+)")


@lru_cache(maxsize=32)
def _join_pattern(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of what joins a bracket to the name before it: Service Level Agreement (ou SLA)."""
    return re.compile(rf"\A(?:{'or' if grammar.is_english else grammar.referring.joins})\s+")


@lru_cache(maxsize=16384)
def names_within(words: str, grammar: Grammar) -> tuple[str, ...]:
    """Return the names within one pair of marks: “Service(s)”, “Registration Authority (RA)”, “Party/Parties”."""
    if _OPTIONAL_INSIDE.search(words):
        # Donnée(s) Personnelle(s), Membre(s) du Programme
        return _OPTIONAL_ANYWHERE.sub("", words), _OPTIONAL_ANYWHERE.sub(r"\1", words), words
    if both := _of_both(words, grammar):
        return words, both["name"], both["others"]
    if found := grammar.gendered.fullmatch(words):
        return words, found["name"]  # Auftraggeber:in, Client·e
    if found := _OPTIONAL_PLURAL.fullmatch(words):
        singular, plural = found["singular"], found["plural"] or found["ending"]
        replaced = {"ies": "y", "a": "um"}.get(plural.lower(), "\0")  # Policy(ies), Addendum(a)
        return singular, singular.removesuffix(replaced) + plural
    if words[-1:] == ")":
        if found := _OPTIONAL_ENDING.fullmatch(words):
            return found["stem"] + found["singular"], found["stem"] + found["plural"]
        if found := _OTHER_NAME.fullmatch(words):
            listed = _join_pattern(grammar).sub("", found["others"].strip(_TRIM))
            others = _BETWEEN_NAMES.split(listed)
            # Code Entreprise (ou Code FCE)
            joined = listed != found["others"] and not grammar.is_english and all(map(is_proper, others))
            if joined or all(_is_short_for(found["name"], other, grammar) for other in others):
                return (found["name"], *others)
            if found["others"].islower() and len(found["others"]) > _LONGEST_ENDING:
                return found["name"], words  # Unité de remplacement (swap)
    elif found := _two_names(words, grammar):
        return found["name"], found["others"]
    elif several := _alternatives(words, grammar):
        return several
    return (words,)


def _of_both(words: str, grammar: Grammar) -> re.Match[str] | None:
    """Return the match of the two genders of one name in other languages: Nutzerinnen und Nutzer."""
    found = None if grammar.is_english else _both_pattern(grammar).fullmatch(words)
    if not found:
        return None
    name, other = key(found["name"]), key(found["others"])
    return found if other in grammar.forms(name) or name in grammar.forms(other) else None


@lru_cache(maxsize=32)
def _both_pattern(grammar: Grammar) -> re.Pattern[str]:
    """Return the pattern of two words that a language joins."""
    return re.compile(rf"(?P<name>[^\W\d_]+)\s+(?:{grammar.referring.joins})\s+(?P<others>[^\W\d_]+)")


def _two_names(words: str, grammar: Grammar) -> re.Match[str] | None:
    """Return the match of a name with its other number ("Party/Parties") or its abbreviation in other languages."""
    found = _OTHER_NUMBER.fullmatch(words)
    if found:
        other = found["others"]
        if other.capitalize() in PRONOUNS or key(other) in grammar.forms(key(found["name"])):
            return found
        if "/" in words and (
            _abbreviates(other, found["name"]) or _ALIKE.fullmatch(words) or _BOTH_PROPER.fullmatch(words)
        ):
            return found  # “Merchant Report / MR”, “Unavailable/Unavailability”, “Importer/Exporter”, “Job / Work”
    both = _AND_OR.fullmatch(words)
    if both and is_proper(both["others"]):
        return both  # « Application et/ou Application Mobile »
    found = _or_pattern(grammar).fullmatch(words)
    if not found or not found["others"].isupper():
        return None
    return found if not grammar.is_english or _abbreviates(found["others"], found["name"]) else None


def _alternatives(words: str, grammar: Grammar) -> tuple[str, ...]:
    """Return the three or more names of one thing, “Platform Services or Services or Platform”, or in other languages
    the two numbers of one name, « Clients ou le Client ».
    """
    if grammar.is_english:
        parts = words.split(" or ")
        return tuple(parts) if len(parts) > 2 and all(map(is_proper, parts)) else ()
    found = _or_pattern(grammar).fullmatch(words)
    names = (found["name"], without_article(found["others"], grammar)) if found else ()
    return names if names and key(names[1]) in grammar.forms(key(names[0])) else ()


def _is_short_for(name: str, other: str, grammar: Grammar) -> bool:
    """Return whether two names have the same meaning: an abbreviation, another number, or some of the words."""
    if not other:
        return False
    if key(other) in grammar.forms(key(name)) or set(other.split()) < set(name.split()):
        return True
    if grammar.is_english and " " not in name + other and name[:_STEM].lower() == other[:_STEM].lower():
        return True  # Submission (Submit)
    return _abbreviates(other, name) or _abbreviates(name, other)


def _abbreviates(short: str, name: str) -> bool:
    capitals = sum(character.isupper() for character in short)
    return " " not in short and capitals >= 2 and len(name) > len(short) and short[:1].lower() == name[:1].lower()


def clause_title(clause: Clause) -> str:
    """Return the name of a section, or the short text of an item that serves as its heading."""
    if clause.kind is ClauseKind.SECTION:
        return clause.name or clause.inline.text
    if clause.kind is ClauseKind.ITEM:
        text = clause.inline.text
        return text[after_number(text) :] if len(text) <= LONGEST_NAME else ""
    return ""


def in_definitions(passage: Passage, outline: Outline) -> bool:
    """Return whether a passage is in a definitions section or in a list introduced as definitions."""
    lead = outline.lead_titles.get(id(passage.clause), "")
    if is_attachment(lead):
        return False
    listing = passage.grammar.defining.listing
    titles = (lead, *(clause_title(clause) for clause in passage.around), *map(_heading_within, passage.around[1:]))
    if any(title and listing.search(title) for title in titles):
        return True
    return introduces_definitions(introduction(passage), passage.grammar)


def _heading_within(item: Clause) -> str:
    """Return the heading that begins an item of a list, and heads its other blocks: `2. ### Definitions`."""
    first = next(iter(item.children), None) if item.kind is ClauseKind.ITEM else None
    return first.name if first is not None and first.kind is ClauseKind.SECTION else ""


_INTRODUCING = ("follow", "def", "mean")
"""Parts of words without which no English text introduces definitions; most texts have none of them."""


@of_words
def introduces_definitions(before: str, grammar: Grammar) -> bool:
    """Return whether a text introduces what follows as definitions: "In these terms, the following words mean:"."""
    defining = grammar.defining
    if before.endswith(":") and defining.listing.search(before[:60]):
        return True
    if grammar.is_english:
        lower = before.lower()
        if not any(part in lower for part in _INTRODUCING):
            return False
    return defining.introduces_list.search(before) is not None


def introduction(passage: Passage) -> str:
    """Return the text that introduces the list around a passage: the item around it, or the paragraph before.

    The result is empty if no such text introduces it.
    """
    for at in range(len(passage.around) - 1, 0, -1):
        clause, parent = passage.around[at], passage.around[at - 1]
        if clause.kind is ClauseKind.ITEM and clause.inline.text:
            return clause.inline.text
        if clause.kind in (ClauseKind.LIST, ClauseKind.TABLE):
            before = _sibling_before(parent, clause)
            if before is not None and before.kind is ClauseKind.PARAGRAPH:
                return before.inline.text
    return ""


def _sibling_before(parent: Clause, clause: Clause) -> Clause | None:
    previous = None
    for child in parent.children:
        if child is clause:
            return previous
        previous = child
    return None
