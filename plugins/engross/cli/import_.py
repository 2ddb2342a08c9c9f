"""`engross import SOURCE…`: write Word files, web pages and texts as contract Markdown in the docs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from engross.cli.printing import FOUND, say
from engross.cli.site import settings_of, site_here
from engross.common import EngrossError, error, quoted, write_file
from engross.importing import Choices, Imported, import_source, report_lines
from engross.model import Diagnostic

_INTO_OR_ONTO = (
    "name the Markdown file to write with --into, or the document to merge with --onto; "
    "--base, --in-place and --keep-comments belong to --onto"
)


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="The Markdown file to write, such as docs/agreement.md, or a folder for several sources.",
)
@click.option("--accept", "tracked", flag_value="accept", help="Accept all tracked changes, and drop the comments.")
@click.option("--reject", "tracked", flag_value="reject", help="Reject all tracked changes, and drop the comments.")
@click.option(
    "--track",
    "tracked",
    flag_value="track",
    help="Accept all tracked changes, and list them with the comments in a review file outside the docs.",
)
@click.option("--select", default="", metavar="CSS", help="The part of a web page to import, as a CSS selector.")
@click.option("--title", default="", help="The title of the document, if the source has none.")
@click.option("--report", "to", type=click.Path(path_type=Path), help="Also write the report to this file.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option(
    "--onto",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The document that SOURCE is an edited copy of, such as docs/agreement.md: merge the edits into its text.",
)
@click.option(
    "--base",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --onto: the text that SOURCE was exported from, if neither the docs nor the record have it.",
)
@click.option("--in-place", is_flag=True, help="With --onto: change the document itself, instead of a copy.")
@click.option("--keep-comments", is_flag=True, help="With --onto: also write who changed what, and the comments.")
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    sources: tuple[Path, ...],
    into: Path | None,
    onto: Path | None,
    tracked: str | None,
    select: str,
    title: str,
    to: Path | None,
    force: bool,
    **merging: Any,
) -> None:
    """Import SOURCE, a Word file, a web page or a text, as contract Markdown.

    Numbers that a word processor generates are typed as it shows them. The report says what was changed, dropped and
    guessed, and whether each word of the source is in the new text. Nothing is written if any source is refused, or if
    a file exists that would be replaced.

    With --onto, SOURCE is a Word file that Engross exported and somebody edited. Its changes are merged into the text
    of the document; clauses without changes keep their bytes. The result and a draft of the change note are written to
    the folder negotiated/, which git ignores. Changes that conflict with the docs are listed, and nothing is written.

    Exits 0 if every word was imported or is listed as dropped, 1 if words differ or a source is refused, 2 if a source
    cannot be read.
    """
    if onto is not None:
        _merge(sources, into, onto, tracked or "", force=force, **merging)
        return
    if into is None or any(merging.values()):
        raise click.UsageError(_INTO_OR_ONTO)
    imported = _import(_targets(sources, into), Choices(tracked or "", select, title))
    files = _files(imported)
    report = [line for _, one in imported for line in report_lines(one.report)]
    if to:
        files[to] = ("\n".join(report) + "\n").encode("utf-8")
    _write(files, force=force)
    for line in (*report, *(f"wrote {path}" for path in files), *_next(imported)):
        say(line)
    ctx.exit(FOUND if any(one.report.differences for _, one in imported) else 0)


def _merge(sources: tuple[Path, ...], into: Path | None, onto: Path, tracked: str, **merging: Any) -> None:
    """Merge an edited Word file into a document. Raises click's UsageError for options that belong to other imports."""
    if into is not None or len(sources) > 1:
        raise click.UsageError("--onto merges one SOURCE into a document; omit --into and other sources")
    try:
        # It loads what reads Word files, which other imports do without.
        from engross.cli.import_onto import import_onto
    except ModuleNotFoundError:
        message = 'this needs an extra of Engross; install it: pip install "engross[word]"'
        raise EngrossError([error("extra", sources[0].as_posix(), 0, 0, message)]) from None
    import_onto(sources[0], onto, tracked, **merging)


def _import(targets: dict[Path, Path], choices: Choices) -> list[tuple[Path, Imported]]:
    """Import each source; return the results with the files to write. Raises EngrossError if any is refused."""
    imported, refused = [], list[Diagnostic]()
    for source, target in targets.items():
        try:
            imported.append((target, import_source(source, target.stem, choices)))
        except EngrossError as failure:
            refused += failure.diagnostics
    if refused:
        raise EngrossError(refused)
    return imported


def _next(imported: Iterable[tuple[Path, Imported]]) -> Iterator[str]:
    """Yield the entry of documents.yml to add for each document that the site does not list yet."""
    try:
        folders = site_here()
        settings = settings_of(folders)
    except EngrossError:
        return
    known = {entry.file for entry in settings.documents}
    for target, one in imported:
        path = target.resolve()
        if not path.is_relative_to(folders.docs.resolve()):
            continue
        file = path.relative_to(folders.docs.resolve()).as_posix()
        if file not in known:
            yield f"To publish it, add to documents in {folders.settings}, and a line to nav in mkdocs.yml:"
            yield f"  - id: {target.stem}\n    title: {quoted(one.title)}"
            yield f"    kind: policy  # or agreement, url-terms\n    file: {file}"


def _targets(sources: Iterable[Path], into: Path) -> dict[Path, Path]:
    """Return the Markdown file of each source. Raises click's UsageError if two sources would become one file."""
    distinct = list(dict.fromkeys(sources))
    if into.suffix == ".md" and not into.is_dir():
        if len(distinct) > 1:
            raise click.UsageError(f"--into {into} is one file; name a folder for {len(distinct)} sources")
        return {distinct[0]: into}
    if into.suffix and not into.is_dir():
        raise click.UsageError(f"--into {into} is neither a Markdown file (.md) nor a folder")
    targets = {source: into / f"{_file_name(source.stem)}.md" for source in distinct}
    for target in targets.values():
        same = [str(source) for source, other in targets.items() if other == target]
        if len(same) > 1:
            raise click.UsageError(f"{' and '.join(same)} would both become {target}; import them one by one")
    return targets


def _file_name(stem: str) -> str:
    """Return the name of a document's file: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "document"


def _files(imported: Iterable[tuple[Path, Imported]]) -> dict[Path, bytes]:
    files: dict[Path, bytes] = {}
    for target, one in imported:
        files[target] = one.markdown.encode("utf-8")
        files |= {target.parent / path: data for path, data in one.pictures.items()}
        if one.review:
            files[_outside_docs(f"{target.stem}.review.md")] = one.review.encode("utf-8")
    return files


def _outside_docs(name: str) -> Path:
    """Return a path in the working folder, or beside the docs if that is in them: what is in the docs is published."""
    try:
        docs = site_here().docs.resolve()
    except EngrossError:
        return Path(name)
    return docs.parent / name if Path.cwd().is_relative_to(docs) else Path(name)


def _write(files: dict[Path, bytes], *, force: bool) -> None:
    """Write all files, or none if one exists and is not to be replaced."""
    existing = [path for path in files if path.exists()]
    if existing and not force:
        message = "this file exists; name another with --into, or replace it with --force"
        raise EngrossError([error("import", path.as_posix(), 0, 0, message) for path in existing])
    before = {path: path.read_bytes() if path.exists() else None for path in files}
    try:
        for path, data in files.items():
            write_file(path, data)
    except OSError:
        _restore(before)
        raise


def _restore(before: Mapping[Path, bytes | None]) -> None:
    """Bring back what files were before; those that did not exist are deleted."""
    for path, data in before.items():
        with suppress(OSError):
            if data is None:
                path.unlink()
            else:
                write_file(path, data)
