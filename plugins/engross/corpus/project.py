"""Reads a site's docs folder into a project: settings, documents as trees, and the draft edition of each set.

Each file is read and parsed once, however many sets its document belongs to. `find_folders` reads
from mkdocs.yml where the sources are, so that commands need not load a site engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from engross.common import EngrossError, error, read_file
from engross.corpus.catalogue import Catalogue, catalogue_tree, read_catalogue
from engross.corpus.docs_files import check_docs_files, missing_files, shown_path
from engross.corpus.settings import Settings, read_settings
from engross.corpus.translations import lone_editions
from engross.model import (
    Clause,
    ClauseKind,
    Diagnostic,
    Document,
    DocumentEntry,
    DocumentKind,
    Edition,
    Inline,
    Source,
)
from engross.text import decode_for_display, parse, read_source


@dataclass(frozen=True, slots=True)
class Project:
    """The current content of a docs folder.

    `documents` contains all documents by id, in the order of `documents.yml`; `catalogues` the model lists among them;
    `editions` the draft of each set, in order. A document may belong to several sets, or to none. `unreadable` has the
    mistakes of each document that could not be read, by id; such a document is verbatim.
    """

    docs: Path
    settings: Settings
    documents: Mapping[str, Document]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    editions: tuple[Edition, ...] = ()
    unreadable: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)

    def lone_editions(self) -> Iterator[Edition]:
        """Yield each document that has a text but belongs to no set, as a set of its own.

        Translations into one language of an agreement and of what it incorporates are one set.
        """
        yield from lone_editions(self.settings, self.documents)


IsSealed: TypeAlias = Callable[[str, bytes], bool]
"""Returns whether the bytes were posted as a text of the document with an id."""


Instead: TypeAlias = Callable[[DocumentEntry, EngrossError], Document]
"""Returns what to show instead of a document that cannot be read."""


def read_project(
    docs: Path,
    settings_name: str = "documents.yml",
    is_sealed: IsSealed = lambda *_: False,
    *,
    known: Project | None = None,
    instead: Instead | None = None,
    keep_unreadable: bool = False,
) -> Project:
    """Read `documents.yml` in the folder `docs` and every document it lists.

    A text for which `is_sealed` is true is read as it was posted, without later rules; if the parser still refuses it,
    the document is verbatim. Settings and documents of a `known` project that have the same bytes are taken from it.

    Raises EngrossError with all mistakes of the first of these groups that has any: names and links in the folder,
    `documents.yml` itself, missing documents, texts of documents. With `instead`, a document that cannot be read raises
    nothing; with `keep_unreadable` neither: it is verbatim then, and its mistakes are in `Project.unreadable`.
    """
    if problems := list(check_docs_files(docs, shown_path(docs))):
        raise EngrossError(problems)
    settings = _read_settings(docs / settings_name, known)
    missing = missing_files(settings, docs)
    unreadable: dict[str, tuple[Diagnostic, ...]] = {name: (mistake,) for name, mistake in missing.items()}
    kept_anyway = keep_unreadable or instead is not None
    _require_readable(unreadable, kept_anyway)
    catalogues: dict[str, Catalogue] = {}

    def read_entry(entry: DocumentEntry) -> Document:
        if known and (kept := _same_document(entry, docs, known)):
            return kept
        try:
            return _read(entry, docs, catalogues, is_sealed)
        except EngrossError as failure:
            unreadable.setdefault(entry.id, failure.diagnostics)
            return instead(entry, failure) if instead else _unread(entry, docs)

    documents = {entry.id: read_entry(entry) for entry in settings.documents}
    _require_readable(unreadable, kept_anyway)
    return _project(docs, settings, documents, catalogues, unreadable if keep_unreadable else {})


def _read_settings(path: Path, known: Project | None) -> Settings:
    source = read_source(path, shown_path(path))
    same = known is not None and known.settings.file.source.data == source.data
    return known.settings if known and same else read_settings(source)


def _project(
    docs: Path,
    settings: Settings,
    documents: Mapping[str, Document],
    catalogues: Mapping[str, Catalogue],
    unreadable: Mapping[str, tuple[Diagnostic, ...]],
) -> Project:
    editions = tuple(Edition(entry, tuple(documents[name] for name in entry.documents)) for entry in settings.sets)
    return Project(docs, settings, documents, catalogues, editions, unreadable)


def _require_readable(unreadable: Mapping[str, tuple[Diagnostic, ...]], kept_anyway: bool) -> None:
    if unreadable and not kept_anyway:
        raise EngrossError(mistake for mistakes in unreadable.values() for mistake in mistakes)


def _same_document(entry: DocumentEntry, docs: Path, known: Project) -> Document | None:
    """Return a document of another project with the same settings and bytes; None for lists of models."""
    document = known.documents.get(entry.id)
    if document is None or document.source is None or replace(document.entry, line=entry.line) != entry:
        return None
    if entry.kind is DocumentKind.CATALOGUE:
        return None
    try:
        return document if read_file(docs / entry.file) == document.source.data else None
    except OSError:
        return None


VERBATIM_ANCHOR = "text"
"""The anchor of the only block of a verbatim document."""


def verbatim_document(entry: DocumentEntry, source: Source) -> Document:
    """Return a document that is shown as written: one block with the whole source."""
    text = source.text.rstrip("\n")
    last = text.count("\n") + 1
    block = Clause(
        ClauseKind.CODE, (1, last), anchor=VERBATIM_ANCHOR, label=entry.title, inline=Inline(text, (), ((0, 0),))
    )
    return Document(entry, source, Clause(ClauseKind.DOCUMENT, (1, last), children=(block,)), verbatim=True)


def _unread(entry: DocumentEntry, docs: Path) -> Document:
    """Return a document that could not be read as far as it can be shown; empty if there is no file."""
    path = docs / entry.file
    try:
        data = read_file(path)
    except (OSError, RuntimeError):
        data = b""
    return verbatim_document(entry, decode_for_display(data, shown_path(path)))


def _read(entry: DocumentEntry, docs: Path, catalogues: dict[str, Catalogue], is_sealed: IsSealed) -> Document:
    if not entry.file:
        return Document(entry, None, Clause(ClauseKind.DOCUMENT, (1, 1)))
    path = docs / entry.file
    try:
        return _parse_document(entry, read_source(path, shown_path(path)), catalogues)
    except EngrossError:
        if not path.is_file() or not is_sealed(entry.id, read_file(path)):
            raise
        source = read_source(path, shown_path(path), sealed=True)
    try:
        return _parse_document(entry, source, catalogues)
    except EngrossError:
        return verbatim_document(entry, source)


def _parse_document(entry: DocumentEntry, source: Source, catalogues: dict[str, Catalogue]) -> Document:
    if entry.kind is DocumentKind.CATALOGUE:
        catalogue = read_catalogue(source)
        document = Document(entry, source, catalogue_tree(catalogue, source))
        catalogues[entry.id] = catalogue
        return document
    root = parse(source, numbering=entry.numbering)
    if not root.children:
        raise EngrossError([_empty(source)])
    return Document(entry, source, root)


def _empty(source: Source) -> Diagnostic:
    return error(
        "empty-document", source.path, 1, 1, "the document has no text; write it, or remove it from documents.yml"
    )


_PLUGIN = "engross"
_EXTENSIONS = "markdown_extensions"
GUARD = "engross.guard"
"""The Markdown extension that stops builds without the plugin."""
_CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
# MkDocs' defaults.
_LINKS = {"not_found": "warn", "absolute_links": "info", "unrecognized_links": "info", "anchors": "info"}
_DEFAULTS = {"documents": "documents.yml", "notes": "changes", "record": "record", "templates": "templates"}
_EXCLUDING = ("exclude_docs", "draft_docs")


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders and relevant settings of a site, as mkdocs.yml defines them.

    * `root` contains mkdocs.yml, `docs` is the docs folder and `settings` the name of the settings file in it.
    * `notes` is the folder of change notes, `record` that of the record, `site` the one that builds write.
    * `repository` and `edit` are the addresses for editing sources. `strict`: whether warnings fail builds.
    * `validation`: the level of each kind of bad link. `own_slugs`: whether heading anchors are made by the site's own
      rule.
    * `templates`: the site's own templates. `excludes`: the settings of mkdocs.yml that keep files out of the site,
      with their patterns.
    * `configs`: mkdocs.yml and the files that it inherits from. `guarded`: whether they list the Markdown extension
      engross.guard.
    * `name`, `url` and `language`: the site's name, its public address and the language of its pages, as in mkdocs.yml.
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
    templates: Path = Path("templates")
    excludes: tuple[tuple[str, str], ...] = ()
    name: str = ""
    url: str = ""
    language: str = "en"


def find_folders(here: Path) -> Folders:
    """Find the site that contains the folder `here`. Raises EngrossError if there is none."""
    for folder in (here, *here.parents):
        found = _folders_of(folder)
        if found:
            return found
    message = "there is no mkdocs.yml and no docs/documents.yml in this folder or above it; name the files to read"
    raise EngrossError([error("missing-file", shown_path(here / "docs/documents.yml"), 0, 0, message)])


def _folders_of(root: Path) -> Folders | None:
    config = next((root / name for name in _CONFIGS if (root / name).is_file()), None)
    configs = config_files(config) if config else ()
    config_values: dict[str, Any] = {}
    for one in reversed(configs):
        config_values = _overridden(config_values, _plain_values(one))
    docs = root / _text(config_values, "docs_dir", "docs")
    options = {name: _text(_options(config_values), name, value) for name, value in _DEFAULTS.items()}
    if not (docs / options["documents"]).is_file():
        return None
    return Folders(
        root,
        docs,
        options["documents"],
        docs / options["notes"],
        root / options["record"],
        _text(config_values, "repo_url", ""),
        _text(config_values, "edit_uri", ""),
        config_values.get("strict") is True,
        _validation(config_values),
        "slugify" in str(config_values.get(_EXTENSIONS)),
        root / _text(config_values, "site_dir", "site"),
        configs,
        not configs or _is_guarded(map(_plain_values, configs)),
        root / options["templates"],
        tuple((name, _text(config_values, name, "")) for name in _EXCLUDING),
        _text(config_values, "site_name", ""),
        _text(config_values, "site_url", ""),
        _text(theme if isinstance(theme := config_values.get("theme"), dict) else {}, "language", "en"),
    )


def config_files(config: Path) -> tuple[Path, ...]:
    """Return a mkdocs.yml and the files it inherits from, nearest first. Raises EngrossError if one is not YAML."""
    found: dict[Path, None] = {}
    while config not in found and config.is_file():
        found[config] = None
        config = config.parent / _text(_plain_values(config), "INHERIT", "")
    return tuple(found)


def _is_guarded(configs: Iterable[dict[str, Any]]) -> bool:
    """Return whether the settings list the guard, directly or by inheritance; a file's own list replaces that."""
    for config_values in configs:
        listed = config_values.get(_EXTENSIONS) or []
        if GUARD in listed or any(isinstance(one, dict) and GUARD in one for one in listed):
            return True
        if isinstance(config_values.get(_EXTENSIONS), list):
            return False
    return False


class _AnyTag(SafeConstructor):
    """Reads the plain values of a mkdocs.yml and ignores values with tags."""


_AnyTag.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def _plain_values(config: Path) -> dict[str, Any]:
    try:
        return _values_of(config.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", -1) + 1
        raise EngrossError([error("yaml", shown_path(config), line, 0, "cannot be read as YAML")]) from None


@lru_cache(maxsize=8)
def _values_of(text: str) -> dict[str, Any]:
    """Read a mkdocs.yml, which is asked for several times in a command; nobody may change what is returned."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _AnyTag
    config_values = reader.load(text)
    return config_values if isinstance(config_values, dict) else {}


def _overridden(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return settings with those that a file has itself; as in MkDocs, mappings are merged and lists replaced."""
    both = {
        name: _overridden(inherited[name], value) for name, value in own.items() if _are_mappings(inherited, own, name)
    }
    return {**inherited, **own, **both}


def _are_mappings(one: dict[str, Any], other: dict[str, Any], name: str) -> bool:
    return isinstance(one.get(name), dict) and isinstance(other.get(name), dict)


def _options(config_values: dict[str, Any]) -> dict[str, Any]:
    """Return the plugin's options in mkdocs.yml."""
    plugins = config_values.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, dict) else [
        pair for entry in plugins if isinstance(entry, dict) for pair in entry.items()
    ]  # fmt: skip
    return next((options for name, options in entries if name == _PLUGIN and isinstance(options, dict)), {})


def _validation(config_values: dict[str, Any]) -> dict[str, str]:
    """Return the level of each kind of bad link: as set for links, else as set for everything, else MkDocs' default."""
    levels = config_values.get("validation")
    levels = levels if isinstance(levels, dict) else {}
    links = levels.get("links")
    links = links if isinstance(links, dict) else {}
    return {name: str(links.get(name, levels.get(name, default))) for name, default in _LINKS.items()}


def _text(config_values: dict[str, Any], name: str, default: str) -> str:
    value = config_values.get(name)
    return value if isinstance(value, str) else default
