"""`engross check`: the drafting check, on a site or on lone files; on a site the rules of the record too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from engross.cli.output import FORMATS, print_diff, print_findings
from engross.cli.printing import CLEAN, FOUND, UNREADABLE, unreadable
from engross.common import EngrossError, error, now, without_collection
from engross.drafting import (
    BROKEN_LINK as BROKEN_LINK,
    BY_NAME,
    NAMES as OF_SETUP,
    RULES,
    Inputs,
    Judged,
    Links,
    Rule,
    applied_bytes,
    check_other_files,
    check_own_texts,
    check_pages,
    check_record,
    check_site_setup,
    check_subjects,
    diff,
    edits_by_path,
    let_pass,
    ordinary_pages,
    own_documents,
    read_inputs,
    write,
)
from engross.model import Diagnostic, Severity, Source
from engross.record import BY_NAME as OF_RECORD, LEDGER, Plan, open_record
from engross.render import TEXT_DIFFERS as READING, check_readings
from engross.text import CONTROL_CHARACTER as CONTROL

_SEALED = "record"
"""The usual name of the folder of what is sealed; any other is known by its ledger."""
# What is mended may show another slip: a list whose marks are complete has a habit that others in it break.
_MOST_PASSES = 5
_NAMES = (*BY_NAME, *OF_RECORD, READING, BROKEN_LINK, CONTROL, *OF_SETUP)


class _RuleName(click.ParamType[str]):
    """The name of a rule; several may be given, apart by commas."""

    name = "rule"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The names as given. Fails where there is no rule of a name."""
        for name in value.split(","):
            if name not in _NAMES:
                self.fail(f"there is no rule {name!r}; the rules are {', '.join(_NAMES)}", param, ctx)
        return value


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What is printed."
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--rule", "only", type=_RuleName(), multiple=True, metavar="RULE", help="Ask this rule only; repeatable.")
@click.option("--no-rule", "without", type=_RuleName(), multiple=True, metavar="RULE", help="Do not ask this rule.")
@click.option("--fix", is_flag=True, help="Mend what can safely be mended, and show the changes.")
@click.option("--together", is_flag=True, help="Read the lone files as one set, the first being its agreement.")
@click.pass_context
def check(
    ctx: click.Context,
    paths: tuple[Path, ...],
    form: str,
    strict: bool,
    only: tuple[str, ...],
    without: tuple[str, ...],
    fix: bool,
    together: bool,
) -> None:
    """Check how contracts are drafted: terms, cross-references, and the slips that are caught by eye.

    PATHS are Markdown files or folders of them; nothing needs to be set up for them, and each file stands alone unless
    it is a document of the site around it. Without PATHS, every set of the site is checked.

    On a site, the rules of the record are asked too: that nothing changes without a change note, and that the notes
    there are can be posted.

    Exits with 0 where nothing is wrong, 1 where there are errors (with --strict, warnings too), 2 where a file cannot
    be read.
    """
    names = chosen_names(only, without)
    rules = tuple(rule for rule in RULES if rule.name in names)
    try:
        with without_collection():
            inputs = read_inputs(paths, Path.cwd(), together=together)
            found = _found(inputs, rules)
            for _ in range(_MOST_PASSES if fix else 0):
                if not mend(inputs, found):
                    break
                inputs = read_inputs(paths, Path.cwd(), together=together)
                found = _found(inputs, rules)
    except EngrossError as failure:
        print_findings(failure.diagnostics, form)
        ctx.exit(exit_code(failure.diagnostics, strict=strict))
    findings = _with_record(inputs, found, names, rules)
    print_findings(findings, form)
    ctx.exit(exit_code(findings, strict=strict))


def chosen_names(only: Sequence[str], without: Sequence[str]) -> frozenset[str]:
    """The names of the rules asked for, or of all, without those named so."""
    wanted = {name for names in only for name in names.split(",")} or set(_NAMES)
    unwanted = {name for names in without for name in names.split(",")}
    return frozenset(wanted - unwanted)


def exit_code(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    """What the command exits with: a file that cannot be read weighs more than what is found in others."""
    if unreadable(findings):
        return UNREADABLE
    gravest = max((found.severity for found in findings), default=Severity.NOTE)
    return FOUND if gravest >= (Severity.WARNING if strict else Severity.ERROR) else CLEAN


def _found(inputs: Inputs, rules: Sequence[Rule]) -> list[Judged]:
    found = check_subjects(inputs.subjects, rules=rules, exceptions=inputs.exceptions)
    return [item for item in found if inputs.shown is None or item.finding.path in inputs.shown]


def _with_record(
    inputs: Inputs, found: Sequence[Judged], names: frozenset[str], rules: Sequence[Rule]
) -> list[Diagnostic]:
    """All that is found: what kept files from being read, how they are drafted, what the record says to their sites."""
    asked = names & set(OF_RECORD)
    said = [check_record(site, now(), asked, inputs.shown) for site in inputs.sites]
    reasons = dict(pair for standing in reversed(said) for pair in standing.reasons)
    of_record = [one for standing in said for one in standing.findings]
    own = [
        one for standing in said if standing.plan for one in check_own_texts(standing.plan, rules, inputs.exceptions)
    ]
    asked_own = [one for one in own if inputs.shown is None or one.finding.path in inputs.shown]
    others = [
        one
        for site, standing in zip(inputs.sites, said, strict=True)
        for one in (
            *check_other_files(site.project, standing.notes, names),
            *check_pages(site.folders, ordinary_pages(site.folders, site.project), names),
            *check_site_setup(site.folders, names),
        )
        if inputs.shown is None or one.path in inputs.shown
    ]
    judged = let_pass([*found, *asked_own], reasons)
    plans = [standing.plan for standing in said]
    return [*inputs.problems, *_unreadable(inputs, names, plans), *judged, *others, *of_record]


def _unreadable(inputs: Inputs, names: frozenset[str], plans: Sequence[Plan | None]) -> list[Diagnostic]:
    """What a build would refuse to show of the sites' documents, and links in them that lead nowhere."""
    found = []
    for site, plan in zip(inputs.sites, plans, strict=True):
        documents = [*site.project.documents.values(), *own_documents(plan)]
        found += check_readings(documents) if READING in names else []
        links = Links(site.project, site.folders, partial(open_record, site.folders.record))
        found += links.check(documents) if BROKEN_LINK in names else []
    return [one for one in found if inputs.shown is None or one.path in inputs.shown]


def mend(inputs: Inputs, found: Sequence[Judged]) -> bool:
    """Make the edits of some findings in their files, and show them; whether there were any.

    What is sealed is left alone. Raises EngrossError where a file changed since it was read.
    """
    sources = {
        document.source.path: document.source
        for subject in inputs.subjects
        for document in subject.edition.documents
        if document.source is not None
    }
    mended = False
    for path, edits in edits_by_path(found).items():
        if path in sources and not _is_sealed(Path(path)):
            print_diff(diff(sources[path], edits))
            _write(sources[path], applied_bytes(sources[path], edits))
            mended = True
    return mended


def _is_sealed(path: Path) -> bool:
    return _SEALED in path.parts or any((folder / LEDGER).exists() for folder in path.resolve().parents)


def _write(source: Source, data: bytes) -> None:
    path = Path(source.path)
    if path.read_bytes() != source.data:
        raise EngrossError([error("unreadable-file", source.path, 0, 0, "the file changed while it was checked")])
    write(path, data)
