"""Reads the name right before a reference: "RFC 3647, Section 6.2", "Companies Act 2006, s. 6.2", "DPA Section 3"."""

from __future__ import annotations

from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import wordlist

_WIDEST = 90
_JOINING: Final = wordlist("of and for on the to")
_STARTERS: Final = wordlist(
    "under see in if per subject to notwithstanding the this these each any as except by and or for from with where "
    "when unless pursuant all such our your its their a an of on at also both either please refer following accordingly"
)
_REFERENCE_WORDS: Final = wordlist(
    "section subsection article clause paragraph exhibit schedule annex appendix attachment part item point"
)
_VERSION_WORDS: Final = wordlist("version release edition revision")
_STANDARD = re.compile(
    r"(?:RFC|ISO|IEC|ISO/IEC|NIST|FIPS|ETSI|EN|ANSI|IEEE|BS|DIN|PCI|ITU-T|W3C|X\.\d+|FAR|DFARS|GAAP|IFRS|IAS|CFR|USC|GDPR|UCC)"
    r"(?:[\s/-]?\S*\d\S*|\b.*)\Z"
)
# "SPEC.md §8.5", "C2PA 2.x §14.5", "OpenAPI 3.1 §4.8": a file, or a name with a version.
_FILE = re.compile(r"[\w./-]*\w\.(?:adoc|docx?|html?|json|md|odt|pdf|rst|tex|txt|xml|ya?ml)\Z", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.(?:\d+|x))+\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_LAW_HEADS: Final = wordlist(
    "Act Acts Code Law Laws Regulation Regulations Directive Statute Ordinance Convention Treaty Constitution Decree "
    "Requirements Guidelines Standard Standards Profile Framework Handbook Manual Rules Clauses"
)
_CONTRACT_HEADS: Final = wordlist(
    "Agreement Addendum Contract Policy Policies Statement Terms Conditions Order Form Licence License Notice Protocol "
    "Plan SOW MSA NDA DPA SLA"
)
_ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,7}s?\Z")


@value_class(frozen=True, slots=True)
class PrecedingName:
    """The capitalised words right before a reference. `comma` is true if a comma follows them, `this` if "this" or
    "these" precedes them, `opened` if a bracket does: "(Parent SOW, Section 2)".
    """

    words: tuple[str, ...]
    comma: bool
    this: bool
    opened: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether the name is that of a law or a standard, or clearly that of another contract."""
        bare = tuple(word for word in self.words if not _YEAR.match(word))
        if _FILE.match(self.words[-1]):
            return True
        if len(self.words) > 1 and _VERSION.match(self.words[-1]) and _may_have_version(self.words[-2]):
            return True
        if any(_STANDARD.match(" ".join(self.words[at:])) for at in range(len(self.words))):
            return True
        dated = len(bare) < len(self.words)
        if bare and bare[-1] in _LAW_HEADS and (dated or len(bare) > 1):
            return True
        return (self.opened or not self.comma) and self.may_be_outside

    @property
    def may_be_outside(self) -> bool:
        """Whether the name is an abbreviation or that of a contract, before a comma too: "AUP, section 7"."""
        name, bare = " ".join(self.words), tuple(word for word in self.words if not _YEAR.match(word))
        if self.this:
            return False
        return bool(_ACRONYM.match(name) or _joins_acronyms(self.words)) or (bool(bare) and bare[-1] in _CONTRACT_HEADS)


def preceding_name(text: str, start: int) -> PrecedingName | None:
    """Return the name that ends right before `text[start]`, or None if the word there has no capital and no digit."""
    window = text[max(0, start - _WIDEST) : start].rstrip(" \n\t\u00a0([")
    comma = window.endswith(",")
    tokens = window.rstrip(",").split()
    if tokens and _FILE.match(tokens[-1].strip("`_*")):
        return PrecedingName((tokens[-1].strip("`_*"),), comma, False)
    if not tokens or not _is_name_part(tokens[-1]):
        return None
    at = len(tokens) - 1
    while at > 0 and tokens[at][0] not in "([" and (_is_name_part(tokens[at - 1]) or tokens[at - 1] in _JOINING):
        at -= 1
    while at < len(tokens) and (tokens[at] in _JOINING or tokens[at].lower() in _STARTERS):
        at += 1
    words = tuple(word.strip("[]()“”\"‘’'") for word in tokens[at:])
    if not words or not words[-1]:
        return None
    this = at > 0 and tokens[at - 1].lower() in ("this", "these")
    return PrecedingName(words, comma, this, opened=tokens[at][0] in "([")


def _joins_acronyms(words: tuple[str, ...]) -> bool:
    """Return whether words are the acronyms of several instruments: "BR and ISRG CP", unlike "PARTY A"."""
    return len(words) > 1 and all(word in _JOINING or _ACRONYM.match(word) for word in words)


def _may_have_version(word: str) -> bool:
    """Return whether a word before "2.1" is a name: not "and" in "Sections 1.1 and 2.1, Section 3"."""
    return word[:1].isupper() and word.lower() not in _VERSION_WORDS


def _is_name_part(token: str) -> bool:
    """Return whether a token may be part of a name: a capital or a digit first, and no punctuation after it."""
    bare = token.strip("[]()“”\"‘’'")
    named = bool(bare) and (bare[0].isupper() or bare[0].isdigit()) and bare[-1].isalnum()
    return named and bare.rstrip("s").lower() not in _REFERENCE_WORDS
