"""The Jinja2 templates: those Engross ships, and the folder of a site's own, which wins.

They stand at the top of the project, in `templates/`. A wheel carries them inside the package; an editable install
finds them where they are.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)

from engross.common import error
from engross.corpus import shipped_templates, shown_path
from engross.model import Diagnostic

# A comment that has its lines to itself; indentation; lines with nothing on them.
_AT_MARGIN = re.compile(r"^[ \t]*(?://.*\n|/\*(?s:.*?)\*/[ \t]*\n)|^[ \t]+|(?<=\n)\n+", re.MULTILINE)


def template_folders(own: Path | None = None) -> list[Path]:
    """The folders templates are looked for in, first to last: the site's own where there is one, then the shipped."""
    shipped = shipped_templates()
    return [own, shipped] if own and own.is_dir() and own.resolve() != shipped else [shipped]


def environment(own: Path | None = None) -> Environment:
    """An environment over `template_folders`. Everything is escaped, and an unknown name is an error."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in template_folders(own)]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def templates_hash(own: Path | None = None, below: str = "archive") -> str:
    """The hash of the templates in a folder of the templates, those of the site and the shipped."""
    made = hashlib.sha256()
    for folder in template_folders(own):
        for path in sorted((folder / below).glob("*.html")):
            made.update(path.name.encode() + b"\n" + path.read_bytes() + b"\0")
    return made.hexdigest()


def template_mistake(failure: TemplateError) -> Diagnostic:
    """What is wrong with a template, where it stands: Jinja2 puts the lines of templates into its tracebacks."""
    line, name = 0, ""
    if isinstance(failure, TemplateSyntaxError):
        line, name = failure.lineno, failure.filename or failure.name or ""
    for frame in traceback.extract_tb(failure.__traceback__) if not name else ():
        if Path(frame.filename).suffix == ".html":
            line, name = frame.lineno or 0, frame.filename
    return error("template", shown_path(Path(name)) if name else "templates", line, 0, failure.message or str(failure))


def asset(name: str, own: Path | None = None) -> bytes:
    """A file of `templates/assets/`: a site's own as it is, a shipped one without what no browser needs."""
    *others, shipped = (folder / "assets" / name for folder in template_folders(own))
    found = next((path for path in others if path.is_file()), None)
    return found.read_bytes() if found else without_comments(shipped.read_text("utf-8")).encode()


def without_comments(text: str) -> str:
    """A style sheet or script without the lines that are comments, and without indentation: a quarter of its weight.

    For those that Engross ships, which have no comment at the end of a line and no string of several lines.
    """
    return _AT_MARGIN.sub("", text).lstrip("\n")
