"""The reader's script as a file of the site: loaded by every page, and needed by none to be read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from engross.render.templates import asset


def script_file(config: MkDocsConfig, own: Path | None) -> File:
    """The script's file, by a name that carries its hash; every page of the site is told to load it.

    It is deferred, and no module: browsers do not load modules for pages opened from a folder.
    """
    content = asset("engross.js", own)
    name = f"assets/engross.{hashlib.sha256(content).hexdigest()[:8]}.js"
    script = ExtraScriptValue(name)
    script.defer = True
    config.extra_javascript.append(script)
    return File.generated(config, name, content=content)
