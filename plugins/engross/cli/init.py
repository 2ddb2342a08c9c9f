"""`engross init`: start a site for an agreement, with files that build without changes.

The files are in `templates/init/`: `site/` for every site, `git/` for its repository, `common/`, `github/` and
`gitlab/` for its host. The command writes all of them or none. To a .gitignore that exists already, it adds lines.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import engross.common.lazy_re as re
from engross import __version__
from engross.cli.printing import say
from engross.cli.site import ignore
from engross.common import EngrossError, error, quoted, value_class
from engross.model import Diagnostic
from engross.record import LEDGER
from engross.render import template_folders

# What MkDocs would read instead of a written file, or together with it.
_RIVALS = {"mkdocs.yml": "mkdocs.yaml", "docs/index.md": "docs/README.md"}
_IGNORED = ".gitignore"
_ACTIONS = re.compile(r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+)@([A-Za-z0-9][A-Za-z0-9._/-]*)")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
# Entities for what is special only in HTML: Python-Markdown, which reads the home page, has no escape for "<".
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FIRST_TIME = {"github": "first_time", "gitlab": "the variable FIRST_TIME set to true"}
_FIRST_NOTE = (
    "engross change new --set terms --document agreement --class substantive --material --effective immediately "
    '--approved-by "<your role>" --summary "The first version."'
)


def _title(_context: click.Context, _option: click.Parameter, value: str) -> str:
    title = " ".join(value.split())
    if not title or not title.isprintable():
        raise click.BadParameter("a title is a line of text")
    return title


@value_class(frozen=True, slots=True)
class Actions:
    """Where the composite actions of Engross are: a repository on GitHub, and a commit, tag or branch of it."""

    repository: str
    ref: str

    def at(self, name: str) -> str:
        """Return what a workflow writes after "uses:" for an action."""
        return f"{self.repository}/actions/{name}@{self.ref}"


def _actions(_context: click.Context, _option: click.Parameter, value: str | None) -> Actions | None:
    if value is None:
        return None
    found = _ACTIONS.fullmatch(value)
    if not found:
        raise click.BadParameter("it is written OWNER/REPOSITORY@REF, where REF is best the hash of a commit")
    return Actions(found[1], found[2])


def _branch(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not _BRANCH.fullmatch(value):
        raise click.BadParameter("the name of a branch has only letters, digits, and . _ / - here")
    return value


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--title", default="Terms of Service", show_default=True, callback=_title, help="Title of the agreement.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    default="none",
    show_default=True,
    help="Also write the workflows that review changes and publish the site on this host.",
)
@click.option(
    "--actions",
    callback=_actions,
    metavar="OWNER/REPO@REF",
    help="With --ci github: let the workflows use the actions of this repository of Engross. By default they run the "
    "same commands themselves.",
)
@click.option("--branch", default="main", show_default=True, callback=_branch, help="The branch that is published.")
def init(folder: Path, title: str, ci: str, actions: Actions | None, branch: str) -> None:
    """Start a site for an agreement in FOLDER (by default the current folder).

    Writes mkdocs.yml, .gitignore and, in docs/, the list of documents, an agreement to edit, a home page and a page for
    posted changes. It overwrites no file: if one exists already, it writes nothing.

    With --ci, it also writes the workflows of a host, and what belongs to them. In the folder of a site, it then writes
    only those of these files that do not exist yet.
    """
    if actions and ci != "github":
        raise click.UsageError("--actions needs --ci github")
    more = {} if ci == "none" else ci_files(title, ci, actions, branch)
    kept_site = bool(more) and _is_site(folder)
    ignored = folder / _IGNORED
    adds = ignored.is_file() and not ignored.is_symlink()
    if adds:
        more.pop(_IGNORED, None)
    if kept_site:
        kept = {name for name in more if os.path.lexists(folder / name)}
        written = write_new(folder, {name: text for name, text in more.items() if name not in kept})
        for name in sorted(kept):
            say(f"kept {folder / name}, which exists already")
    else:
        files = {**starting_files(title), **more}
        if adds:
            del files[_IGNORED]
        written = write_new(folder, files)
    if adds:
        ignore(ignored, _ignored_lines(), str(ignored))
    for path in written:
        say(f"wrote {path}")
    _say_next(folder, ci, new=not kept_site)


def _say_next(folder: Path, ci: str, *, new: bool) -> None:
    go = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    if new:
        say(f"Now edit docs/agreement.md, and delete its first line. To see the site: {go}mkdocs serve --livereload")
        say(f"To post the first version, write the first note: {go}{_FIRST_NOTE}")
        say("If you add documents before that, name each in this note too: --document ID")
    if ci != "none":
        say(f"Before you push: {go}engross lock (or engross lock --wheel FILE), then commit all files.")
        if new or not (folder / "record" / LEDGER).exists():
            say(f"Nothing is published yet, so start the first run by hand, with {_FIRST_TIME[ci]}.")


def _is_site(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("mkdocs.yml", "mkdocs.yaml", "docs/documents.yml"))


def starting_files(title: str) -> dict[str, str]:
    """Return the text of every file of a new site, by its path; `title` is that of the agreement."""
    return {
        **_rendered("site", _environment(), {"title": title}),
        **_rendered("git", _environment(), {}),
        **_shipped("schemas", "*.json", ".engross/schemas"),
    }


def _ignored_lines() -> list[str]:
    lines = _rendered("git", _environment(), {})[_IGNORED].splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def ci_files(title: str, ci: str, actions: Actions | None, branch: str) -> dict[str, str]:
    """Return the text of every file for a host (`ci` is "github" or "gitlab"), by its path."""
    values = {
        "title": title,
        "version": __version__,
        "request": {"github": "a pull request", "gitlab": "a merge request"}[ci],
        "actions": actions,
        "branch": branch,
    }
    # The files themselves are full of braces.
    environment = _environment(
        variable_start_string="<<", variable_end_string=">>", block_start_string="<%", block_end_string="%>"
    )
    return {
        **_rendered("git", environment, values),
        **_rendered("common", environment, values),
        **_rendered(ci, environment, values),
        **_shipped("schemas", "*.json", ".engross/schemas"),
        **_shipped("hosting", "[a-z]*.py", ".engross"),
    }


def _environment(**delimiters: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_folders()[-1] / "init"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # nothing here is HTML
        **delimiters,  # type: ignore[arg-type] # a mapping of some of its many options
    )
    environment.filters.update(yaml=quoted, markdown=_markdown)
    return environment


def _rendered(folder: str, environment: Environment, values: Mapping[str, object]) -> dict[str, str]:
    """Return the files of a folder of templates by their final path; a name that begins "dot-" begins with a dot."""
    names = [name for name in environment.list_templates() if name.startswith(f"{folder}/")]
    return {
        re.sub(r"(?<![^/])dot-", ".", name.removeprefix(f"{folder}/")): environment.get_template(name).render(values)
        for name in sorted(names)
    }


def _shipped(folder: str, pattern: str, target: str) -> dict[str, str]:
    """Return files of the package, by their path in a site."""
    package = Path(__file__).parent.parent
    return {f"{target}/{path.name}": path.read_text("utf-8") for path in sorted((package / folder).glob(pattern))}


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
