"""The rules' own examples, and the page about the rules made from them: what is documented is what is tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engross.checks.engine import judge
from engross.checks.findings import Judged
from engross.checks.inputs import lone_document, lone_subject
from engross.checks.rules import RULES
from engross.checks.rules.rule import Rule
from engross.model import Severity
from engross.record.rules import RULES as OF_RECORD
from engross.text import decode

_GROUPS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}
_ABOUT = {
    Severity.ERROR: "An error makes the check fail.",
    Severity.WARNING: "A warning makes the check fail where `--strict` asks for that.",
    Severity.NOTE: "A note never makes the check fail.",
}

_ABOUT_RECORD = (
    "These rules are about what is posted: they compare the documents with their last versions in the record, and read "
    "the change notes that are still to be posted. They are asked of a site, and by `engross release` before anything "
    "is sealed. There are no exceptions to them, and no emergency lets one pass."
)


def check_example(markdown: str) -> list[Judged]:
    """What all rules find in a text that stands alone. Raises EngrossError where it cannot be read."""
    return judge(lone_subject(lone_document(decode(markdown.encode(), "example.md"))))


def rules_page() -> str:
    """The page about the rules, in Markdown: what each finds and why, with a wrong and a right example."""
    return "\n".join(
        [
            "---",
            "terms: false",
            "---",
            "",
            "<!-- Made from the code by `make reference`. What a rule finds is edited where the rule is. -->",
            "",
            "# The rules of the drafting check",
            "",
            "`engross check` reads contracts as they are written and finds what lawyers catch by eye. What it finds "
            "and is meant so is allowed in `documents.yml`, under `exceptions`, with the reason.",
            "",
            *(line for severity in _GROUPS for line in _group(severity)),
            *_of_record(),
        ]
    )


def _group(severity: Severity) -> Iterator[str]:
    yield from (f"## {_GROUPS[severity]}", "", _ABOUT[severity], "")
    for rule in RULES:
        if rule.severity is severity:
            yield from _section(rule)


def _of_record() -> Iterator[str]:
    yield from ("## The record", "", _ABOUT_RECORD, "")
    for rule in OF_RECORD:
        yield from (f"### {rule.name}", "", f"{rule.summary} {rule.why}", "")


def _section(rule: Rule) -> Iterator[str]:
    fixes = " Where it is certain, `--fix` fixes it." if rule.fixes else ""
    yield from (f"### {rule.name}", "", f"{rule.summary} {rule.why}{fixes}", "")
    for title, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            yield from (f"{title}:", "", *_fenced(example.splitlines()), "")


def _fenced(lines: Iterable[str]) -> Iterator[str]:
    yield from ("```markdown", *lines, "```")


if __name__ == "__main__":
    print(rules_page(), end="")
