"""Words that carry legal meaning, by kind and language: modal verbs, negations, limits, periods."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

import engross.common.lazy_re as re
from engross.language.word_forms import plain_name

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
    "second/seconds minute/minutes hour/hours day/days week/weeks month/months year/years dollar/dollars euro/euros "
    "pound/pounds franc/francs crown/crowns yen annual monthly weekly daily hourly yearly quarterly percent per "
    "usd eur gbp chf jpy cad aud cny inr sek nok dkk pln",
    "tag/tage/tagen woche/wochen monat/monate/monaten jahr/jahre/jahren stunde/stunden prozent "
    "werktag/werktage/werktagen arbeitstag/arbeitstage/arbeitstagen kalendertag/kalendertage/kalendertagen",
    "jour/jours semaine/semaines mois ans année/années heure/heures",
    "día/días semana/semanas mes/meses año/años hora/horas",
)
_DATES = (
    "january february march april june july august september october november december noon midnight "
    "monday tuesday wednesday thursday friday saturday sunday",
    "januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "lunes martes miércoles jueves viernes sábado domingo",
)
NEGATION, MODAL, NUMBER, UNIT, DATE = "negation", "modal verb", "number", "amount or period", "date"
FIGURES = (NUMBER, UNIT, DATE)
LIMIT, ONLY, RIGHT = "limit", "restriction", "right or duty"

_PHRASES: tuple[tuple[str, str], ...] = (
    (UNIT, r"business[ -]days?|working[ -]days?|jours? ouvrés?|días? (?:hábil|hábiles|laborables?)"),
    (UNIT, "calendar[ -]days?|jours? calendaires?|días? naturales?"),
    (
        LIMIT,
        "at least|a minimum of|(?:no|not) (?:less|fewer) than|mindestens|wenigstens|au moins|al menos|por lo menos",
    ),
    (LIMIT, "at (?:the )?most|up to|a maximum of|(?:no|not) (?:more|greater) than|not (?:exceeding|to exceed)"),
    (LIMIT, "höchstens|maximal|bis zu|au plus(?! t(?:ôt|ard))|au maximum|jusqu'à|como máximo|a lo sumo"),
    (LIMIT, "(?:no|not) later than|at the latest|spätestens|au plus tard|a más tardar"),
    (LIMIT, "(?:no|not) (?:earlier|sooner) than|at the earliest|frühestens|au plus tôt"),
    (LIMIT, "(?:more|greater) than|in excess of|exceeding|mehr als|plus de|más de"),
    (LIMIT, "(?:less|fewer) than|weniger als|moins de|menos de"),
    (LIMIT, "later than|später als"),
    (LIMIT, "(?:earlier|sooner) than|früher als"),
    (LIMIT, "or (?:more|greater|longer)|oder mehr|ou plus|o más"),
    (LIMIT, "or (?:less|fewer|shorter)|oder weniger|ou moins|o menos"),
    (LIMIT, "or later|oder später|o posterior"),
    (LIMIT, "or (?:earlier|sooner)|oder früher|o anterior"),
    (ONLY, "only|solely|merely|exclusively|nur|lediglich|ausschließlich|seulement|uniquement|exclusivement"),
    (ONLY, "s[oó]lo|solamente|únicamente|exclusivamente"),
    (ONLY, "sole|exclusive|alleinige[nrsm]?|ausschließliche[nrsm]?|exclusif|exclusiv[oa]"),
    (RIGHT, "entitle[ds]?|permit(?:s|ted)?|allow(?:s|ed)?|authori[sz]e[ds]?|free to|has the right|have the right"),
    (RIGHT, "berechtigt|erlaubt|gestattet|zulässig|befugt|autorisée?s?|permise?s?|habilitée?s?"),
    (RIGHT, "permitid[oa]s?|autorizad[oa]s?|facultad[oa]s?"),
    (RIGHT, "prohibit(?:s|ed)?|forbid(?:s|den)?|den(?:y|ies|ied)|barred|banned|disallow(?:s|ed)?"),
    (RIGHT, "verboten|untersagt|unzulässig|verweigert|interdite?s?|défendue?s?|prohibid[oa]s?|prohíbe|denegad[oa]s?"),
    (RIGHT, "(?:required|obliged|obligated|bound|compelled)(?= to)|mandatory|obligatory"),
    (RIGHT, "verpflichtet|zwingend|tenue?s? de|obligée?s? de|obligatoires?|obligad[oa]s? a|obligatori[oa]s?"),
    (RIGHT, "optional|voluntary|freiwillig|facultati(?:f|ve)s?|opcional(?:es)?|voluntari[oa]s?"),
    (RIGHT, "liable|haftet|haften|haftbar|responsables?"),
)
"""Phrases with their kinds; the phrases in one line have the same meaning."""

_OPPOSITES = (
    "and / or",
    "within / after following / before prior / until till / from since / during / by",
    "more / less fewer",
    "most / least",
    "minimum / maximum",
    "above over / below under",
    "inside / outside",
    "higher greater longer / lower smaller lesser shorter",
    "earlier sooner / later",
    "include includes including / exclude excludes excluding",
    "increase increases increased / decrease decreases decreased / reduce reduces reduced",
    "each every / any / all / some",
    "either / both",
    "always / sometimes / usually",
    "joint jointly / several severally",
    "accept accepts accepted / reject rejects rejected / refuse refuses refused",
    "grant grants granted / revoke revokes revoked / deny denies denied",
    "begin begins start starts / end ends expire expires",
    "renew renews renewed / terminate terminates terminated",
    "public / private confidential",
    "gross / net",
    "und / oder",
    "innerhalb binnen / nach / vor / bis / ab seit / während",
    "jeder jede jedes jeden jedem / alle allen aller / einige einigen",
    "entweder / beide beiden",
    "et / ou",
    "dans sous / après / avant / jusqu jusqu'au / dès depuis / pendant",
    "chaque / tout toute tous toutes / quelques certains certaines",
    "y / o",
    "dentro / después tras / antes / hasta / desde / durante",
    "cada / todo toda todos todas / algunos algunas / cualquier cualquiera",
    "ambos ambas / uno una",
)
"""Groups of words that change a rule if one replaces another; slashes separate words of different meaning."""


def _by_word() -> Mapping[str, tuple[str, str]]:
    kinds = ((DATE, _DATES), (UNIT, _UNITS), (NUMBER, _NUMBERS), (MODAL, _MODALS), (NEGATION, _NEGATIONS))
    groups = ((kind, group.split("/")) for kind, lines in kinds for line in lines for group in line.split())
    return {word: (kind, group[0]) for kind, group in groups for word in group}


_KNOWN = _by_word()
"""The kind and the compared form of each word, in lower case; the earlier kind wins ("may" is a modal verb)."""
_SIDES = tuple(
    {word: side for side, words in enumerate(line.split(" / ")) for word in words.split()} for line in _OPPOSITES
)
_PHRASE = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<p{at}>{phrases})' for at, (_, phrases) in enumerate(_PHRASES))})(?!\w)", re.IGNORECASE
)
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
    if any(_opposed(sides, removed, added) for sides in _SIDES):
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
    for found in _PHRASE.finditer(" ".join(text.split())):
        group = found.lastgroup or ""
        yield from _of_words(found.string[at : found.start()].split(), found[0].split()[-1])
        yield _PHRASES[int(group[1:])][0], group
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
    return _is_roman(bare) and _KNOWN.get(after.strip(_EDGES).lower(), ("", ""))[0] == UNIT and bare not in ("I", "i")


def _is_roman(word: str) -> bool:
    return bool(_ROMAN.fullmatch(word.lower()))


def _is_month(before: str, after: str) -> bool:
    """Return whether "May" between two words is a month: next to a number, or after a word such as "in"."""
    numbers = any(sign.isdigit() for sign in before + after)
    return numbers or bool(_BEFORE_MONTH.fullmatch(before))


def _contracted(word: str) -> Iterator[tuple[str, str]]:
    """Yield the modal verb and the negation in one word: can't, won't, cannot."""
    base = {"won't": "will", "shan't": "shall", "can't": "can", "cannot": "can"}.get(word, word.removesuffix("n't"))
    if _KNOWN.get(base, ("", ""))[0] == MODAL:
        yield MODAL, base
    yield NEGATION, "not"


def _parts(word: str) -> Iterator[tuple[str, str]]:
    parts = _PARTS.split(word)
    for at, part in enumerate(parts):
        # French "n’est", English "he’ll".
        written = {("n", 0): "ne", ("ll", 1): "will"}.get((part, at), part) if len(parts) > 1 else part
        if written in _KNOWN:
            yield _KNOWN[written]
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
