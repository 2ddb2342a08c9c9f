"""Words that carry legal meaning, by kind: modal verbs, negations, limits, periods. Each language has its own."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language.phrases import FOLDER, pattern_of, read_data
from engross.language.word_forms import plain_name

NEGATION, MODAL, NUMBER, UNIT, DATE = "negation", "modal verb", "number", "amount or period", "date"
FIGURES = (NUMBER, UNIT, DATE)
LIMIT, ONLY, RIGHT = "limit", "restriction", "right or duty"

_WORDS = ((DATE, "dates"), (UNIT, "units"), (NUMBER, "numbers"), (MODAL, "modals"), (NEGATION, "negations"))
_PHRASES = ((UNIT, "periods"), (LIMIT, "limits"), (ONLY, "restrictions"), (RIGHT, "rights"))


@value_class(frozen=True, slots=True, eq=False)
class _Legal:
    """The words of all languages: the kind and the compared form of each word in `known`, and the groups of words of
    opposite meaning, by the number of their side. Each meaning of a phrase has a group in the pattern `phrase`, whose
    kinds are in `kinds`.
    """

    known: Mapping[str, tuple[str, str]]
    sides: tuple[Mapping[str, int], ...]
    phrase: re.Pattern[str]
    kinds: Mapping[str, str]


@lru_cache(maxsize=1)
def _legal() -> _Legal:
    data = [read_data(path) for path in sorted(FOLDER.glob("*/meaning.toml"), key=_english_first)]
    # The later kind wins: "may" is a modal verb.
    words = ((kind, group.split("/")) for kind, name in _WORDS for one in data for group in one[name].split())
    phrases: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, table in _PHRASES:
        for one in data:
            for meaning, found in one.get(table, {}).items():
                phrases[kind, meaning] += map(pattern_of, found)
    groups = [f"(?P<p{at}>{'|'.join(found)})" for at, found in enumerate(phrases.values())]
    return _Legal(
        known={word: (kind, group[0]) for kind, group in words for word in group},
        sides=tuple(
            {word: side for side, names in enumerate(line.split(" / ")) for word in names.split()}
            for one in data
            for line in one["opposites"]
        ),
        phrase=re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)", re.IGNORECASE),
        kinds={f"p{at}": kind for at, (kind, _) in enumerate(phrases)},
    )


def _english_first(path: Path) -> tuple[bool, str]:
    return path.parent.name != "en", path.parent.name


_PERCENT = re.compile(r"\s*(?:%|\bper cent\b)", re.IGNORECASE)

REVERSING = ("un", "in", "im", "il", "ir", "non", "non-", "dis")
"""Prefixes that reverse the meaning of a word: exclusive, nonexclusive."""

_EDGES = "“”„‚‘’'\"«»()[]{}.,;:!?…"
_PARTS = re.compile(r"['’\-‐‑/]")
_ROMAN = re.compile(r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_LONGEST_ROMAN = 8
_LARGE_ROMAN = re.compile(r"[IVX]{2,}")
# Words before a letter that identifies one of several: "Part C", "Section (b)".
_NUMBERED = re.compile(
    r"(?:sections?|clauses?|articles?|paragraphs?|parts?|schedules?|annex(?:es)?|appendix|exhibits?|chapters?|items?"
    r"|points?|tiers?|levels?|classe?s?|abschnitt|ziffer|artikel|absatz|anhang|anlage|teil|annexe|partie|alinéa|titre"
    r"|anexo|sección|cláusula|artículo|apartado|parte)",
    re.IGNORECASE,
)
# Words before the name of a month.
_BEFORE_MONTH = re.compile(
    "in|by|before|after|until|till|since|from|of|during|through|to|each|every|next|last", re.IGNORECASE
)
_LONG = 6
"""The number of letters from which a word may contain two wrong letters and still count as a misspelling."""


def changed_kind(old: str, new: str, before: str = "", after: str = "") -> str:
    """Return the kind of the first word that carries meaning and differs between two texts, or an empty string.

    `before` and `after` are the words around both texts; some words can be classified only by their neighbours.
    """
    old_words, new_words = (list(_significant(f"{before} {text} {after}".strip())) for text in (old, new))
    while old_words and new_words and old_words[-1] == new_words[-1]:
        old_words.pop()
        new_words.pop()
    at = next(
        (at for at, (one, other) in enumerate(zip(old_words, new_words, strict=False)) if one != other),
        min(len(old_words), len(new_words)),
    )
    differing = old_words[at : at + 1] or new_words[at : at + 1]
    removed, added = _only_in(old, new), _only_in(new, old)
    reverses = _reversed(removed, added) or _reversed(added, removed)
    if differing and not (reverses and differing[0][0] in (ONLY, RIGHT)):
        # To a reader, a misspelt word for a right means the same.
        return "" if (not old_words or not new_words) and _is_spelling(differing[0][0], old, new) else differing[0][0]
    if any(_opposed(sides, removed, added) for sides in _legal().sides):
        return "word of opposite meaning"
    return NEGATION if reverses else ""


_NO_FIGURES = frozenset({"once", "per"})
"""Words that are no figures by themselves; "once" is a number in Spanish."""
_ARTICLE = re.compile("an?|eine?[nrm]?|une?|una", re.IGNORECASE)


def figures_in(text: str) -> list[str]:
    """Return the numbers, amounts, periods and dates in a text; neighbouring words of these kinds are one: 30 days."""
    words = text.split()
    groups: list[list[int]] = []
    for at, word in enumerate(words):
        kinds = {kind for kind, _ in _of_words([word], (words[at + 1 :] or [""])[0])}
        if kinds.isdisjoint(FIGURES):
            continue
        if groups and groups[-1][-1] == at - 1:
            groups[-1].append(at)
        elif at and _ARTICLE.fullmatch(words[at - 1]):
            groups.append([at - 1, at])
        else:
            groups.append([at])
    found = (" ".join(words[at] for at in group).strip(_EDGES) for group in groups)
    return [figure for figure in found if figure.lower() not in _NO_FIGURES]


def _is_spelling(kind: str, old: str, new: str) -> bool:
    return kind in (LIMIT, ONLY, RIGHT) and bool(old.strip() and new.strip()) and spelt_otherwise(old, new)


def _only_in(text: str, other: str) -> set[str]:
    words, others = ({word.strip(_EDGES).lower() for word in plain_name(one).split()} for one in (text, other))
    return words - others


def _opposed(sides: Mapping[str, int], removed: Iterable[str], added: Iterable[str]) -> bool:
    """Return whether the removed and the added words belong to different sides of one group."""
    left = {sides[word] for word in removed if word in sides}
    right = {sides[word] for word in added if word in sides}
    return bool(left - right and right - left)


def _reversed(words: Iterable[str], others: set[str]) -> bool:
    return any(before + word in others for word in words if len(word) > 3 for before in REVERSING)


def _significant(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and a normal form of each word and phrase in a text that carries meaning."""
    text = _PERCENT.sub(" percent ", text.replace("’", "'"))
    at = 0
    for found in _legal().phrase.finditer(" ".join(text.split())):
        group = found.lastgroup or ""
        yield from _of_words(found.string[at : found.start()].split(), found[0].split()[-1])
        yield _legal().kinds[group], group
        at = found.end()
    yield from _of_words(" ".join(text.split())[at:].split())


def _of_words(words: Sequence[str], follows: str = "") -> Iterator[tuple[str, str]]:
    """Yield the kinds of consecutive words that carry meaning; `follows` is the word after them."""
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else follows
        bare = word.strip(_EDGES)
        small = bare.lower()
        if _is_number(word, bare, before, after):
            yield NUMBER, small
        elif bare == "May" and _is_month(before, after):
            yield DATE, small
        elif small.endswith("n't") or small == "cannot":
            yield from _contracted(small)
        else:
            yield from _parts(small)


def _is_number(word: str, bare: str, before: str, after: str) -> bool:
    """Return whether a word contains a digit, is a Roman numeral, or is a letter that identifies a part: Part C."""
    if any(sign.isnumeric() for sign in bare):
        return True
    if not bare.isalpha() or len(bare) > _LONGEST_ROMAN:
        return False
    bracketed = word.startswith("(") and word.rstrip(".,;:").endswith(")")
    if _NUMBERED.fullmatch(before) and (bracketed or (bare.isupper() and (len(bare) == 1 or _is_roman(bare)))):
        return True
    if _LARGE_ROMAN.fullmatch(bare):
        return _is_roman(bare)
    return (
        _is_roman(bare)
        and _legal().known.get(after.strip(_EDGES).lower(), ("", ""))[0] == UNIT
        and bare not in ("I", "i")
    )


def _kind(word: str) -> str:
    return _legal().known.get(word, ("", ""))[0]


def _is_roman(word: str) -> bool:
    return bool(_ROMAN.fullmatch(word.lower()))


def _is_month(before: str, after: str) -> bool:
    """Return whether "May" between two words is a month: next to a number, or after a word such as "in"."""
    numbers = any(sign.isdigit() for sign in before + after)
    return numbers or bool(_BEFORE_MONTH.fullmatch(before))


def _contracted(word: str) -> Iterator[tuple[str, str]]:
    """Yield the modal verb and the negation in one word: can't, won't, cannot."""
    base = {"won't": "will", "shan't": "shall", "can't": "can", "cannot": "can"}.get(word, word.removesuffix("n't"))
    if _kind(base) == MODAL:
        yield MODAL, base
    yield NEGATION, "not"


def _parts(word: str) -> Iterator[tuple[str, str]]:
    parts = _PARTS.split(word)
    for at, part in enumerate(parts):
        # French "n’est", English "he’ll".
        written = {("n", 0): "ne", ("ll", 1): "will"}.get((part, at), part) if len(parts) > 1 else part
        if written in _legal().known:
            yield _legal().known[written]
        elif any(unicodedata.category(sign) == "Sc" for sign in part):
            yield NUMBER, part


def spelt_otherwise(old: str, new: str) -> bool:
    """Return whether two texts have the same words except for punctuation and misspellings."""
    before, after = (list(filter(None, (word.strip(_EDGES) for word in text.split()))) for text in (old, new))
    return len(before) == len(after) and all(map(_is_misspelling, before, after))


def _is_misspelling(old: str, new: str) -> bool:
    if old == new:
        return True
    shortest = min(len(old), len(new))
    # Employer and employee are different words.
    if old[:1].isupper() != new[:1].isupper() or shortest < 4 or old.endswith("ee") != new.endswith("ee"):
        return False
    return OSA.distance(old.lower(), new.lower()) <= (1 if shortest < _LONG else 2)
