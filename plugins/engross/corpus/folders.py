"""Reads from mkdocs.yml where the sources of a site are, so that commands need not load a site engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engross.common import EngrossError, error, read_file, value_class
from engross.corpus.docs_files import shown_path
from engross.text import ENCODING

_PLUGIN = "engross"
_EXTENSIONS = "markdown_extensions"
GUARD = "engross.guard"
"""The Markdown extension that stops builds without the plugin."""
_CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
# MkDocs' defaults.
_LINKS = {"not_found": "warn", "absolute_links": "info", "unrecognized_links": "info", "anchors": "info"}
_DEFAULTS = {"documents": "documents.yml", "notes": "changes", "record": "record", "templates": "templates"}
EXCLUDING = ("exclude_docs", "draft_docs")
"""The settings of mkdocs.yml that keep files out of a site."""


@value_class(frozen=True, slots=True)
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
    config_values = _merged(configs)
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
        excluding(configs),
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


def _merged(configs: Sequence[Path]) -> dict[str, Any]:
    """Return the values of a mkdocs.yml with those it inherits; `configs` as `config_files` returns them."""
    config_values: dict[str, Any] = {}
    for one in reversed(configs):
        config_values = _overridden(config_values, _plain_values(one))
    return config_values


def excluding(configs: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """Return the settings of mkdocs.yml that keep files out of the site, by name, as they are written there."""
    config_values = _merged(configs)
    return tuple((name, _text(config_values, name, "")) for name in EXCLUDING)


def _is_guarded(configs: Iterable[dict[str, Any]]) -> bool:
    """Return whether the settings list the guard, directly or by inheritance; a file's own list replaces that."""
    for config_values in configs:
        listed = config_values.get(_EXTENSIONS) or []
        if GUARD in listed or any(isinstance(one, dict) and GUARD in one for one in listed):
            return True
        if isinstance(config_values.get(_EXTENSIONS), list):
            return False
    return False


def _plain_values(config: Path) -> dict[str, Any]:
    from ruamel.yaml.error import YAMLError

    try:
        return _values_of(read_file(config).decode())
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise EngrossError([error("unreadable-file", shown_path(config), 0, 0, f"cannot be read: {reason}")]) from None
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        message = "not UTF-8; save the file as UTF-8"
        raise EngrossError([error(ENCODING, shown_path(config), line, 0, message)]) from None
    except YAMLError as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", -1) + 1
        raise EngrossError([error("yaml", shown_path(config), line, 0, "cannot be read as YAML")]) from None


@lru_cache(maxsize=8)
def _values_of(text: str) -> dict[str, Any]:
    """Read a mkdocs.yml. A command reads it several times, so the result is cached and must not be changed."""
    # A command that checks one file outside of a site needs no YAML.
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor

    class AnyTag(SafeConstructor):
        """Reads the plain values and ignores values with tags."""

    AnyTag.add_multi_constructor("", lambda _loader, _suffix, _node: None)
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = AnyTag
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
