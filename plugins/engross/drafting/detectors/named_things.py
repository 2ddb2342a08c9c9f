"""Recognizes names of documents, laws, bodies, offices and parts of a screen, which need no definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import engross.common.lazy_re as re
from engross.language import NOUNS, words

# The last words of names of documents, laws, bodies and programmes, which need no definition.
_NAMED_THINGS: Final = frozenset(
    words(
        """
    addendum agreement annex appendix certificate charter clause code condition convention declaration directive
    directory disclosure form framework guide guideline guidance handbook law licence license list manual notice pledge
    policy policie principle program programme protocol provision regulation requirement rule schedule standard
    statement summary supplement term treaty treatie use act addition report faq agency authority board commission
    committee community council court department foundation group office organization institute university day week
    world conduct assembly caucu senate congress parliament bureau ministry chamber federation association meeting
    """
    )
)
# Parts of a screen are named as they are labelled.
_SCREENS: Final = frozenset(
    words(
        """
    app article button center centre dashboard desk email help hub library login console menu page panel portal
    preference profile screen section setting store support tab team tool
    """
    )
)
_SERVICES: Final = frozenset((kind, "service") for kind in ("revenue", "postal", "health", "immigration", "customs"))
_OFFICES: Final = frozenset(
    words(
        """
    president vice-president chairman chairperson treasurer chancellor minister clerk coordinator editor registrar
    secretary senator sergeant speaker
    """
    )
)
# Endings of words that name a person or a thing; other single words are rarely terms.
_NOUN_ENDING: Final = re.compile(r"(?:er|or|ee|ant|ent|ion|ment|ity|ance|ence|age|ist|[ntr]y|ie)s?\Z")
_ROLES = frozenset(
    {("customer", "service"), ("copyright", "agent"), ("designated", "agent"), ("designated", "copyright", "agent")}
)
"""Names that laws and companies give to offices and departments."""


def names_thing(parts: Sequence[str]) -> bool:
    """Whether words name a document, a law, a body or a part of a screen: by the last word, or the one before “of”."""
    heads = {parts[-1], *parts[: parts.index("of")][-1:]} if "of" in parts else {parts[-1]}
    if not _SCREENS.isdisjoint(heads) or not _OFFICES.isdisjoint(parts):
        return True
    if len(parts) > 1:
        return not _NAMED_THINGS.isdisjoint(heads) or tuple(parts) in _ROLES or tuple(parts[-2:]) in _SERVICES
    return parts == ["term"] or (parts[0] not in NOUNS and not _NOUN_ENDING.search(parts[0]))
