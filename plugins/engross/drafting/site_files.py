"""The checks of files other than contracts: settings, change notes, ordinary pages, mkdocs.yml, the site folder.

The rules about hidden characters and mixed scripts are applied to the raw text. In ordinary pages and `mkdocs.yml`,
which belong to the site's owner, soft hyphens are allowed. Directional characters are allowed there as HTML entities,
which reviewers can see.

The findings about the setup of the site are notes: a site made by version 0.1 lacks the guard, and its strict checks
and builds must pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import engross.common.lazy_re as re
from engross.common import ESCAPED_HIDDEN, code_point, error
from engross.corpus import GUARD, Folders, Project, Settings, shown_path
from engross.drafting.detectors.lookalikes import invisible_spans, mixed_words, shown_around, shown_letters
from engross.drafting.rules import slips
from engross.drafting.subject import Finding, Judged
from engross.model import Diagnostic, Document, Severity, Source
from engross.record import is_misplaced
from engross.text import CONTROL_CHARACTER as CONTROL, hidden_controls, hidden_mistake, unix_lines

MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
"""The file name endings of which MkDocs makes pages."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_SOFT_HYPHEN = "\u00ad"
_QUOTED = re.compile(r"“(.+?)”")


def check_settings_text(project: Project, names: Collection[str]) -> Iterator[Diagnostic]:
    """Apply the rules `names` to the settings of a site."""
    yield from check_text(project.settings.file.source, names)


def check_rows(document: Document, names: Collection[str]) -> Iterator[Judged]:
    """Apply the rules `names` to a list of models or a register."""
    source = document.source
    if source is None or source.sealed or not document.entry.kind.has_rows:
        return
    for found in check_text(source, names):
        # An exception may name the words that a finding quotes.
        about = _QUOTED.search(found.message)
        text = about[1] if about else ""
        yield Judged(Finding(document.id, found.path, found.line, found.column, found.message, text=text), found)


def ordinary_pages(folders: Folders, settings: Settings) -> list[str]:
    """The Markdown files in the docs folder, relative to it, except documents, notes and sealed texts."""
    return [name for name in site_files(folders, settings) if PurePosixPath(name).suffix.lower() in MARKDOWN]


def site_files(folders: Folders, settings: Settings) -> list[str]:
    """The files in the docs folder, relative to it, except documents, notes and sealed texts."""
    documents = {entry.file for entry in settings.documents}
    own = {folders.notes.resolve(), folders.record.resolve()}
    # Most files are documents, and to resolve a path takes longer than all else.
    return [
        name
        for path in sorted(folders.docs.rglob("*"))
        if (name := path.relative_to(folders.docs).as_posix()) not in documents
        if path.is_file() and own.isdisjoint(path.resolve().parents)
        if not any(part.startswith(".") for part in PurePosixPath(name).parts) and not is_misplaced(path, folders)
    ]


def check_pages(folders: Folders, pages: Iterable[str], names: Collection[str]) -> Iterator[Diagnostic]:
    """Apply the rules `names` to mkdocs.yml and ordinary pages, and find directional characters in them."""
    for config in folders.configs:
        source = _read(config)
        yield from _check_owner_file(source, len(source.text), names)
    for name in pages:
        source = _read(folders.docs / name)
        head = _FRONT_MATTER.match(source.text)
        yield from _check_owner_file(source, head.end() if head else 0, names)


def _read(path: Path) -> Source:
    """Read a file leniently: its own reader reports errors of encoding."""
    data = path.read_bytes()
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    return Source(shown_path(path), unix_lines(text), data)


def _check_owner_file(source: Source, yaml: int, names: Collection[str]) -> Iterator[Diagnostic]:
    """Check a file of the site's owner, of which the first `yaml` characters are YAML."""
    if CONTROL in names:
        if not source.text.isascii():
            yield from hidden_controls(source)
        for found in ESCAPED_HIDDEN.finditer(source.text, 0, yaml):
            message = f"an escape: {hidden_mistake(chr(int(found[1] or found[2], 16)))}"
            yield error(CONTROL, source.path, *source.position(found.start()), message)
    yield from check_text(source, names, allowed=_SOFT_HYPHEN)


def check_text(source: Source, names: Collection[str], allowed: str = "") -> Iterator[Diagnostic]:
    """Apply the rules `names` to a text; the characters `allowed` are not findings."""
    if source.text.isascii():
        return
    if slips.HIDDEN_CHARACTER.name in names:
        yield from _hidden_characters(source, allowed)
    if slips.MIXED_SCRIPT.name in names:
        yield from _mixed_scripts(source)


def _hidden_characters(source: Source, allowed: str) -> Iterator[Diagnostic]:
    rule = slips.HIDDEN_CHARACTER
    for start, end in invisible_spans(source.text):
        if not set(source.text[start:end]) - set(allowed):
            continue
        codes = ", ".join(dict.fromkeys(map(code_point, source.text[start:end])))
        message = slips.HIDDEN_CHARACTER_MESSAGE.format(shown=shown_around(source.text, start, end), codes=codes)
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)


def _mixed_scripts(source: Source) -> Iterator[Diagnostic]:
    rule = slips.MIXED_SCRIPT
    for start, word, scripts in mixed_words(source.text):
        joined = " and ".join(script.capitalize() for script in scripts)
        message = slips.MIXED_SCRIPT_MESSAGE.format(word=word, scripts=joined, shown=shown_letters(word))
        yield Diagnostic(rule.name, rule.severity, source.path, *source.position(start), message)


UNGUARDED: Final = "unguarded-site"
PUBLISHED: Final = "published-settings"
NAMES: Final = (UNGUARDED, PUBLISHED)

_MISSING = (
    f"{GUARD} is not listed: without it, a build in which the plugin is not active, or another site engine, publishes "
    "the contracts unchecked; "
)
_LISTED = re.compile(r"^markdown_extensions:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*([ \t]*- )?", re.MULTILINE)
_KEY = re.compile(r"^markdown_extensions:.*", re.MULTILINE)
_COPIED = (
    "Engross did not write this file: a site engine that ignores plugins copied it; do not publish this folder, "
    "and build the site again with mkdocs build"
)


def check_site_setup(folders: Folders, names: Collection[str] = NAMES) -> Iterator[Diagnostic]:
    """A note if mkdocs.yml does not list the guard, and one for each copy of Engross's own YAML in the site."""
    if UNGUARDED in names and folders.configs and not folders.guarded:
        yield missing_guard(folders.configs[0])
    if PUBLISHED in names and folders.site.is_dir():
        from engross.guard.copies import copies_in_site  # it loads Python-Markdown

        for path in copies_in_site(folders):
            yield Diagnostic(PUBLISHED, Severity.NOTE, shown_path(path), 0, 0, _COPIED)


def missing_guard(config: Path) -> Diagnostic:
    """The note that mkdocs.yml does not list the guard, with the line to add and its place."""
    text = config.read_text(encoding="utf-8")
    key = _KEY.search(text)
    if key is None:
        message, fix = "add these lines at the end", f"markdown_extensions:\n  - {GUARD}"
    elif (listed := _LISTED.search(text)) and listed[1]:
        message, fix = "add this line right below markdown_extensions", f"{listed[1]}{GUARD}"
    elif listed:
        message, fix = "add this line right below markdown_extensions, indented as the next one", f"{GUARD}: {{}}"
    else:
        message, fix = f"add {GUARD} to the list of markdown_extensions", ""
    line = text.count("\n", 0, key.start()) + 1 if key else 0
    return Diagnostic(UNGUARDED, Severity.NOTE, shown_path(config), line, 0, _MISSING + message, fix=fix)
