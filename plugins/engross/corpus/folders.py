"""Where a site's sources lie, as its mkdocs.yml says: what a command needs to know without loading a site engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from engross.corpus.project import shown_path
from engross.errors import EngrossError, error

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
