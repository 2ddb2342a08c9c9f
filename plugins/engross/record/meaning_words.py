"""Words that carry meaning by themselves, by kind and language: a change of one is hardly ever editorial.

A document's language is not recorded, so the words of all languages count in every document.
"""

from __future__ import annotations

from collections.abc import Mapping

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
