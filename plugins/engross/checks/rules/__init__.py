"""The rules of the drafting check, one module each, and the one table of them all, the gravest first."""

from __future__ import annotations

from engross.checks.rules import (
    case_mismatch,
    circular_definition,
    definition_order,
    definition_punctuation,
    definition_quotes,
    duplicate_definition,
    duplicate_heading,
    empty_section,
    enumeration_gap,
    heading_level,
    heading_number,
    late_definition,
    missing_reference,
    number_mismatch,
    placeholder,
    raw_html,
    redefined_term,
    reference_mismatch,
    repeated_word,
    stale_exception,
    term_variant,
    undefined_term,
    unpaired_bracket,
    unpaired_quote,
    unused_definition,
    used_once,
)
from engross.checks.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    missing_reference.RULE,
    reference_mismatch.RULE,
    duplicate_definition.RULE,
    duplicate_heading.RULE,
    placeholder.RULE,
    raw_html.RULE,
    undefined_term.RULE,
    unused_definition.RULE,
    circular_definition.RULE,
    case_mismatch.RULE,
    term_variant.RULE,
    repeated_word.RULE,
    unpaired_quote.RULE,
    unpaired_bracket.RULE,
    number_mismatch.RULE,
    empty_section.RULE,
    definition_order.RULE,
    definition_quotes.RULE,
    definition_punctuation.RULE,
    heading_level.RULE,
    heading_number.RULE,
    enumeration_gap.RULE,
    stale_exception.RULE,
    late_definition.RULE,
    used_once.RULE,
    redefined_term.RULE,
)
BY_NAME = {rule.name: rule for rule in RULES}
STALE_EXCEPTION = stale_exception.RULE
