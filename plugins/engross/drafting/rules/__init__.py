"""The table of all rules of the drafting check, errors first; one module for each theme."""

from __future__ import annotations

from engross.drafting.rules import blanks, definitions, headings, numbering, punctuation, slips, term_forms, uses
from engross.drafting.subject import Rule

RULES: tuple[Rule, ...] = (
    numbering.MISSING_REFERENCE,
    numbering.REFERENCE_MISMATCH,
    definitions.DUPLICATE_DEFINITION,
    headings.DUPLICATE_HEADING,
    blanks.PLACEHOLDER,
    blanks.CONVERSION_LEFTOVER,
    slips.RAW_HTML,
    slips.UNSAFE_LINK,
    slips.OUTSIDE_IMAGE,
    slips.OPEN_COMMENT,
    slips.TABLE_ROW,
    slips.FOOTNOTE,
    slips.UNUSED_LINK,
    term_forms.CONFUSABLE_TERM,
    slips.MIXED_SCRIPT,
    slips.HIDDEN_CHARACTER,
    uses.DELETED_DEFINITION,
    term_forms.UNDEFINED_TERM,
    uses.UNUSED_DEFINITION,
    definitions.CIRCULAR_DEFINITION,
    term_forms.TERM_VARIANT,
    slips.REPEATED_WORD,
    punctuation.UNPAIRED_QUOTE,
    punctuation.UNPAIRED_BRACKET,
    numbering.MISSING_ATTACHMENT,
    numbering.NUMBER_MISMATCH,
    headings.EMPTY_SECTION,
    definitions.DEFINITION_ORDER,
    punctuation.DEFINITION_QUOTES,
    punctuation.DEFINITION_PUNCTUATION,
    headings.HEADING_LEVEL,
    headings.HEADING_NUMBER,
    numbering.ENUMERATION_GAP,
    slips.STALE_EXCEPTION,
    term_forms.CASE_MISMATCH,
    uses.LATE_DEFINITION,
    uses.USED_ONCE,
    definitions.REDEFINED_TERM,
)
BY_NAME = {rule.name: rule for rule in RULES}
STALE_EXCEPTION = slips.STALE_EXCEPTION
