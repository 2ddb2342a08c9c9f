"""The scripts that Engross adds, each under a name that carries its hash, so that no browser runs an old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig

from engross.render.templates import asset
from engross.site.files import hashed_name

EVERYWHERE = ("engross-page.js",)
"""Scripts that every page loads at once."""

READER = "engross.js"
"""The reader's script: every page loads it, and none needs it to be read."""

MODELS = "engross-models.js"
"""The script of model lists, which load it themselves."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """The content of each script by its name in the site, and the name of that of model lists."""

    files: Mapping[str, bytes]
    models: str


def add_scripts(config: MkDocsConfig, own: Path) -> Scripts:
    """Have every page load the scripts that are for all; gives all there are."""
    contents = {name: asset(name, own) for name in (*EVERYWHERE, READER, MODELS)}
    names = {name: hashed_name(name, content) for name, content in contents.items()}
    # Deferred, and no module: browsers do not load modules for pages opened from a folder.
    reader = ExtraScriptValue(names[READER])
    reader.defer = True
    config.extra_javascript += [*(names[name] for name in EVERYWHERE), reader]
    return Scripts({names[name]: content for name, content in contents.items()}, names[MODELS])
