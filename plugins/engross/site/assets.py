"""The scripts that Engross adds, each under a name that carries its hash, so that no browser runs an old one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from engross.render.templates import asset

EVERYWHERE = ("engross-page.js",)
"""Scripts that every page loads."""

MODELS = "engross-models.js"
"""The script of model lists, which load it themselves."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The content of each script by its name in the site, and the name of that of model lists."""

    files: Mapping[str, bytes]
    models: str


def add_scripts(config: MkDocsConfig, own: Path) -> Scripts:
    """Have every page load the scripts that are for all; gives all there are."""
    contents = {name: asset(name, own) for name in (*EVERYWHERE, MODELS)}
    names = {name: _hashed(name, content) for name, content in contents.items()}
    config.extra_javascript += [names[name] for name in EVERYWHERE]
    return Scripts({names[name]: content for name, content in contents.items()}, names[MODELS])


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{suffix}"
