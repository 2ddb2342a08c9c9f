"""Words that carry meaning by themselves, by kind and language, and which of them two stretches of text differ in.

A document's language is not recorded, so the words of all languages count in every document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import OSA

_NEGATIONS = (
    "no not never none nor neither nobody nothing without unless except excepting excluding cannot non",
    "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne außer ausgenommen weder",
    "ne pas jamais aucun aucune sans sauf excepté hormis",
    "nunca jamás ningún ninguno ninguna sin salvo excepto",
)
_MODALS = (
    "may must shall will should can might could would ought",
    "darf dürfen dürfte muss müssen müsste soll sollen sollte kann können könnte wird werden",
    "peut peuvent pourra pourront doit doivent devra devront faut",
    "puede pueden podrá podrán debe deben deberá deberán",
)
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion dozen "
    "half quarter twice double triple first second third fourth fifth sixth seventh eighth ninth tenth",
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn zwanzig dreißig sechzig neunzig hundert "
    "tausend hälfte doppelt",
    "deux trois quatre cinq sept huit neuf dix onze douze quatorze quinze vingt trente quarante soixante cent mille "
    "moitié double",
    "dos tres cuatro cinco seis siete ocho nueve diez once doce catorce quince veinte treinta sesenta noventa cien "
    "ciento mil mitad doble",
)
_UNITS = (
    "second seconds minute minutes hour hours day days week weeks month months year years annual monthly weekly daily "
    "percent per cent dollar dollars euro euros pound pounds yen franc francs crown crowns "
    "usd eur gbp chf jpy cad aud cny inr sek nok dkk pln",
    "tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde stunden prozent",
    "jour jours semaine semaines mois an ans année années heure heures",
    "día días semana semanas mes meses año años hora horas",
)
_DATES = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday",
    "januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "janvier février mars avril juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
NEGATION, MODAL, NUMBER, UNIT, DATE = "negation", "modal verb", "number", "amount or period", "date"


def _by_word() -> Mapping[str, str]:
    kinds = ((DATE, _DATES), (UNIT, _UNITS), (NUMBER, _NUMBERS), (MODAL, _MODALS), (NEGATION, _NEGATIONS))
    return {word: kind for kind, languages in kinds for line in languages for word in line.split()}


KIND_OF: Mapping[str, str] = _by_word()
"""The kind of each word, in small letters; "may" is a modal verb first."""

OPPOSITES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "and or",
        "before after",
        "more less fewer",
        "most least",
        "minimum maximum",
        "above below",
        "include exclude includes excludes including excluding",
        "increase decrease increases decreases",
        "und oder",
        "et ou",
        "y o",
    )
)
"""Words of which one in place of another turns a rule around."""

REVERSING = ("un", "in", "im", "il", "ir", "non", "non-", "dis")
"""What turns a word into its opposite when put before it: exclusive, nonexclusive."""

_EDGES = "“”„‚‘’'\"«»()[]{}.,;:!?…"
_PARTS = re.compile(r"['’\-‐‑/]")
_LONG = 6
"""Letters of a word from which on two of them may be wrong in a misspelling."""


def changed_kind(old: str, new: str) -> str:
    """The kind of the first word in which two stretches differ and that carries meaning; empty where there is none."""
    before, after = list(_significant(old)), list(_significant(new))
    for at in range(max(len(before), len(after))):
        one, other = before[at : at + 1], after[at : at + 1]
        if one != other:
            return (one or other)[0][0]
    was, now = ({word.strip(_EDGES).lower() for word in text.split()} for text in (old, new))
    gone, come = was - now, now - was
    if any(gone & group and come & group for group in OPPOSITES):
        return "word of opposite meaning"
    return NEGATION if _reversed(gone, come) or _reversed(come, gone) else ""


def _reversed(words: Iterable[str], others: set[str]) -> bool:
    return any(before + word in others for word in words if len(word) > 3 for before in REVERSING)


def _significant(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text that carry meaning by themselves, with their kinds, in one form each."""
    for word in text.split():
        bare = word.strip(_EDGES).lower().replace("’", "'")
        if any(sign.isdigit() for sign in bare):
            yield NUMBER, bare
        elif bare.endswith("n't") or bare == "cannot":
            yield from _contracted(bare)
        else:
            yield from _parts(bare)


def _contracted(word: str) -> Iterator[tuple[str, str]]:
    """A modal verb and its negation in one word: can't, won't, cannot."""
    base = {"won't": "will", "shan't": "shall", "can't": "can", "cannot": "can"}.get(word, word.removesuffix("n't"))
    if KIND_OF.get(base) == MODAL:
        yield MODAL, base
    yield NEGATION, "not"


def _parts(word: str) -> Iterator[tuple[str, str]]:
    parts = _PARTS.split(word)
    for at, part in enumerate(parts):
        # French n’est, English he’ll.
        written = {("n", 0): "ne", ("ll", 1): "will"}.get((part, at), part) if len(parts) > 1 else part
        if written in KIND_OF:
            yield KIND_OF[written], written
        elif any(sign in part for sign in "%$€£¥"):
            yield NUMBER, part


def spelt_otherwise(old: str, new: str) -> bool:
    """Whether the same words stand on both sides, but for punctuation and misspellings."""
    before, after = (list(filter(None, (word.strip(_EDGES) for word in text.split()))) for text in (old, new))
    return len(before) == len(after) and all(map(_alike, before, after))


def _alike(old: str, new: str) -> bool:
    if old == new:
        return True
    shortest = min(len(old), len(new))
    # Employer and employee are two words.
    if old[:1].isupper() != new[:1].isupper() or shortest < 4 or old.endswith("ee") != new.endswith("ee"):
        return False
    return OSA.distance(old.lower(), new.lower()) <= (1 if shortest < _LONG else 2)
