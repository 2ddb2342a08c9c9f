"""What is checked beside contracts: ordinary pages, mkdocs.yml, YAML files, the folder of the site.

Hidden characters and mixed scripts in what is no contract text: `documents.yml`, lists of models, change notes,

ordinary pages, `mkdocs.yml`.

Readers meet their words as well. The rules are those of the drafting check, asked of the text as it is written. In
ordinary pages and `mkdocs.yml`, which are the site owner's, soft hyphens are right, and so are characters that turn
text where they are written as entities of HTML, which every reviewer sees.

What a site's mkdocs.yml lacks to be safe from other site engines, and what they have left in the site's folder.

Both are notes: a site made by version 0.1 lacks the guard, and its strict checks and builds must pass.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from engross.common import ESCAPED_HIDDEN, code_point, error
from engross.corpus import Folders, Project, shown_path
from engross.drafting.rules import slips
from engross.drafting.words.lookalikes import mixed_words, shown_around, shown_letters, unseen
from engross.guard import NAME
from engross.guard.copies import copies_in_site
from engross.model import Diagnostic, Severity, Source
from engross.text import CONTROL_CHARACTER as CONTROL, hidden_controls, hidden_mistake

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""How the names of files end of which MkDocs makes pages."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_SOFT_HYPHEN = "\u00ad"


def check_other_files(project: Project, notes: Iterable[Source], names: Collection[str]) -> Iterator[Diagnostic]:
    """What the rules `names` find in the settings, the lists of models and the pending change notes of a site."""
    lists = [catalogue.file.source for catalogue in project.catalogues.values()]
    for source in (project.settings.file.source, *lists, *notes):
        if not source.sealed:
            yield from _seen(source, names)


def ordinary_pages(folders: Folders, project: Project) -> list[str]:
    """The Markdown files in the docs folder, relative to it, that are no documents, notes or sealed texts."""
    documents = {entry.file for entry in project.settings.documents}
    own = {folders.notes.resolve(), folders.record.resolve()}
    return [
        name
        for path in sorted(folders.docs.rglob("*"))
        if path.suffix.lower() in MARKDOWN and path.is_file() and own.isdisjoint(path.resolve().parents)
        if (name := path.relative_to(folders.docs).as_posix()) not in documents
        if not any(part.startswith(".") for part in PurePosixPath(name).parts)
    ]


def check_pages(folders: Folders, pages: Iterable[str], names: Collection[str]) -> Iterator[Diagnostic]:
    """What the rules `names` find in mkdocs.yml and in ordinary pages, and characters in them that turn text."""
    for config in folders.configs:
        source = _read(config)
        yield from _check_ours(source, len(source.text), names)
    for name in pages:
        source = _read(folders.docs / name)
        head = _FRONT_MATTER.match(source.text)
        yield from _check_ours(source, head.end() if head else 0, names)


def _read(path: Path) -> Source:
    """A file as it is: what else is wrong with it is for its reader to say."""
    data = path.read_bytes()
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return Source(shown_path(path), text.replace("\r\n", "\n").replace("\r", "\n"), data)


def _check_ours(source: Source, yaml: int, names: Collection[str]) -> Iterator[Diagnostic]:
    """What is found in a file of the site's owner, of which the first `yaml` characters are YAML."""
    if CONTROL in names:
        if not source.text.isascii():
            yield from hidden_controls(source)
        for found in ESCAPED_HIDDEN.finditer(source.text, 0, yaml):
            message = f"an escape: {hidden_mistake(chr(int(found[1] or found[2], 16)))}"
            yield error(CONTROL, source.path, *source.position(found.start()), message)
    yield from _seen(source, names, right=_SOFT_HYPHEN)


def _seen(source: Source, names: Collection[str], right: str = "") -> Iterator[Diagnostic]:
    """What the rules `names` find in a text; the characters `right` are no findings."""
    if source.text.isascii():
        return
    if slips.HIDDEN_CHARACTER.name in names:
        yield from _hidden(source, right)
    if slips.MIXED_SCRIPT.name in names:
        yield from _mixed(source)


def _hidden(source: Source, right: str) -> Iterator[Diagnostic]:
    rule = slips.HIDDEN_CHARACTER
    for start, end in unseen(source.text):
        if not set(source.text[start:end]) - set(right):
            continue
        codes = ", ".join(dict.fromkeys(map(code_point, source.text[start:end])))
        message = slips.MESSAGE_HIDDEN_CHARACTER.format(shown=shown_around(source.text, start, end), codes=codes)
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)


def _mixed(source: Source) -> Iterator[Diagnostic]:
    rule = slips.MIXED_SCRIPT
    for start, word, scripts in mixed_words(source.text):
        said = " and ".join(script.capitalize() for script in scripts)
        message = slips.MESSAGE.format(word=word, scripts=said, shown=shown_letters(word))
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)


UNGUARDED: Final = "unguarded-site"
PUBLISHED: Final = "published-settings"
NAMES: Final = (UNGUARDED, PUBLISHED)

_MISSING = (
    f"{NAME} is not listed: without it, a build in which the plugin is not active, or another site engine, publishes "
    "the contracts unchecked; "
)
_LISTED = re.compile(r"^markdown_extensions:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]*- )?", re.MULTILINE)
_KEY = re.compile(r"^markdown_extensions:.*", re.MULTILINE)
_LEFT = (
    "this file is not made by Engross: a site engine that ignores plugins has copied it; do not publish this folder, "
    "and build it anew with mkdocs build"
)


def check_site_setup(folders: Folders, names: Collection[str] = NAMES) -> Iterator[Diagnostic]:
    """A note where mkdocs.yml does not list the guard, and one for each copy of Engross's own YAML in the site."""
    if UNGUARDED in names and folders.configs and not folders.guarded:
        yield missing_guard(folders.configs[0])
    if PUBLISHED in names:
        for path in copies_in_site(folders):
            yield Diagnostic(PUBLISHED, Severity.NOTE, shown_path(path), 0, 0, _LEFT)


def missing_guard(config: Path) -> Diagnostic:
    """The note that a mkdocs.yml does not list the guard, with what to paste, and below which line."""
    text = config.read_text(encoding="utf-8")
    key = _KEY.search(text)
    if key is None:
        message, fix = "add these lines at the end", f"markdown_extensions:\n  - {NAME}"
    elif (listed := _LISTED.search(text)) and listed[1]:
        message, fix = "add this line right below markdown_extensions", f"{listed[1]}{NAME}"
    elif listed:
        message, fix = "add this line right below markdown_extensions, indented as the next one", f"{NAME}: {{}}"
    else:
        message, fix = f"add {NAME} to the list of markdown_extensions", ""
    line = text.count("\n", 0, key.start()) + 1 if key else 0
    return Diagnostic(UNGUARDED, Severity.NOTE, shown_path(config), line, 0, _MISSING + message, fix=fix)
