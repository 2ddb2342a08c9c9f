"""`engross check`: check how texts are drafted, on a site or for single files; on a site, also the record's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import click

from engross.cli.output import FORMATS, print_diff, print_findings
from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, unreadable
from engross.common import EngrossError, error, now, without_collection
from engross.corpus import shown_path
from engross.drafting import (
    BROKEN_LINK as BROKEN_LINK,
    BY_NAME,
    NAMES as OF_SETUP,
    RULES,
    Inputs,
    Judged,
    Links,
    Rule,
    Site,
    applied_bytes,
    baseline_text,
    check_other_files,
    check_own_texts,
    check_pages,
    check_record,
    check_setup,
    check_site_setup,
    check_subjects,
    diff,
    edits_by_path,
    let_pass,
    ordinary_pages,
    own_documents,
    read_baseline,
    read_inputs,
    site_exceptions,
    write,
)
from engross.model import Diagnostic, Severity, Source
from engross.record import BY_NAME as OF_RECORD, LEDGER, Plan, first_note_hint, open_record
from engross.render import TEXT_DIFFERS as READING, check_readings
from engross.text import CONTROL_CHARACTER as CONTROL

_SEALED = "record"
"""The default name of the folder of sealed files; another folder is recognised by its ledger."""
# A fix may reveal another finding: after a list is completed, the check compares its items with each other.
_MOST_PASSES = 5
_NAMES = (*BY_NAME, *OF_RECORD, READING, BROKEN_LINK, CONTROL, *OF_SETUP)


class _RuleName(click.ParamType[str]):
    """The name of a rule, or several names separated by commas."""

    name = "rule"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the names as typed. Fails for an unknown rule."""
        for name in value.split(","):
            if name not in _NAMES:
                self.fail(f"there is no rule {name!r}; the rules are {', '.join(_NAMES)}", param, ctx)
        return value


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format.")
@click.option("--strict", is_flag=True, help="Fail on warnings too, even if mkdocs.yml has no strict: true.")
@click.option("--rule", "only", type=_RuleName(), multiple=True, metavar="RULE", help="Run only one rule; repeatable.")
@click.option("--no-rule", "without", type=_RuleName(), multiple=True, metavar="RULE", help="Skip a rule; repeatable.")
@click.option("--fix", is_flag=True, help="Fix what can safely be fixed, and show the changes.")
@click.option("--together", is_flag=True, help="Read the single files as one set; the first is its agreement.")
@click.option("--all", "every", is_flag=True, help="List every place, also where one rule finds many (text only).")
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Let the findings in FILE pass; by default, those in the file that documents.yml names under baseline.",
)
@click.option(
    "--write-baseline",
    "written",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the present drafting findings to FILE, so that they may stay until their clauses change. If FILE "
    "exists, only remove from it what is no longer found.",
)
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
    every: bool,
    baseline: Path | None,
    written: Path | None,
) -> None:
    """Check how contracts are drafted: terms, cross-references and common drafting mistakes.

    PATHS are Markdown files or folders of them. They need no setup: each file is checked on its own, unless it is a
    document of the surrounding site. Without PATHS, every set of the site is checked.

    On a site, the rules of the record are checked too: every change has a change note, and the notes can be posted.

    A baseline lets drafting findings pass that were in a text when it was adopted. A finding is reported again when its
    clause changes. Findings that protect what is published, such as raw HTML and hidden characters, never pass.

    Exits with 0 if nothing is wrong, 1 if there are errors (also warnings, with --strict or on a site with "strict:
    true" in its mkdocs.yml), 2 if a file cannot be read.
    """
    if written and (only or without or baseline):
        raise click.UsageError(_NOT_TOGETHER)
    read = partial(_read, paths, together=together, baseline=baseline, written=written)
    names, whole = chosen_names(only, without), not (paths or only)
    try:
        inputs, found = _drafting(read, names, fix=fix, written=written)
    except EngrossError as failure:
        print_findings(failure.diagnostics, form, every=every)
        ctx.exit(exit_code(failure.diagnostics, strict=strict))
    checked = _with_record(inputs, found, names, whole=whole)
    print_findings([*checked.posted, *checked.others], form, every=every, documents=inputs.documents)
    for hint in _hints(inputs, checked, form, whole=whole and not written):
        say(hint, err=True)
    ctx.exit(_exit_code(inputs, checked, strict=strict))


_NOT_TOGETHER = "--write-baseline writes the findings of all rules; leave out --rule, --no-rule and --baseline"


def _hints(inputs: Inputs, checked: _Checked, form: str, *, whole: bool) -> Iterator[str]:
    """Yield what people should know besides the findings."""
    if (known := inputs.exceptions.baseline) and form == "text":
        yield f"{known.shown_size} of {known.path} are let pass"
    for plan in checked.plans if whole else ():
        yield from filter(None, [first_note_hint(plan)])


def chosen_names(only: Sequence[str], without: Sequence[str]) -> frozenset[str]:
    """Return the names of the chosen rules, or of all rules, without the excluded ones."""
    wanted = {name for names in only for name in names.split(",")} or set(_NAMES)
    unwanted = {name for names in without for name in names.split(",")}
    return frozenset(wanted - unwanted)


def _exit_code(inputs: Inputs, checked: _Checked, *, strict: bool) -> int:
    # Findings that stop a release also fail the check; findings in other files do not, since builds ignore them.
    strict_site = any(site.folders.strict for site in inputs.sites)
    return max(exit_code(checked.posted, strict=strict or strict_site), exit_code(checked.others, strict=strict))


def exit_code(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    """Return the exit code. A file that cannot be read takes priority over findings in other files."""
    if unreadable(findings):
        return UNREADABLE
    gravest = max((found.severity for found in findings), default=Severity.NOTE)
    return FOUND if gravest >= (Severity.WARNING if strict else Severity.ERROR) else CLEAN


@without_collection()
def _drafting(
    read: Callable[[], Inputs], names: frozenset[str], *, fix: bool, written: Path | None
) -> tuple[Inputs, list[Judged]]:
    """Read what is to be checked, and apply the rules `names` to it; with `fix`, again after each pass that fixed
    something. A baseline is `written` of what is found.
    """
    inputs = read()
    found = _found(inputs, names)
    for _ in range(_MOST_PASSES if fix else 0):
        if not apply_fixes(inputs, found):
            break
        inputs = read()
        found = _found(inputs, names)
    if written:
        inputs = _write_baseline(inputs, found, written)
        found = _found(inputs, names)
    return inputs, found


def _read(paths: Sequence[Path], *, together: bool, baseline: Path | None, written: Path | None) -> Inputs:
    """Read what is to be checked. The baseline is that of the option, else that of the site; none if one is written."""
    inputs = read_inputs(paths, Path.cwd(), together=together)
    if written:
        if paths and inputs.sites:
            raise click.UsageError("the baseline of a site has the findings of all documents; leave out PATHS")
        return inputs
    if baseline:
        return replace(inputs, exceptions=replace(inputs.exceptions, baseline=read_baseline(baseline)))
    return replace(inputs, exceptions=site_exceptions(inputs.sites[0].project)) if inputs.sites else inputs


def _write_baseline(inputs: Inputs, found: Sequence[Judged], path: Path) -> Inputs:
    """Write a baseline, or shorten the one there, and say so. Returns the inputs with it."""
    before = read_baseline(path) if path.exists() else None
    text = baseline_text(found, inputs.documents, before)
    if before:
        write(path, text.encode())
    else:
        path.write_bytes(text.encode())
    known = read_baseline(path)
    was = f", {before.size:,} before" if before else ""
    say(f"wrote {known.path}: {known.shown_size}{was}", err=True)
    for site in inputs.sites[:1]:
        docs = site.folders.docs.resolve()
        name = path.resolve().relative_to(docs).as_posix() if path.resolve().is_relative_to(docs) else ""
        if not name:
            say("note: the baseline of a site must be in its docs folder; move the file there", err=True)
        elif name != site.project.settings.baseline:
            where = inputs.exceptions.path
            say(f"note: add this line to {where}, for check, release and the build: baseline: {name}", err=True)
    return replace(inputs, exceptions=replace(inputs.exceptions, baseline=known))


def _found(inputs: Inputs, names: frozenset[str]) -> list[Judged]:
    found = check_subjects(inputs.subjects, rules=_rules(names), exceptions=inputs.exceptions)
    return [item for item in found if inputs.shown is None or item.finding.path in inputs.shown]


def _rules(names: frozenset[str]) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.name in names)


@dataclass(frozen=True, slots=True)
class _Checked:
    """The findings about what may be posted (reading, drafting, the record), those in other files, and the plans."""

    posted: list[Diagnostic]
    others: list[Diagnostic]
    plans: list[Plan]


def _with_record(inputs: Inputs, found: Sequence[Judged], names: frozenset[str], *, whole: bool) -> _Checked:
    """Add to the findings in texts those of everything else; of the setup only if the `whole` site is checked."""
    record_rules = names & set(OF_RECORD)
    statuses = [check_record(site, now(), record_rules, inputs.shown) for site in inputs.sites]
    reasons = dict(pair for status in reversed(statuses) for pair in status.reasons)
    of_record = [one for status in statuses for one in status.findings]
    plans = [status.plan for status in statuses]
    own = [one for plan in plans if plan for one in check_own_texts(plan, _rules(names), inputs.exceptions)]
    own_shown = [one for one in own if inputs.shown is None or one.finding.path in inputs.shown]
    judged = let_pass([*found, *own_shown], reasons)
    posted = [*inputs.problems, *_unreadable(inputs, names, plans), *judged, *of_record]
    others = [
        one
        for site, status in zip(inputs.sites, statuses, strict=True)
        for one in (
            *check_other_files(site.project, status.notes, names),
            *_about_site(site, names, inputs.shown),
        )
        if inputs.shown is None or one.path in inputs.shown
    ]
    for site, plan in zip(inputs.sites, plans, strict=True) if whole else ():
        setup = check_setup(site.folders, site.project, now(), plan.record if plan else None)
        others += [one for one in setup if one not in posted]
    return _Checked(posted, others, [plan for plan in plans if plan])


def _about_site(site: Site, names: frozenset[str], shown: frozenset[str] | None) -> Iterator[Diagnostic]:
    """Yield the findings in ordinary pages and mkdocs.yml, and about the setup of a site; only in the files `shown`."""
    folders, pages = site.folders, ordinary_pages(site.folders, site.project.settings)
    if shown is not None:
        pages = [name for name in pages if shown_path(folders.docs / name) in shown]
    yield from check_pages(folders, pages, names)
    if shown is None:
        yield from check_site_setup(folders, names)


def _unreadable(inputs: Inputs, names: frozenset[str], plans: Sequence[Plan | None]) -> list[Diagnostic]:
    """Return what a build would refuse to show of the sites' documents, and broken links in them."""
    found = []
    for site, plan in zip(inputs.sites, plans, strict=True):
        every = (*site.project.documents.values(), *own_documents(plan))
        shown = inputs.shown
        documents = [one for one in every if shown is None or (one.source and one.source.path in shown)]
        found += check_readings(documents) if READING in names else []
        links = Links(site.project, site.folders, partial(open_record, site.folders.record))
        notes = [one for one in (plan.notes if plan else ()) if shown is None or one.source.path in shown]
        found += [*links.check(documents), *links.check_notes(notes)] if BROKEN_LINK in names else []
    return found


def apply_fixes(inputs: Inputs, found: Sequence[Judged]) -> bool:
    """Apply the edits of some findings to their files, and show them. Returns whether there were any.

    Sealed files stay as they are. Raises EngrossError if a file changed since it was read.
    """
    sources = {
        document.source.path: document.source
        for subject in inputs.subjects
        for document in subject.edition.documents
        if document.source is not None
    }
    fixed = False
    for path, edits in edits_by_path(found).items():
        if path in sources and not _is_sealed(Path(path)):
            print_diff(diff(sources[path], edits))
            _write(sources[path], applied_bytes(sources[path], edits))
            fixed = True
    return fixed


def _is_sealed(path: Path) -> bool:
    return _SEALED in path.parts or any((folder / LEDGER).exists() for folder in path.resolve().parents)


def _write(source: Source, data: bytes) -> None:
    path = Path(source.path)
    if path.read_bytes() != source.data:
        raise EngrossError([error("unreadable-file", source.path, 0, 0, "the file changed while it was checked")])
    write(path, data)
