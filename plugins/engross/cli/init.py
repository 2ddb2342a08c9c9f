"""`engross init`: start a site for an agreement, with files that build without changes.

The files are in `templates/init/`, under their final names. The command writes all of them or none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engross.cli.printing import say
from engross.common import EngrossError, error, quoted
from engross.model import Diagnostic
from engross.render import template_folders

# What MkDocs would read instead of a written file, or together with it.
_RIVALS = {"mkdocs.yml": "mkdocs.yaml", "docs/index.md": "docs/README.md"}
# Entities for what is special only in HTML: Python-Markdown, which reads the home page, has no escape for "<".
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _title(_context: click.Context, _option: click.Parameter, value: str) -> str:
    title = " ".join(value.split())
    if not title or not title.isprintable():
        raise click.BadParameter("a title is a line of text")
    return title


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--title", default="Terms of Service", show_default=True, callback=_title, help="Title of the agreement.")
def init(folder: Path, title: str) -> None:
    """Start a site for an agreement in FOLDER (by default the current folder).

    Writes mkdocs.yml and, in docs/, the list of documents, an agreement to edit, a home page and a page for posted
    changes. It overwrites no file: if one exists already, it writes nothing.
    """
    written = write_new(folder, starting_files(title))
    for path in written:
        say(f"wrote {path}")
    go = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    say(f"Now edit docs/agreement.md. To see the site: {go}mkdocs serve --livereload")


def starting_files(title: str) -> dict[str, str]:
    """Return the text of every file of a new site, by its path; `title` is that of the agreement."""
    shipped = template_folders()[-1] / "init"
    templates = Environment(
        loader=FileSystemLoader(shipped), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )  # nothing here is HTML
    templates.filters.update(yaml=quoted, markdown=_markdown)
    return {name: templates.get_template(name).render(title=title) for name in sorted(templates.list_templates())}


def write_new(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the files below a folder, and make the folder if needed. Returns their paths.

    Raises EngrossError if a file exists already, and OSError if the system refuses; no file is left then.
    """
    found = _in_the_way(folder, files)
    if found:
        raise EngrossError(found)
    paths = []
    with ExitStack() as undo:
        for name, text in files.items():
            path = folder / name
            _make_folder(path.parent, undo)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                undo.callback(path.unlink)
                file.write(text)
            paths.append(path)
        undo.pop_all()
    return paths


def _in_the_way(folder: Path, files: Mapping[str, str]) -> list[Diagnostic]:
    """Return a diagnostic for each file that exists, that MkDocs would read instead, or that blocks a folder."""
    parents = {parent for name in files for parent in (folder / name).parents if parent.exists()}
    blocked = {parent for parent in parents if not parent.is_dir()}
    for name in files:
        for wanted in filter(None, (name, _RIVALS.get(name))):
            path = folder / wanted
            if path.exists() or path.is_symlink():
                blocked.add(path)
    message = "is in the way; nothing was written"
    return [error("in-the-way", path.as_posix(), 0, 0, message) for path in sorted(blocked)]


def _make_folder(folder: Path, undo: ExitStack) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        undo.callback(path.rmdir)


def _markdown(text: str) -> str:
    """Escape a text for a heading or a sentence in Markdown, so that it has no markup."""
    plain = re.sub(r"[&<>]", lambda found: _ENTITIES[found[0]], text)
    return re.sub(r"([\\`*_\[\]#])", r"\\\1", plain)
