"""`term-variant`: “Open router” or “OpenRouter” for “Open Router”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engross.checks.findings import Finding
from engross.checks.rules.rule import Rule
from engross.checks.subject import Subject
from engross.checks.words.variants import Variant, variants
from engross.model import Severity

_COMPANY = re.compile(
    r",?\s+(?:LLC|Inc|Ltd|Limited|GmbH|AG|Corp|Corporation|Company|Co|LP|LLP|PLC|S\.|B\.V|N\.V|Pty|Pte|SE|SAS)\b"
)
_CAPITAL_AFTER = re.compile(r"[ \n\u00a0-]+[A-Z]")


def check(subject: Subject) -> Iterator[Finding]:
    """Each way of writing a term that is neither the term nor plain small letters."""
    for found in variants(subject):
        if found.words != found.words.lower() and not _is_other(found):
            message = f"“{found.words}” is defined as “{found.definition.term}”"
            yield found.passage.finding(found.start, message, text=found.words, fix=found.form)


def _is_other(found: Variant) -> bool:
    """Whether the words are part of another name: a company’s, or a longer one that is not the term."""
    text = found.passage.text
    if _COMPANY.match(text, found.end):
        return True
    if " " not in found.words and "-" not in found.words and found.words[1:] != found.words[1:].lower():
        return False  # OpenRouter is nothing but a way of writing Open Router
    return bool(_CAPITAL_AFTER.match(text, found.end) or _in_name(text, found.start))


def _in_name(text: str, start: int) -> bool:
    """Whether a capitalised word stands right before, one that begins no sentence."""
    before = re.search(r"(\S*)[ \n\u00a0]+([A-Z][\w’'&-]*)[ \n\u00a0]+\Z", text[max(0, start - 80) : start])
    return bool(before and before[1] and before[1][-1] not in '.?!:;)“"' and not before[2].endswith(("’s", "'s", "’")))


RULE = Rule(
    name="term-variant",
    severity=Severity.WARNING,
    summary="A defined term written with other capitals, hyphens or blanks than where it is defined.",
    why="It may be taken for another term, and it does not lead to the definition.",
    bad=(
        "# Terms\n\n- “Open Router” means the service that Customer uses.\n\n"
        "Customer calls Open Router. No Open Router call is free. Every OpenRouter call is logged."
    ),
    good=(
        "# Terms\n\n- “Open Router” means the service that Customer uses.\n\n"
        "Customer calls Open Router. No Open Router call is free. Every Open Router call is logged by OpenRouter LLC."
    ),
    check=check,
)
