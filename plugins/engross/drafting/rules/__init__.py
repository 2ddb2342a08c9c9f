"""The table of all rules of the drafting check, errors first; one module for each theme."""

from __future__ import annotations

from engross.drafting.rules import (
    blanks,
    checklists,
    circles,
    definitions,
    dmca,
    enumerations,
    heading_numbers,
    headings,
    languages,
    leftovers,
    numbering,
    punctuation,
    slips,
    term_forms,
    uses,
    verbatim,
)
from engross.drafting.subject import Rule

RULES: tuple[Rule, ...] = (
    numbering.MISSING_REFERENCE,
    numbering.REFERENCE_MISMATCH,
    definitions.DUPLICATE_DEFINITION,
    headings.DUPLICATE_HEADING,
    blanks.PLACEHOLDER,
    leftovers.CONVERSION_LEFTOVER,
    slips.RAW_HTML,
    slips.UNSAFE_LINK,
    slips.OUTSIDE_IMAGE,
    slips.OPEN_COMMENT,
    slips.TABLE_ROW,
    slips.FOOTNOTE,
    verbatim.TEXT,
    checklists.CLAUSE,
    dmca.AGENT,
    slips.UNUSED_LINK,
    term_forms.CONFUSABLE_TERM,
    slips.MIXED_SCRIPT,
    languages.LANGUAGE_MISMATCH,
    slips.HIDDEN_CHARACTER,
    checklists.ITEM,
    dmca.REGISTRATION,
    dmca.POLICY,
    uses.DELETED_DEFINITION,
    term_forms.UNDEFINED_TERM,
    uses.UNUSED_DEFINITION,
    term_forms.TERM_VARIANT,
    slips.REPEATED_WORD,
    punctuation.UNPAIRED_QUOTE,
    punctuation.UNPAIRED_BRACKET,
    numbering.MISSING_ATTACHMENT,
    numbering.NUMBER_MISMATCH,
    headings.EMPTY_SECTION,
    definitions.DEFINITION_ORDER,
    punctuation.DEFINITION_QUOTES,
    heading_numbers.HEADING_LEVEL,
    heading_numbers.HEADING_NUMBER,
    enumerations.ENUMERATION_GAP,
    slips.STALE_EXCEPTION,
    circles.CIRCULAR_DEFINITION,
    punctuation.DEFINITION_PUNCTUATION,
    term_forms.CASE_MISMATCH,
    uses.LATE_DEFINITION,
    uses.USED_ONCE,
    definitions.REDEFINED_TERM,
)
BY_NAME = {rule.name: rule for rule in RULES}
STALE_EXCEPTION = slips.STALE_EXCEPTION
REQUIRED = frozenset(
    rule.name
    for rule in (verbatim.TEXT, checklists.CLAUSE, checklists.ITEM, dmca.AGENT, dmca.REGISTRATION, dmca.POLICY)
)
"""The names of the rules for what `documents.yml` requires of a document; their findings may be in that file."""
