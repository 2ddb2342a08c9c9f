"""A site's folders -> everything it says: settings, documents read into trees, and the draft edition of each set.

What lies in the docs folder: names that can be shown, and no link that leads out of it.

MkDocs publishes every file it finds there, and follows links: what nobody reviewed as a part of the docs would be on
the site.

A docs folder → everything it says: settings, documents read into trees, and the draft edition of each set.

Each file is read and parsed once, however many sets its document belongs to.

Where a site's sources lie, as its mkdocs.yml says: what a command needs to know without loading a site engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from engross.common import CONTROLS, EngrossError, code_point, error
from engross.corpus.catalogue import Catalogue, catalogue_tree, read_catalogue
from engross.corpus.documents import Settings, check_files, read_settings
from engross.model import (
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    Inline,
    SetEntry,
    Source,
)
from engross.text import parse, read_source

RULE = "file"


def check_docs_files(docs: Path, shown: str) -> Iterator[Diagnostic]:
    """A diagnostic for each file or folder whose name holds a line end or a control, and for each link out of `docs`.

    `shown` is how messages call the folder. Names that begin with a dot are passed over, as MkDocs does.
    """
    inside = docs.resolve()
    for folder, folders, files in os.walk(docs):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *sorted(name for name in files if not name.startswith("."))]:
            path = Path(folder, name)
            called = f"{shown}/{path.relative_to(docs).as_posix()}"
            if odd := CONTROLS.search(name):
                message = f"the name of this file holds the character {code_point(odd[0])}; rename the file"
                yield error(RULE, called, 0, 0, message)
            if path.is_symlink() and not _stays(path, inside):
                message = (
                    f"this is a link to {_kind(path)} outside the docs folder, and what it leads to would be "
                    "published; put a copy in its place"
                )
                yield error(RULE, called, 0, 0, message)


def _stays(link: Path, inside: Path) -> bool:
    try:
        return link.resolve().is_relative_to(inside)
    except (OSError, RuntimeError):  # links that lead to one another
        return False


def _kind(link: Path) -> str:
    if link.is_dir():
        return "a folder"
    return "a file" if link.is_file() else "something that is no file"


@dataclass(frozen=True, slots=True)
class Project:
    """What a docs folder says now.

    `documents` are all documents by id, in the order of `documents.yml`; `catalogues` the model lists among them;
    `editions` the draft of each set, in order. A document may belong to several sets, or to none.
    """

    docs: Path
    settings: Settings
    documents: Mapping[str, Document]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()

    def lone_editions(self) -> Iterator[Edition]:
        """Each document that belongs to no set and has a text here, as a set of its own."""
        grouped = {name for entry in self.settings.sets for name in entry.documents}
        for document in self.documents.values():
            if document.id not in grouped and document.source is not None:
                entry = document.entry
                yield Edition(SetEntry(entry.id, entry.title, entry.id), (document,))


IsSealed: TypeAlias = Callable[[str, bytes], bool]
"""Tells whether some bytes were posted as a text of a document, by its id."""


def read_project(docs: Path, settings_name: str = "documents.yml", is_sealed: IsSealed = lambda *_: False) -> Project:
    """Read `documents.yml` in the folder `docs`, and every document it lists.

    A text that `is_sealed` is read as it was posted, whatever rules came later; where the parser still refuses it,
    it is verbatim. Raises EngrossError with every mistake found: first those of the names and links in the folder, then
    those of `documents.yml` itself, then those of all documents.
    """
    if problems := list(check_docs_files(docs, shown_path(docs))):
        raise EngrossError(problems)
    settings = read_settings(read_source(docs / settings_name, shown_path(docs / settings_name)))
    problems = check_files(settings, docs)
    if problems:
        raise EngrossError(problems)
    documents: dict[str, Document] = {}
    catalogues: dict[str, Catalogue] = {}
    for entry in settings.documents:
        try:
            documents[entry.id] = _read(entry, docs, catalogues, is_sealed)
        except EngrossError as failure:
            problems.extend(failure.diagnostics)
    if problems:
        raise EngrossError(problems)
    editions = tuple(Edition(entry, tuple(documents[name] for name in entry.documents)) for entry in settings.sets)
    return Project(docs, settings, documents, catalogues, editions)


VERBATIM_ANCHOR = "text"
"""The anchor of the one block that a verbatim document is."""


def verbatim_document(entry: DocumentEntry, source: Source) -> Document:
    """A text as a document that is shown as it was written: one block with the whole source."""
    text = source.text.rstrip("\n")
    last = text.count("\n") + 1
    block = Clause(
        ClauseKind.CODE, (1, last), anchor=VERBATIM_ANCHOR, label=entry.title, inline=Inline(text, (), ((0, 0),))
    )
    return Document(entry, source, Clause(ClauseKind.DOCUMENT, (1, last), children=(block,)), verbatim=True)


def shown_path(path: Path) -> str:
    """How messages call a file: relative to the working folder where it stands below it, with forward slashes."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.startswith("..") else Path(relative).as_posix()


def _read(entry: DocumentEntry, docs: Path, catalogues: dict[str, Catalogue], is_sealed: IsSealed) -> Document:
    if not entry.file:
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))
    path = docs / entry.file
    try:
        return _parsed(entry, read_source(path, shown_path(path)), catalogues)
    except EngrossError:
        if not path.is_file() or not is_sealed(entry.id, path.read_bytes()):
            raise
        source = read_source(path, shown_path(path), sealed=True)
    try:
        return _parsed(entry, source, catalogues)
    except EngrossError:
        return verbatim_document(entry, source)


def _parsed(entry: DocumentEntry, source: Source, catalogues: dict[str, Catalogue]) -> Document:
    if entry.kind is DocumentKind.CATALOGUE:
        catalogues[entry.id] = read_catalogue(source)
        return Document(entry, source, catalogue_tree(catalogues[entry.id], source))
    root = parse(source, numbering=entry.numbering)
    if not root.children:
        raise EngrossError([_empty(source)])
    return Document(entry, source, root)


def _empty(source: Source) -> Diagnostic:
    return error(
        "empty-document", source.path, 1, 1, "the document has no text; write it, or take it out of documents.yml"
    )


_PLUGIN = "engross"
_EXTENSIONS = "markdown_extensions"
_GUARD = "engross.guard"
_CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
# What MkDocs does where mkdocs.yml says nothing.
_LINKS = {"not_found": "warn", "absolute_links": "info", "unrecognized_links": "info", "anchors": "info"}
_DEFAULTS = {"documents": "documents.yml", "notes": "changes", "record": "record"}


@dataclass(frozen=True, slots=True)
class Folders:
    """A site's folder `root`, its docs folder, the name of its settings in that, the folder of change notes in that,
    and the record; `repository` and `edit` are what mkdocs.yml says of where sources are edited, `strict` whether
    warnings fail its builds, `validation` how grave each kind of bad link is, and `own_slugs` whether it says how
    the anchors of headings are made. `site` is the folder that builds write, `configs` are the mkdocs.yml and those
    that it inherits from, and `guarded` tells whether they list the Markdown extension engross.guard.
    """

    root: Path
    docs: Path
    settings: str = "documents.yml"
    notes: Path = Path("docs/changes")
    record: Path = Path("record")
    repository: str = ""
    edit: str = ""
    strict: bool = False
    validation: Mapping[str, str] = field(default_factory=lambda: _LINKS, hash=False)
    own_slugs: bool = False
    site: Path = Path("site")
    configs: tuple[Path, ...] = ()
    guarded: bool = True


def find_folders(here: Path) -> Folders:
    """The folders of the site around a folder. Raises EngrossError where none is."""
    for folder in (here, *here.parents):
        found = _folders_of(folder)
        if found:
            return found
    message = "there is no mkdocs.yml and no docs/documents.yml here or above; name the files to read"
    raise EngrossError([error("missing-file", shown_path(here / "docs/documents.yml"), 0, 0, message)])


def _folders_of(root: Path) -> Folders | None:
    config = next((root / name for name in _CONFIGS if (root / name).is_file()), None)
    said = _plain_values(config) if config else {}
    configs = config_files(config) if config else ()
    docs = root / _text(said, "docs_dir", "docs")
    options = {name: _text(_options(said), name, value) for name, value in _DEFAULTS.items()}
    if not (docs / options["documents"]).is_file():
        return None
    return Folders(
        root,
        docs,
        options["documents"],
        docs / options["notes"],
        root / options["record"],
        _text(said, "repo_url", ""),
        _text(said, "edit_uri", ""),
        said.get("strict") is True,
        _validation(said),
        "slugify" in str(said.get(_EXTENSIONS)),
        root / _text(said, "site_dir", "site"),
        configs,
        not configs or _is_guarded(map(_plain_values, configs)),
    )


def config_files(config: Path) -> tuple[Path, ...]:
    """A mkdocs.yml and those that it inherits from, the nearest first. Raises EngrossError where one is no YAML."""
    found: dict[Path, None] = {}
    while config not in found and config.is_file():
        found[config] = None
        config = config.parent / _text(_plain_values(config), "INHERIT", "")
    return tuple(found)


def _is_guarded(configs: Iterable[dict[str, Any]]) -> bool:
    """Whether settings list the guard, themselves or by what they inherit: a list of their own replaces that one."""
    for said in configs:
        listed = said.get(_EXTENSIONS) or []
        if _GUARD in listed or any(isinstance(one, dict) and _GUARD in one for one in listed):
            return True
        if isinstance(said.get(_EXTENSIONS), list):
            return False
    return False


class _AnyTag(SafeConstructor):
    """Reads a mkdocs.yml for the plain values in it; what its tags would make is of no interest here."""


_AnyTag.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def _plain_values(config: Path) -> dict[str, Any]:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _AnyTag
    try:
        said = reader.load(config.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", -1) + 1
        raise EngrossError([error("yaml", shown_path(config), line, 0, "cannot be read as YAML")]) from None
    return said if isinstance(said, dict) else {}


def _options(said: dict[str, Any]) -> dict[str, Any]:
    """What mkdocs.yml says to the plugin."""
    plugins = said.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, dict) else [
        pair for entry in plugins if isinstance(entry, dict) for pair in entry.items()
    ]  # fmt: skip
    return next((options for name, options in entries if name == _PLUGIN and isinstance(options, dict)), {})


def _validation(said: dict[str, Any]) -> dict[str, str]:
    """How grave each kind of bad link is: as said of links, else as said of all, else as MkDocs has it."""
    levels = said.get("validation")
    levels = levels if isinstance(levels, dict) else {}
    links = levels.get("links")
    links = links if isinstance(links, dict) else {}
    return {name: str(links.get(name, levels.get(name, usual))) for name, usual in _LINKS.items()}


def _text(said: dict[str, Any], name: str, default: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else default
