"""Files of a site: pages and files that Engross makes, and which of the site's files belong to Engross."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from posixpath import join, normpath, split, splitext

from jinja2 import Environment, FileSystemLoader
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

import engross.common.lazy_re as re
from engross import guard
from engross.common import value_class
from engross.corpus import (
    YAML,
    Catalogue,
    Folders,
    Register,
    catalogue_json,
    catalogue_schema,
    derived_address,
    models_dev_json,
    register_json,
    register_output_schema,
    register_source_schema,
)
from engross.drafting import decoded_path, missing_guard
from engross.model import Document, DocumentEntry
from engross.record import is_misplaced
from engross.render import asset, filter_style, models_csv, register_csv, register_style, search_words
from engross.site.editions import SiteEdition
from engross.site.log import NOTICE
from engross.text import slug


def generated_file(config: MkDocsConfig, name: str, title: str, *sources: Path) -> File:
    """The file of a page that Engross makes, `name` in the docs folder. Its content is the page's title.

    Its path is that of the first of `sources` that exists: other plugins open the source of every page, or ask git for
    its authors, and git knows no generated file.
    """
    file = File.generated(config, name, content=f"# {title}\n")
    file.abs_src_path = next((str(path.resolve()) for path in sources if path.is_file()), None)
    return file


def list_visible_files_only(config: MkDocsConfig) -> None:
    """Keep MkDocs from listing files of the theme below folders with a dot: it takes none of them.

    Material has fourteen thousand icons in such a folder.
    """
    theme_env = config.theme.get_env

    def get_env() -> Environment:
        """Return the templates of the theme; the first list of their files leaves those folders out."""
        env = theme_env()
        loader = env.loader
        if type(loader) is FileSystemLoader:

            def visible() -> list[str]:
                # MkDocs asks first; whoever asks later gets all files.
                del loader.list_templates
                return sorted({name for folder in loader.searchpath for name in _visible(folder, loader.followlinks)})

            loader.list_templates = visible  # type: ignore[method-assign]
        return env

    config.theme.get_env = get_env  # type: ignore[method-assign]


def _visible(root: str, followlinks: bool) -> Iterator[str]:
    for folder, below, names in os.walk(root, followlinks=followlinks):
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in names)


def put_file(files: Files, file: File) -> None:
    """Add a file to a site, in place of one of the same name; `check_replaced` reports that once all are added."""
    if present := files.get_file_from_path(file.src_uri):
        files.remove(present)
    files.append(file)


class GeneratedPage(Page):
    """A page whose HTML `make_content` makes once all documents are known; it is not searched."""

    def __init__(
        self, title: str, file: File, config: MkDocsConfig, make_content: Callable[[GeneratedPage], str]
    ) -> None:
        super().__init__(title, file, config)
        self._make_content = make_content

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Use the title as the text: other plugins ask for it."""
        self.markdown = self.file.content_string
        self.meta = {"search": {"exclude": True}}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (the signature is MkDocs')
        """Make the content; a list of changes that is put below it may have headings."""
        self.content = self._make_content(self)
        self.toc = TableOfContents([])


_log = get_plugin_logger(__name__)
_I18N = "i18n"
_HALF = re.compile(r"[\ud800-\udfff]")
# The settings of mkdocs.yml that pages print.
_PRINTED = ("site_name", "site_description", "site_author", "copyright", "nav", "extra")


def makes_files_anew(config: MkDocsConfig) -> bool:
    """Whether the site has the plugin mkdocs-static-i18n, which makes all files anew, without their pages."""
    return _I18N in config.plugins


def built_languages(config: MkDocsConfig) -> list[str]:
    """The languages that the plugin mkdocs-static-i18n builds; it builds the whole site anew for each but the first."""
    return [one["locale"] for one in config.plugins[_I18N].config["languages"] if one["build"]]


def remove_own_sources(files: Files, folders: Folders, templates: Path, edition: SiteEdition) -> None:
    """Remove from a site what only Engross reads: its settings, baseline, notes (also those in a wrong place), record
    and templates, model lists, the sources of documents of which the edition shows another text, and the copies of
    settings and sources that editors and merges leave beside them.
    """
    drafts, shown = (project.settings.documents for project in (edition.drafts, edition.project))
    sealed = [version.entry for versions in edition.record.versions.values() for version in versions]
    hidden = {entry.file for entry in drafts} - {entry.file for entry in shown}
    hidden |= {entry.file for entry in (*drafts, *shown, *sealed) if entry.file.lower().endswith(YAML)}
    hidden |= {normpath(folders.settings), normpath(edition.drafts.settings.baseline)}
    is_left = _left_copies({entry.file for entry in (*drafts, *shown, *sealed)} | {normpath(folders.settings)})
    docs = folders.docs.resolve()
    own = [folder.resolve() for folder in (folders.notes, folders.record, templates)]
    begun = tuple(f"{one.relative_to(docs).as_posix()}/" for one in own if docs in one.parents)
    for file in list(files):
        source = file.abs_src_path
        of_engross = file.src_uri in hidden or file.src_uri.startswith(begun)
        if of_engross or is_left(file.src_uri) or (source and is_misplaced(Path(source), folders)):
            files.remove(file)


def _left_copies(names: set[str]) -> Callable[[str], bool]:
    """Return what tells whether a name is that of a copy of one of some files: "agreement.md.orig", "agreement.md~".

    Emacs writes "#agreement.md#", and `git mergetool` "agreement_LOCAL_123.md". A name of the files is not a copy's.
    """

    def is_left(name: str) -> bool:
        """Whether a name is that of a copy of one of the names."""
        if name in names:
            return False
        folder, last = split(name)
        of = [name[:-1]] if name.endswith("~") else []
        if last[:1] == last[-1:] == "#":
            of.append(join(folder, last[1:-1]))
        of += [name[: dot.start()] for dot in _DOT.finditer(name)]
        merged = ((name[: found.start()], name[found.end() :]) for found in _MERGED.finditer(name))
        of += [stem + suffix for stem, suffix in merged if suffix == splitext(split(stem + suffix)[1])[1]]
        return not names.isdisjoint(of)

    return is_left


_DOT, _MERGED = re.compile(r"\."), re.compile(r"_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+(?!\d)")


def page_file(files: Files, entry: DocumentEntry, config: MkDocsConfig, settings: Path) -> File:
    """The file of a document's page, as MkDocs collected it or as it would have.

    `settings` is the path of documents.yml: the source of a version in force may no longer be in `docs/`.
    """
    name = entry.page
    file = files.get_file_from_path(entry.file)
    source = Path(config.docs_dir) / entry.file
    if name != entry.file:
        file = generated_file(config, name, entry.title, source, settings)
        file.edit_uri = entry.file if source.is_file() else None
    elif file is None and source.is_file():
        # MkDocs passes over a README beside an index.
        file = File(name, config.docs_dir, config.site_dir, config.use_directory_urls)
    elif file is None:
        file = generated_file(config, name, entry.title, settings)
    if file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
        # MkDocs leaves out a folder named "templates" by default.
        file.inclusion = InclusionLevel.INCLUDED
    if entry.published != derived_address(entry.file) or makes_files_anew(config):
        # i18n takes the language out of addresses; the address of a document is the one that is sealed.
        file.dest_uri = destination(entry.published, config)
        file.dest_dir = config.site_dir  # i18n gives another one, and has asked for what is made of both
        for derived in ("url", "abs_dest_path"):
            vars(file).pop(derived, None)
    return file


def check_characters(config: MkDocsConfig) -> list[str]:
    """Describe each setting of mkdocs.yml that holds half a character, which no file can hold."""
    sentence = "{} in mkdocs.yml holds half a character (U+{:04X}); write the character itself"
    own = {name: config[name] for name in _PRINTED}
    found = ((name, _HALF.search(text)) for name, text in _texts("", own))
    return [sentence.format(name.lstrip("."), ord(half[0])) for name, half in found if half]


def lift_guard(config: MkDocsConfig) -> None:
    """Remove `engross.guard` from the Markdown extensions, since the plugin is active; advise a site to list it."""
    if guard.NAME in config.markdown_extensions:
        config.markdown_extensions.remove(guard.NAME)
    else:
        _log.log(NOTICE, "%s", missing_guard(Path(config.config_file_path or "mkdocs.yml")))


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text in a setting, by its path in mkdocs.yml: "extra.social[0].name"."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _texts(f"{name}.{key}", part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(f"{name}[{index}]", part)


def destination(address: str, config: MkDocsConfig) -> str:
    """The file to which a page with that address is written."""
    path = decoded_path(address.removeprefix("./").strip("/"))
    if not path:
        return "index.html"
    return f"{path}/index.html" if config.use_directory_urls else f"{path}.html"


def beside(entry: DocumentEntry, suffix: str, page: File) -> str:
    """The name of a file beside a document's page: the page's folder with the name of the source.

    Without a folder for each page (`use_directory_urls: false`) it has the name of the page.
    """
    folder, name = split(page.dest_uri)
    stem = splitext(entry.file.rsplit("/", 1)[-1])[0] if page.use_directory_urls else splitext(name)[0]
    return f"{folder}/{stem}{suffix}" if folder else f"{stem}{suffix}"


def source_suffix(entry: DocumentEntry) -> str:
    """The suffix of a document's source, with the dot."""
    return splitext(entry.file)[1]


def download(document: Document, page: File, config: MkDocsConfig) -> File:
    """The document's source, byte for byte, as a file to download."""
    assert document.source is not None
    written = beside(document.entry, source_suffix(document.entry), page)
    # MkDocs would take a file with its real name for a page.
    file = File.generated(config, f"{written}.download", content=document.source.data)
    file.dest_uri = written
    return file


def rows_files(entry: DocumentEntry, page: File) -> dict[str, str]:
    """The names of the files beside the page of a register: its JSON, the schema of that, the filters' style sheet, and
    its CSV and the schema of its source; for a model list its JSON in the form of models.dev instead of the last.
    """
    other = {"source_schema": ".source.schema.json"} if entry.register else {"models_dev": "-dev.json"}
    suffixes = {"json": ".json", "csv": ".csv", "schema": ".schema.json", **other, "style": ".filters.css"}
    return {kind: beside(entry, suffix, page) for kind, suffix in suffixes.items()}


def make_catalogue_files(
    entry: DocumentEntry, catalogue: Catalogue, day: date, page: File, config: MkDocsConfig, words: Mapping[str, str]
) -> list[File]:
    """Make the files beside a model list's page, for a day."""
    names = rows_files(entry, page)
    contents = {
        names["json"]: json_text(catalogue_json(catalogue, day)),
        names["csv"]: models_csv(catalogue, day),
        names["schema"]: json_text(catalogue_schema()),
        names["models_dev"]: json_text(
            models_dev_json(catalogue, day, slug(config.site_name), config.site_name, config.site_url or "")
        ),
        names["style"]: filter_style(catalogue, day, words),
    }
    return _generated(contents, config)


def make_register_files(
    entry: DocumentEntry,
    register: Register,
    day: date,
    page: File,
    config: MkDocsConfig,
    words: Mapping[str, str],
    deadlines: Mapping[str, date],
) -> list[File]:
    """Make the files beside a register's page, for a day. `deadlines` are the last days to object, by row."""
    names = rows_files(entry, page)
    contents = {
        names["json"]: json_text(register_json(register, day, deadlines)),
        names["csv"]: register_csv(register, deadlines),
        names["schema"]: json_text(register_output_schema(register.schema)),
        names["source_schema"]: json_text(register_source_schema(register.schema)),
        names["style"]: register_style(register, words),
    }
    return _generated(contents, config)


def _generated(contents: Mapping[str, str], config: MkDocsConfig) -> list[File]:
    """Make files; a list without filters has no style sheet of them."""
    return [File.generated(config, name, content=content) for name, content in contents.items() if content]


def hashed_name(name: str, content: bytes) -> str:
    """The name of an asset, with its hash, so that no browser shows a new page with an old asset."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"


def style_name(style: bytes, name: str = "engross") -> str:
    """The name of a style sheet, with its hash."""
    return hashed_name(f"{name}.css", style)


def language(config: MkDocsConfig) -> str:
    """The language of the site's theme; English where it names none."""
    named = config.theme.get("language", "en")
    return named if isinstance(named, str) else "en"


def json_text(value: object) -> str:
    """A published JSON file, indented."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


EVERYWHERE = ("engross-page.js",)
"""Scripts that every page loads immediately."""

READER = "engross.js"
"""The script that every page loads, and that no page needs to be read."""

MODELS = "engross-models.js"
"""The script that only the pages of model lists load."""


SEARCH = "engross-search.js"
"""The worker that answers the search box of Material."""

NO_ENTRIES = "search/nothing.json"
"""What the theme loads with every page instead of the entries of the search: none (see `engross-page.js`)."""


@value_class(frozen=True, slots=True)
class Scripts:
    """The content of each script by its name in the site, and the names of that of model lists and of the search."""

    files: Mapping[str, bytes]
    models: str
    search: str


def add_scripts(config: MkDocsConfig, own: Path, synonyms: Sequence[Sequence[str]]) -> Scripts:
    """Have every page load the scripts that all pages need; return all scripts. `synonyms` are the site's own."""
    contents = {name: asset(name, own) for name in (*EVERYWHERE, READER, MODELS, SEARCH)}
    words = json.dumps(search_words(language(config), synonyms), ensure_ascii=False, separators=(",", ":"))
    contents[SEARCH] = f"self.engrossSearch={words};\n".encode() + contents[SEARCH]
    names = {name: hashed_name(name, content) for name, content in contents.items()}
    # Deferred, and no module: browsers do not load modules for pages opened from a folder.
    reader = ExtraScriptValue(names[READER])
    reader.defer = True
    config.extra_javascript += [*(names[name] for name in EVERYWHERE), reader]
    return Scripts({names[name]: content for name, content in contents.items()}, names[MODELS], names[SEARCH])
