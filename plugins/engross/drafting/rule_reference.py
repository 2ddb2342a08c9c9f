"""The rules page of the manual, made from the rules and their examples. Tests check the same examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from textwrap import indent

from engross.corpus import read_settings
from engross.drafting.baseline import NEVER
from engross.drafting.check_inputs import lone_document, lone_subject
from engross.drafting.engine import judge
from engross.drafting.links import BROKEN_LINK as BROKEN_LINK
from engross.drafting.rules import RULES
from engross.drafting.site_files import PUBLISHED, UNGUARDED
from engross.drafting.subject import Judged, Rule
from engross.fidelity import TEXT_DIFFERS
from engross.model import DocumentEntry, Severity
from engross.record import RULES as RECORD_RULES
from engross.text import CONTROL_CHARACTER, decode

_GROUPS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.NOTE: "Notes"}
_SEVERITY_INTROS = {
    Severity.ERROR: "An error makes the check fail.",
    Severity.WARNING: "A warning makes the check fail only with `--strict`.",
    Severity.NOTE: "A note never makes the check fail.",
}

_HEAD = """\
<!-- Generated from the code by `make reference`. Edit the text where the rule is declared. -->

# Rules

This page lists every rule that Engross checks. Each message ends with the name of its rule in square brackets.

`engross check` applies the rules of the first three sections to every contract. If a finding is intended, allow it in
`documents.yml` under [`exceptions`](settings.md#exceptions), with the reason. `engross check --no-rule NAME` leaves out
a rule for one run.
"""

_RECORD_INTRO = (
    "These rules are about posting. They compare the documents with their last versions in the record, and "
    "check the change notes that are not posted yet. `engross check` applies them to a site, and `engross release` "
    "applies them before it seals anything. They allow no exceptions, and an emergency does not suspend them."
)

_BUILD_INTRO = (
    "A strict build of the site refuses what these rules find. `engross check` applies them to a site, and `engross "
    "release` applies them to each text that it is about to seal. They allow no exceptions. They never prevent showing "
    "a version that is already sealed: if it cannot be shown as text, the site shows its source. All three also refuse "
    "mistakes in `documents.yml`, in the site's own words and templates, and addresses that two pages would have."
)
_BUILD_RULES = {
    TEXT_DIFFERS: "A text that plain Markdown shows in another way than Engross does, such as a list right below `(a)` "
    "on a line of its own. One of the two is not what its author meant, so the build would refuse the finished page. "
    "Put an empty line before and after lists, tables, code and headings, or a backslash before a sign that is meant "
    "as text. Begin front matter with a key right below the first `---`, and write `***` for a line across the page.",
    BROKEN_LINK: "A link or an image that leads to no file of the site, or to an anchor that its page does not have. "
    "`validation` in `mkdocs.yml` sets which of them a build refuses. If another plugin makes the page that a document "
    "links to, or if a link is broken on purpose, allow it with `validation: {links: {not_found: info}}` (`anchors`, "
    "`absolute_links` and `unrecognized_links` work in the same way).",
    CONTROL_CHARACTER: "A character that changes the direction of text (U+202A to U+202E, an isolate that is not "
    "closed), or a control character, in an ordinary page or in `mkdocs.yml`. Readers then see another text than "
    "reviewers do. Documents, YAML and notes with such characters are refused when they are read. Delete the "
    "character. If a page needs it, write the entity (`&#x202B;`), which everybody can see, or use the attribute "
    "`dir`. This rule does not find soft hyphens, joiners and marks (U+200E, U+200F).",
}

_SETUP_INTRO = (
    "These notes are about the setup of a site. `engross check` and `engross release` print both. A build prints the "
    "first, `engross verify` the second. They never make a command fail."
)
_SETUP_RULES = {
    UNGUARDED: "`engross.guard` is not among the `markdown_extensions` of `mkdocs.yml`, as in a site made by version "
    "0.1. The guard stops each build in which the plugin is not active. Without it, another site engine can publish "
    "the contracts unchecked. The note shows the line to add, and its place.",
    PUBLISHED: "The folder of the site contains `documents.yml` or a list of models as YAML. Engross never writes them "
    "there; a site engine that ignores plugins copies them. Build the site again before you publish it.",
}


_EXAMPLE_DAY = datetime(2026, 11, 1, tzinfo=UTC)
"""When the examples are checked: some depend on the day."""


def check_example(markdown: str, settings: str = "") -> list[Judged]:
    """Apply all rules to a lone text. `settings` are lines of its entry in documents.yml.

    Raises EngrossError if the text or the settings cannot be read.
    """
    document, refused = lone_document(decode(markdown.encode(), "example.md"))
    if settings:
        document = replace(document, entry=_entry(document.entry, settings))
    return judge(replace(lone_subject((document, refused)), at=_EXAMPLE_DAY))


def _entry(entry: DocumentEntry, settings: str) -> DocumentEntry:
    """An entry with lines of documents.yml."""
    kind = "" if settings.startswith("kind:") else "    kind: policy\n"
    written = (
        "sets: [{id: s, title: S, agreement: a}]\n"
        "documents:\n"
        "  - {id: a, title: A, kind: agreement, file: a.md}\n"
        f"  - id: {entry.id}\n    title: Example\n    file: example.md\n{kind}{indent(settings, '    ')}"
    )
    read = read_settings(decode(written.encode(), "documents.yml")).document(entry.id)
    return replace(entry, kind=read.kind, requires=read.requires)


def rules_page() -> str:
    """The page about the rules, in Markdown: what each finds and why, with a wrong and a right example."""
    groups = (line for severity in _GROUPS for line in _group(severity))
    return "\n".join([_HEAD, *groups, *_build_section(), *_record_section(), *_setup_section()])


def _group(severity: Severity) -> Iterator[str]:
    yield from (f"## {_GROUPS[severity]}", "", _SEVERITY_INTROS[severity], "")
    for rule in RULES:
        if rule.severity is severity:
            yield from _section(rule)


def _build_section() -> Iterator[str]:
    yield from ("## What a build refuses", "", _BUILD_INTRO, "")
    for name, about in _BUILD_RULES.items():
        yield from (f"### {name}", "", about, "")


def _setup_section() -> Iterator[str]:
    yield from ("## The site's folder", "", _SETUP_INTRO, "")
    for name, about in _SETUP_RULES.items():
        yield from (f"### {name}", "", about, "")


def _record_section() -> Iterator[str]:
    yield from ("## The record", "", _RECORD_INTRO, "")
    for rule in RECORD_RULES:
        yield from (f"### {rule.name}", "", f"{rule.summary} {rule.why}", "")


def _section(rule: Rule) -> Iterator[str]:
    fixes = " `--fix` corrects it if the correction is certain." if rule.fixes else ""
    never = " No baseline can hide it." if rule.name in NEVER else ""
    by_day = " It depends on the day, so as a warning it stops no release." if rule.by_day else ""
    yield from (f"### {rule.name}", "", f"{rule.summary} {rule.why}{fixes}{never}{by_day}", "")
    good_settings = rule.good_settings or rule.settings
    same = rule.settings == good_settings
    if rule.settings and same:
        yield from ("In the document’s entry in documents.yml:", "", *_fenced(rule.settings.splitlines(), "yaml"), "")
    examples = (("Wrong", rule.bad, rule.settings), ("Right", rule.good, good_settings))
    for title, example, settings in examples:
        if example:
            yield from (f"{title}:", "")
            if settings and not same:
                yield from (*_fenced(settings.splitlines(), "yaml"), "")
            yield from (*_fenced(example.splitlines()), "")


def _fenced(lines: Iterable[str], language: str = "markdown") -> Iterator[str]:
    yield from (f"```{language}", *lines, "```")


if __name__ == "__main__":
    print(rules_page(), end="")
