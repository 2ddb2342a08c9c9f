"""Forms of words and names for matching: singular, plural, participle, and text without invisible characters.

Terms are found even if the text contains soft hyphens, zero-width characters or decomposed accents. Only texts with
such characters are copied. A possessive is not a form, because the apostrophe ends the word ("Party’s", "Parties’").
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language.sentences import wordlist, words
from engross.language.verbs import verb_forms

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPECIAL = re.compile(f"[{_INVISIBLE}\u0300-\u036f]")
_CLUSTER = re.compile(f"[{_INVISIBLE}]+|.[\u0300-\u036f{_INVISIBLE}]*", re.DOTALL)
_DROP = dict.fromkeys(map(ord, _INVISIBLE))


@value_class(frozen=True, slots=True)
class Plain:
    """A text for matching. `text[i]` comes from `starts[i]` to `ends[i]` of the original; None: from the same place."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that `text[start:end]` comes from (`end` after `start`)."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """Return a text for matching; without special characters it is the text itself."""
    if text.isascii() or not _SPECIAL.search(text):
        return Plain(text)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CLUSTER.finditer(text):
        composed = plain_name(found[0])
        parts.append(composed)
        starts.extend([found.start()] * len(composed))
        ends.extend([found.start() + len(found[0].rstrip(_INVISIBLE))] * len(composed))
    return Plain("".join(parts), tuple(starts), tuple(ends))


def plain_name(words: str) -> str:
    """Return words in the form in which they are compared: no invisible characters, accents composed."""
    if words.isascii():
        return words
    return unicodedata.normalize("NFC", words.translate(_DROP))


# Singulars with plurals that no rule gives, each with all its plurals.
_IRREGULAR: dict[str, tuple[str, ...]] = {
    singular: tuple(plurals.split("/"))
    for singular, plurals in (
        pair.split("=")
        for pair in words(
            "person=people/persons child=children man=men woman=women foot=feet tooth=teeth mouse=mice ox=oxen "
            "addendum=addenda/addendums memorandum=memoranda/memorandums referendum=referenda/referendums "
            "corrigendum=corrigenda erratum=errata moratorium=moratoria/moratoriums medium=media/mediums datum=data "
            "consortium=consortia/consortiums curriculum=curricula forum=forums/fora quorum=quorums "
            "symposium=symposia/symposiums millennium=millennia stadium=stadiums/stadia "
            "criterion=criteria phenomenon=phenomena schema=schemas/schemata formula=formulas/formulae "
            "antenna=antennas/antennae analysis=analyses basis=bases thesis=theses synthesis=syntheses "
            "hypothesis=hypotheses crisis=crises axis=axes diagnosis=diagnoses emphasis=emphases "
            "appendix=appendices/appendixes index=indices/indexes matrix=matrices/matrixes vertex=vertices/vertexes "
            "codex=codices status=statuses bonus=bonuses census=censuses campus=campuses virus=viruses bus=buses "
            "corpus=corpora/corpuses genus=genera focus=focuses/foci locus=loci nucleus=nuclei radius=radii/radiuses "
            "stimulus=stimuli syllabus=syllabi/syllabuses alumnus=alumni apparatus=apparatuses "
            "consensus=consensuses prospectus=prospectuses surplus=surpluses nexus=nexuses terminus=termini/terminuses "
            "lens=lenses gas=gases bias=biases atlas=atlases canvas=canvases alias=aliases "
            "leaf=leaves shelf=shelves half=halves life=lives wife=wives knife=knives self=selves wolf=wolves "
            "thief=thieves calf=calves loaf=loaves hero=heroes potato=potatoes tomato=tomatoes echo=echoes "
            "veto=vetoes embargo=embargoes cargo=cargoes/cargos "
            "stratum=strata spectrum=spectra/spectrums bacterium=bacteria automaton=automata/automatons optimum=optima "
            "quantum=quanta equilibrium=equilibria honorarium=honoraria/honorariums compendium=compendia/compendiums "
            "aquarium=aquariums/aquaria desideratum=desiderata larva=larvae vertebra=vertebrae alumna=alumnae "
            "fungus=fungi/funguses vortex=vortices/vortexes hoof=hooves/hoofs scarf=scarves/scarfs goose=geese "
            "parenthesis=parentheses ellipsis=ellipses synopsis=synopses prognosis=prognoses antithesis=antitheses "
            "prosthesis=prostheses oasis=oases passerby=passersby"
        )
    )
}
_SINGULARS = {plural: singular for singular, plurals in _IRREGULAR.items() for plural in plurals}
# Last parts of words that change like a word of their own: Salesman, Spokesperson, Subindex.
_IRREGULAR_ENDS = ("person", "man", "woman", "child", "index", "matrix", "analysis", "criterion")
# Words with only one form, or whose singular has another meaning: goods and good, the terms of a contract and a term.
_ONE_FORM = wordlist(
    "data information software hardware firmware equipment feedback personnel goodwill know-how documentation "
    "confidentiality knowledge advice evidence insurance cash staff content research "
    "goods means premises proceeds earnings savings arms securities customs damages minutes series species news "
    "politics physics economics logistics analytics metadata ethics headquarters us this its his "
    "thereof hereof always else"
)
# Words with only one form where they stand alone: the works of a building contract, but a derivative work; the terms of
# a contract and its term, but several renewal terms.
_ONE_FORM_ALONE = wordlist("works term terms")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)\Z")
_PREPOSITION = re.compile(r" (?:of|in|for|to|with|from|by|at|on|under) |-(?:of|in|at|to|by)-")
# What follows the noun of a name: Attorneys General, Passers-by.
_AFTER_NOUN = re.compile(
    r"[ -](?:general|public|martial|elect|designate|emeritus|payable|receivable)\Z"
    r"|(?:(?<=er)|(?<=ers))-(?:by|on|up)\Z",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")


@lru_cache(maxsize=4096)
def key(words: str) -> str:
    """Return words as lookup key: single spaces, plain hyphens and apostrophes, no invisible characters."""
    words = plain_name(words)
    if not words.isascii():
        words = words.replace("’", "'").replace("‑", "-").replace("‐", "-")
    return " ".join(words.split())


@lru_cache(maxsize=65536)
def forms(name: str) -> tuple[str, ...]:
    """Return the other forms of a name: of its last word, and of the one before a preposition ("Notice of Breach") or
    an adjective ("Attorney General").

    `name` and the forms are keys; the name itself is not included.
    """
    found = [*_last_word_forms(name), *verb_forms(name)]
    inner = _PREPOSITION.search(name)
    if inner and name.count(" ", 0, inner.start()) <= 1:
        found += [form + name[inner.start() :] for form in _last_word_forms(name[: inner.start()])]
    if after := _AFTER_NOUN.search(name):
        found += [form + name[after.start() :] for form in _last_word_forms(name[: after.start()])]
    return tuple(dict.fromkeys(form for form in found if form != name))


def _last_word_forms(name: str) -> list[str]:
    last = _LAST_WORD.search(name)
    if not last or len(last[0]) < 2:
        return []
    word, before = last[0], name[: last.start()]
    if not before and word.lower() in _ONE_FORM_ALONE:
        return []
    return [before + _with_capitals_of(word, form) for form in _counted(word.lower(), word)]


def _counted(word: str, as_written: str) -> list[str]:
    """Return the plural of a singular and the singular of a plural; a word may look like both."""
    if word in _ONE_FORM:
        return []
    if as_written.isupper() and len(as_written) > 1:
        return [word + "s"] if not word.endswith("s") else []
    if word in _IRREGULAR:
        return [*_IRREGULAR[word]]
    if word in _SINGULARS:
        return [_SINGULARS[word]]
    for singular in _IRREGULAR_ENDS:
        if word.endswith(singular) and word != "human":
            return [word.removesuffix(singular) + plural for plural in _IRREGULAR[singular]]
        for plural in _IRREGULAR[singular]:
            if word.endswith(plural):
                return [word.removesuffix(plural) + singular]
    return _singulars(word) or [_plural(word)]


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.search(word) else "s")


def _singulars(word: str) -> list[str]:
    """Return the possible singulars of a word that looks like a plural; none if it does not."""
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < 4:
        return []
    if word.endswith("ies") and len(word) > 4:
        return [word[:-3] + "y", word[:-1]]
    if word.endswith(("sses", "xes", "zzes", "ches", "shes")):
        return [word[:-2]]
    return [word[:-1]]


def _with_capitals_of(word: str, form: str) -> str:
    """Return the form with the capitals of the original word (EULA → EULAs)."""
    if word.isupper() and len(word) > 1:
        return word + "s" if form == word.lower() + "s" else form.upper()
    return form[:1].upper() + form[1:] if word[:1].isupper() else form
