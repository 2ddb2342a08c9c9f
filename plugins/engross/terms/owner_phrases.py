"""Reads the words around a reference that name what it belongs to, in languages other than English.

"Ziffer 4 dieser AGB" is in the document itself, "§ 280 BGB" and "l’article 1101 du Code civil" are outside.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import engross.common.lazy_re as re
from engross.common import value_class
from engross.language import Grammar
from engross.terms.passages import Bound

_BEFORE: Final = 60
_FARTHEST: Final = 150
_NAME = r"[A-ZÀ-Þ][\w’'/-]*(?:\s+(?:(?:de|des|du|la|del|los|y|et|und|der|für)\s+){0,2}[A-ZÀ-Þ][\w’'/-]*){0,5}"

_NAME_BEFORE = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w-]{3,}\s+\Z")


@value_class(frozen=True, slots=True, eq=False)
class OwnerPhrases:
    """The patterns of one language: `here` and `own` (the document itself), `law`, `law_before`, `law_named` (its
    abbreviation), `named` (with a group `name`), `contract` (the head of the name of another contract),
    `contract_before` (such a `name` up to a reference), `policy_before` (a `name` and further words up to a reference
    in brackets), `itself` ("this X", with a group `name`), `earlier` (an earlier version, up to a reference), `of_name`
    (up to a name after a term: the Server of Acme), `law_of` (the name of a law up to a word of it: Código de …),
    `itself_before` ("this X" up to a name in a bracket: les présentes conditions (ci-après …). `names_have_capitals`: a
    capital marks a name, unlike in German.
    """

    here: re.Pattern[str]
    own: re.Pattern[str]
    law: re.Pattern[str]
    law_before: re.Pattern[str]
    law_named: re.Pattern[str]
    named: re.Pattern[str]
    contract: re.Pattern[str]
    contract_before: re.Pattern[str]
    policy_before: re.Pattern[str]
    itself: re.Pattern[str]
    earlier: re.Pattern[str]
    of_name: re.Pattern[str]
    law_of: re.Pattern[str]
    itself_before: re.Pattern[str]
    names_have_capitals: bool

    def is_law_before(self, text: str, start: int) -> bool:
        """Return whether a law is named right before a reference (DSGVO, Art. 6), or an earlier version of the text."""
        if self.earlier.search(text, max(0, start - _FARTHEST), start):
            return True
        found = self.law_before.search(text, max(0, start - _BEFORE), start)
        # "Comisión Directiva (artículo 11)": the last word of another name.
        return found is not None and not (self.names_have_capitals and _NAME_BEFORE.search(text, 0, found.start()))


@lru_cache(maxsize=32)
def owner_phrases(grammar: Grammar) -> OwnerPhrases:
    """Return the patterns of a language."""
    words = grammar.referring
    part = (
        rf"(?:,?\s*(?:{words.parts}|{words.ignored})\s*\(?\w{{1,4}}\)?){{0,4}}(?:\s*\((?:\w{{1,4}})\))?"
        rf"(?:\s(?:[a-z](?=\s)|[IVX]+(?!\w)|\d+°)){{0,3}}(?:\s*(?:{words.joins}|{words.to}|[,/–-])\s*(?:(?:{words.parts}|{words.ignored}|§)\s*)?\(?\d{{1,4}}(?:\.\d{{1,3}})*[a-z]?\)?){{0,6}}"
        rf"(?:\s*(?:{words.more})(?!\w))?(?:\s*[«“„\"][^«»“”„\"]{{1,80}}[»”“\"])?"
    )
    law = rf"(?:[^\W\d_A-Z][\w-]*\s+){{0,2}}(?:{words.laws})(?!\w)"
    # "du RGPD, notamment aux articles 44 à 50", "des BGB, insbesondere § 312"
    such = rf"(?:(?:{words.such})(?!\w)\s*(?:[^\W\d_]{{1,3}}(?:[’']|\s)\s*){{0,2}})?"
    return OwnerPhrases(
        here=re.compile(rf"\s*(?:{words.here})(?!\w)"),
        own=re.compile(rf"{part}\s*,?\s*(?:{words.own})(?!\w)"),
        law=re.compile(rf"{part}\s*,?\s*(?:(?:{words.of})\s*(?:{law})|(?:{words.laws})(?!\w))"),
        law_before=re.compile(
            # "ley (artículo 5)"; "ley 3/2010 de comercio (artículo 5)": further away, with a capital or its number.
            rf"(?<!\w)(?:(?:{words.laws})(?!\w)(?:\s+(?:n[°º.]\s*)?\d[\d/-]*){{0,3}}\s*[,(]?\s*{such}"
            rf"|(?<![\w-])(?:{words.laws})(?!\w)[^.;()]{{0,60}},\s*(?:{words.such})(?!\w)\s*(?:[^\W\d_]{{1,3}}(?:[’']|\s)\s*){{0,2}}"
            rf"|(?:(?=[A-ZÀ-Þ])(?:{words.laws})(?!\w)|(?:{words.laws})(?!\w)(?=[^.;()]{{0,70}}\d))(?:[^.;()]|\([A-Z]{{2,4}}\)){{0,70}}\(\s*)\Z"
        ),
        law_named=re.compile(rf"(?<![\w-])(?=[A-Z-]{{3,}}(?!\w))(?:{words.laws})(?![\w-])"),
        named=re.compile(rf"{part}\s*,?\s*(?:{words.of})\s*(?P<name>{_NAME})"),
        contract=re.compile(rf"(?:{words.contracts})(?!\w)"),
        contract_before=re.compile(
            rf"(?<!\w)(?P<name>(?=[A-ZÀ-Þ])(?:{words.contracts})(?:-[A-Z]\w+)?|[\w/-]+\.(?:md|pdf|docx?|html?|xlsx?))\s*[,(]?\s*\Z"
        ),
        policy_before=re.compile(rf"(?<!\w)(?P<name>{words.policies})(?!\w)[^.;:()]{{0,50}}\(\s*\Z"),
        earlier=re.compile(rf"(?<!\w)(?:{words.earlier})(?!\w)[^.;]{{0,120}}\Z", re.IGNORECASE),
        names_have_capitals=not grammar.capitalises_nouns,
        of_name=re.compile(rf"\s+(?:{words.owner})\s*(?=[A-ZÀ-Þ])"),
        law_of=re.compile(rf"(?<!\w)(?=[A-ZÀ-Þ])(?:{words.laws})\s+(?:{words.owner})\s*\Z"),
        itself_before=re.compile(
            rf"(?<!\w)(?:{words.this})\s+(?:[\w’'-]+\s+){{1,8}}\([^().;]{{0,40}}\Z", re.IGNORECASE
        ),
        itself=re.compile(rf"(?<!\w)(?i:{words.this})\s+(?P<name>{_NAME})"),
    )


def names_itself(bound: Bound) -> bool:
    """Return whether a bracket after "this" and its kind names its document: les présentes conditions (les « CGV »)."""
    passage, start = bound.found.passage, bound.found.at[0]
    if passage.grammar.is_english:
        return False
    before = owner_phrases(passage.grammar).itself_before
    return before.search(passage.text, max(0, start - _FARTHEST), start) is not None


def follows_link(bound: Bound) -> bool:
    """Return whether only an opening bracket and an article are between a link and the name."""
    text, start = bound.found.passage.text, bound.found.at[0]
    return any(
        mark.end <= start and re.fullmatch(r"\s*[(,]\s*(?:the|an?|collectively,?)?\s*", text[mark.end : start])
        for mark in bound.found.passage.links
    )
