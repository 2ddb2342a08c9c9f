"""`engross check`: check how texts are drafted, on a site or for single files; on a site, also the record's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engross.cli.output import FORMATS, print_diff, print_findings
from engross.cli.printing import CLEAN, FOUND, UNREADABLE, say, unreadable
from engross.common import EngrossError, error, long_lived, value_class
from engross.drafting import (
    BY_NAME,
    REQUIRED,
    RULES,
    Inputs,
    Judged,
    Rule,
    Site,
    applied_bytes,
    check_subjects,
    diff,
    edits_by_path,
    let_pass,
    read_inputs,
    site_exceptions,
    write,
)
from engross.model import Diagnostic, Severity, Source
from engross.text import CONTROL_CHARACTER, ENCODING

if TYPE_CHECKING:
    from engross.record import Plan

_SEALED = "record"
"""The default name of the folder of sealed files; another folder is recognised by its ledger."""
# A fix may reveal another finding: after a list is completed, the check compares its items with each other.
_MOST_PASSES = 5


class _RuleName(click.ParamType[str]):
    """The name of a rule, or several names separated by commas."""

    name = "rule"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the names as typed. Fails for an unknown rule."""
        from engross.cli.site_check import NAMES

        for name in value.split(","):
            if name not in NAMES:
                self.fail(f"there is no rule {name!r}; the rules are {', '.join(NAMES)}", param, ctx)
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
    help="Hide the findings in FILE; by default, those in the file that documents.yml names under baseline.",
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

    PATHS are Markdown files or folders of them. They need no setup: each file is checked on its own, unless it is in
    the docs folder of a site; then it is checked as the site does. Without PATHS, every set of the site is checked.

    On a site, the rules of the record are checked too: every change has a change note, and the notes can be posted.

    A baseline hides drafting findings that were in a text when it was adopted. A finding is reported again when its
    clause changes. Findings that protect what is published, such as raw HTML and hidden characters, are never hidden.

    Exits with 0 if nothing is wrong, 1 if there are errors (also warnings, with --strict or on a site with "strict:
    true" in its mkdocs.yml), 2 if a file cannot be read.
    """
    if written and (only or without or baseline):
        raise click.UsageError(_NOT_TOGETHER)
    read = partial(_read, paths, together=together, baseline=baseline, written=written)
    whole = not (paths or only)
    try:
        inputs, found = _drafting(read, _chosen(only, without, BY_NAME), fix=fix, written=written)
    except EngrossError as failure:
        print_findings(failure.diagnostics, form, every=every)
        ctx.exit(exit_code(failure.diagnostics, strict=strict))
    checked = _checked(inputs, found, only, without, whole=whole)
    print_findings([*checked.posted, *checked.others], form, every=every, documents=inputs.documents)
    for hint in _hints(inputs, checked, form, whole=whole and not written):
        say(hint, err=True)
    ctx.exit(_exit_code(inputs, checked, strict=strict))


def _checked(
    inputs: Inputs, found: Sequence[Judged], only: Sequence[str], without: Sequence[str], *, whole: bool
) -> Checked:
    """Add to the findings in texts those of everything else, by the chosen rules."""
    if not inputs.sites:
        # Loading what reads a record takes longer than checking a file.
        return Checked([*inputs.problems, *let_pass(found, {})])
    from engross.cli.site_check import NAMES, with_record

    return with_record(inputs, found, _chosen(only, without, NAMES), whole=whole)


_NOT_TOGETHER = "--write-baseline writes the findings of all rules; leave out --rule, --no-rule and --baseline"


def _hints(inputs: Inputs, checked: Checked, form: str, *, whole: bool) -> Iterator[str]:
    """Yield what people should know besides the findings."""
    if (known := inputs.exceptions.baseline) and form == "text":
        yield f"{known.shown_size} of {known.path} are hidden"
    for site in inputs.sites if inputs.shown and form == "text" else ():
        yield from _hint_about_pages(site, inputs.shown)
    for plan in checked.plans if whole and not inputs.problems else ():
        from engross.record import first_note_hint, notice_sums

        yield from filter(None, [first_note_hint(plan)])
        yield from notice_sums(plan) if form == "text" else ()


def _hint_about_pages(site: Site, shown: frozenset[str] | None) -> Iterator[str]:
    from engross.corpus import shown_path
    from engross.drafting import ordinary_pages

    settings = site.project.settings
    paths = [shown_path(site.folders.docs / name) for name in ordinary_pages(site.folders, settings)]
    if pages := [path for path in paths if path in (shown or ())]:
        number = "a page, not as a contract" if len(pages) == 1 else "pages, not as contracts"
        verb = "is" if len(pages) == 1 else "are"
        yield f"{', '.join(pages)} {verb} not in {settings.file.source.path}: checked as {number}"


def _chosen(only: Sequence[str], without: Sequence[str], every: Iterable[str]) -> frozenset[str]:
    """Return the names of the chosen rules, or of `every` rule, without the excluded ones."""
    wanted = {name for names in only for name in names.split(",")} or set(every)
    unwanted = {name for names in without for name in names.split(",")}
    return frozenset(wanted - unwanted)


def _exit_code(inputs: Inputs, checked: Checked, *, strict: bool) -> int:
    # Findings that stop a release also fail the check; findings in other files do not, since builds ignore them.
    strict_site = any(site.folders.strict for site in inputs.sites)
    return max(exit_code(checked.posted, strict=strict or strict_site), exit_code(checked.others, strict=strict))


def exit_code(findings: Sequence[Diagnostic], *, strict: bool) -> int:
    """Return the exit code. A file that cannot be read takes priority over findings in other files."""
    if unreadable(findings):
        return UNREADABLE
    gravest = max((found.severity for found in findings), default=Severity.NOTE)
    return FOUND if gravest >= (Severity.WARNING if strict else Severity.ERROR) else CLEAN


@long_lived()
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
        from engross.drafting import read_baseline

        return replace(inputs, exceptions=replace(inputs.exceptions, baseline=read_baseline(baseline)))
    return replace(inputs, exceptions=site_exceptions(inputs.sites[0].project)) if inputs.sites else inputs


def _write_baseline(inputs: Inputs, found: Sequence[Judged], path: Path) -> Inputs:
    """Write a baseline, or shorten the one there, and say so. Returns the inputs with it."""
    from engross.drafting import baseline_text, read_baseline

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
    found = check_subjects(inputs.subjects, rules=drafting_rules(names), exceptions=inputs.exceptions)
    shown = inputs.shown
    if shown is None:
        return found
    # What documents.yml requires of a document is found there, and concerns the document's file.
    required = {one.id: one.entry.requires.path for one in inputs.documents if one.source and one.source.path in shown}
    return [
        item
        for item in found
        if item.finding.path in shown
        or (item.diagnostic.rule in REQUIRED and item.finding.path == required.get(item.finding.document))
    ]


def drafting_rules(names: frozenset[str]) -> tuple[Rule, ...]:
    """Return the drafting rules with these names, the most severe first."""
    return tuple(rule for rule in RULES if rule.name in names)


@value_class(frozen=True, slots=True)
class Checked:
    """The findings about what may be posted (reading, drafting, the record), those in other files, and the plans."""

    posted: list[Diagnostic]
    others: list[Diagnostic] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)


def apply_fixes(inputs: Inputs, found: Sequence[Judged]) -> bool:
    """Apply the edits of some findings to their files, and show them. Returns whether there were any.

    Sealed files, and those in another encoding or with control characters, stay as they are. Raises EngrossError if a
    file changed meanwhile.
    """
    sources = {
        document.source.path: document.source
        for subject in inputs.subjects
        for document in subject.edition.documents
        if document.source is not None
    }
    refused = {one.path for one in inputs.problems if one.rule in (ENCODING, CONTROL_CHARACTER)}
    fixed = False
    for path, edits in edits_by_path(found).items():
        if path in sources and path not in refused and not _is_sealed(Path(path)):
            print_diff(diff(sources[path], edits))
            _write(sources[path], applied_bytes(sources[path], edits))
            fixed = True
    return fixed


def _is_sealed(path: Path) -> bool:
    from engross.record import LEDGER

    return _SEALED in path.parts or any((folder / LEDGER).exists() for folder in path.resolve().parents)


def _write(source: Source, data: bytes) -> None:
    path = Path(source.path)
    if path.read_bytes() != source.data:
        raise EngrossError([error("unreadable-file", source.path, 0, 0, "the file changed while it was checked")])
    write(path, data)
