"""The words with which a definition says what its term means."""

from __future__ import annotations

import re
from typing import Final

_BETWEEN: Final = (
    r"(?:(?:shall|will|also|hereby|each|both|all|together|collectively|individually|respectively|herein|only)\b,?\s+)"
)
_MEANS: Final = (
    r"means?\b(?!-)|meaning\b(?=\s*[,:])|denotes?\b|connotes?\b|signif(?:y|ies)\b"
    r"|(?:has|have|having|bears?|is\s+given|are\s+given|be\s+given|take|takes)\s+(?:the|its|their|such|that)\s+"
    r"(?:same\s+|respective\s+)?(?:meaning|definition)s?(?:\(s\))?"
    r"|(?:has|have|having)\s+meanings?\b|(?:has|have)\s+been\s+defined\b"
    r"|refers?\b(?:,?\s*\w+,?){0,2}?\s+to\b"
    r"|(?:is|are|be)\s+(?:hereby\s+)?(?:used\s+(?:herein\s+)?(?:to\s+(?:mean|refer)|as\s+defined)|deemed\s+to\s+mean"
    r"|defined\b)|stands?\s+for\b|shall\s+be\s+(?:defined|construed|understood)\s+(?:as|to\s+mean)"
)
_INCLUDES: Final = (
    r"includes?\b|compris(?:es?|ing)\b|consists?\s+of\b|represents?\b|describes?\b|identif(?:y|ies)\b|is\b|are\b"
    r"|equals\b"
)
_ASIDE: Final = (
    r"(?:\s*\([^()]{1,120}\))?(?:\s*[:–—])?"
    r"(?:,?\s*(?:as\s+used|when\s+used|where\s+used|used|in\s+relation\s+to|in\s+respect\s+of|with\s+respect\s+to"
    r"|for\s+(?:the\s+)?purposes?\s+of|as\s+applied|in\s+(?:this|these|the)|of\s+(?:a|an|any)|as\s+to|unless)\b"
    r"[^.;“”\"]{0,120}?,?)?\s*,?\s*"
)
_FORMAL: Final = r"(?P<mark>[:=]|\s[–—-]\s|[–—])\s*"

MEANS: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_MEANS})", re.IGNORECASE)
"""A verb that defines wherever it follows a term set apart, with what may come between them."""

INCLUDES: Final = re.compile(rf"{_ASIDE}{_BETWEEN}{{0,3}}(?P<verb>{_INCLUDES})", re.IGNORECASE)
"""A verb that defines only where the term begins the clause and is not defined by another."""

MARK: Final = re.compile(rf"\s*{_FORMAL}", re.IGNORECASE)
"""A mark in place of a verb, as in a list of definitions ("**Fee**: the amount …")."""

NEGATED: Final = re.compile(r"\s*(?:does|do|did|shall|will|may|must)\s+not\b", re.IGNORECASE)

_PLACED: Final = (
    r"stated|given|set\s+(?:forth|out|down)|specified|provided|described|defined|assigned|ascribed|indicated|identified"
    r"|contained|found|used|located|posted|published"
)
POINTS: Final = re.compile(
    rf"{_ASIDE}{_BETWEEN}{{0,3}}(?:(?:(?:has|have|bears?|is\s+given|are\s+given|be\s+given|having)\s+(?:the|its|their)\s+"
    rf"(?:same\s+|respective\s+)?meanings?(?:\(s\))?|(?:is|are|as|be)\s+defined)\b[^.;:“”\"]{{0,80}}?"
    rf"\b(?:{_PLACED}|in|under|at)\b|(?:means?|refers?\s+to)\b[^.;:“”\"]{{0,80}}?\b(?:{_PLACED})\s+(?:in|at|under|by|on)\b)",
    re.IGNORECASE,
)
"""A definition that only points at where the term is defined."""
