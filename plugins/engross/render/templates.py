"""The Jinja2 templates and assets: those of Engross, and the site's own, which override them.

They are in `templates/` at the top of the project. A wheel contains them inside the package; an editable install reads
them in place.
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

# A comment on lines of its own; indentation; empty lines.
_AT_MARGIN = re.compile(r"^[ \t]*(?://.*\n|/\*(?s:.*?)\*/[ \t]*\n)|^[ \t]+|(?<=\n)\n+", re.MULTILINE)


def template_folders(own: Path | None = None) -> list[Path]:
    """The template folders in search order: the site's own, if there is one, then Engross's."""
    shipped = shipped_templates()
    return [own, shipped] if own and own.is_dir() and own.resolve() != shipped else [shipped]


def environment(own: Path | None = None) -> Environment:
    """A Jinja2 environment over `template_folders`. It escapes all values, and an unknown name is an error."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in template_folders(own)]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def style_sheet(own: Path | None = None) -> str:
    """The style sheet of all pages of the record, and of self-contained copies of versions."""
    return "".join(asset(name, own).decode("utf-8") for name in (f"{ARCHIVE_STYLE}.css", PAPER_STYLE))


ARCHIVE_STYLE, PAPER_STYLE = "engross-archive", "engross-paper.css"
"""The file names of the style sheets of pages of the record, and of paper."""


def templates_hash(own: Path | None = None, below: str = "archive") -> str:
    """The hash of all templates in a subfolder of the template folders."""
    made = hashlib.sha256()
    for folder in template_folders(own):
        for path in sorted((folder / below).glob("*.html")):
            made.update(path.name.encode() + b"\n" + path.read_bytes() + b"\0")
    return made.hexdigest()


def template_mistake(failure: TemplateError) -> Diagnostic:
    """The diagnostic for a template error, with the template's line, which Jinja2 puts into the traceback."""
    line, name = 0, ""
    if isinstance(failure, TemplateSyntaxError):
        line, name = failure.lineno, failure.filename or failure.name or ""
    for frame in traceback.extract_tb(failure.__traceback__) if not name else ():
        if Path(frame.filename).suffix == ".html":
            line, name = frame.lineno or 0, frame.filename
    return error("template", shown_path(Path(name)) if name else "templates", line, 0, failure.message or str(failure))


def asset(name: str, own: Path | None = None) -> bytes:
    """A file of `templates/assets/`: a site's own unchanged, one of Engross without comments and indentation."""
    *others, shipped = (folder / "assets" / name for folder in template_folders(own))
    found = next((path for path in others if path.is_file()), None)
    return found.read_bytes() if found else without_comments(shipped.read_text("utf-8")).encode()


def without_comments(text: str) -> str:
    """Remove comment lines and indentation from a style sheet or script, which saves a quarter of its size.

    It is for Engross's own files, which have no comments at the end of a line and no strings of several lines.
    """
    return _AT_MARGIN.sub("", text).lstrip("\n")
