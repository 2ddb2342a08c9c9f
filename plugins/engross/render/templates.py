"""The Jinja2 templates and assets: those of Engross, and the site's own, which override them.

They are in `templates/` at the top of the project. A wheel contains them inside the package; an editable install reads
them in place.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import traceback
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.bccache import Bucket

import engross.common.lazy_re as re
from engross.common import error, write_file
from engross.common.fingerprint import fingerprint
from engross.corpus import shipped_templates, shown_path
from engross.model import Diagnostic

# A comment on lines of its own; indentation; empty lines.
_AT_MARGIN = re.compile(r"^[ \t]*(?://.*\n|/\*(?s:.*?)\*/[ \t]*\n)|^[ \t]+|(?<=\n)\n+", re.MULTILINE)


def template_folders(own: Path | None = None) -> list[Path]:
    """The template folders in search order: the site's own, if there is one, then Engross's."""
    shipped = shipped_templates()
    return [own, shipped] if own and own.is_dir() and own.resolve() != shipped else [shipped]


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory: while pages are served, a rebuild compiles only those that were edited.

    Those of packages are also kept in `folder`, for the next build: to compile them takes a fifth of the build of a
    small site. It is the folder in which Python keeps the compiled modules of this package, so that whoever can write
    there can change these as well. Code is read from nowhere else, least of all from the cache of a site, which others
    may have written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiled: dict[str, tuple[Hashable, CodeType]] = {}
        self._of_packages: set[str] = set()

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the bucket of a template, with its code if that is kept."""
        bucket = super().get_bucket(environment, name, filename, source)
        if filename and any(folder in Path(filename).parents for folder in (_PACKAGES, shipped_templates())):
            self._of_packages.add(bucket.key)
            bucket.code = bucket.code or _read_code(self._file(bucket), _kept_for(bucket))
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket the code of its template, if this process has compiled it for the same environment."""
        made_for, code = self._compiled.get(bucket.key, (None, None))
        if code is not None and made_for == _compiled_for(bucket):
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket."""
        if bucket.code is not None:
            self._compiled[bucket.key] = _compiled_for(bucket), bucket.code
            kept_for = "" if sys.dont_write_bytecode or bucket.key not in self._of_packages else _kept_for(bucket)
            if kept_for:
                data = marshal.dumps(bucket.code)
                with suppress(OSError):
                    write_file(self._file(bucket), _checksum(kept_for, data) + data)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.pyc"


_PACKAGES = Path(jinja2.__file__).resolve().parents[1]
"""The folder of installed packages, such as the theme."""


def _read_code(path: Path, kept_for: str) -> CodeType | None:
    """The code in a file, if it was made for the same; None if there is none, or if the file is damaged."""
    try:
        stored = path.read_bytes() if kept_for else b""
    except OSError:
        return None
    checksum, data = stored[:32], stored[32:]
    return marshal.loads(data) if data and checksum == _checksum(kept_for, data) else None


def _checksum(kept_for: str, data: bytes) -> bytes:
    return hashlib.sha256(kept_for.encode() + data).digest()


_SETTINGS = (
    "block_start_string", "block_end_string", "variable_start_string", "variable_end_string", "comment_start_string",
    "comment_end_string", "line_statement_prefix", "line_comment_prefix", "trim_blocks", "lstrip_blocks",
    "newline_sequence", "keep_trailing_newline", "undefined", "finalize", "optimized", "sandboxed", "is_async",
)  # fmt: skip


def _compiled_for(bucket: Bucket) -> Hashable:
    """Everything that decides how a template is compiled, besides its name: its text and its environment."""
    environment, escapes = bucket.environment, bucket.environment.autoescape
    chosen = (escapes.__qualname__, *_kept_by(escapes)) if callable(escapes) else escapes
    return (
        bucket.checksum,
        type(environment),
        chosen,
        *(getattr(environment, setting) for setting in _SETTINGS),
        frozenset(environment.extensions),
        frozenset((name, _constant(found)) for name, found in environment.filters.items()),
        frozenset((name, _constant(found)) for name, found in environment.tests.items()),
    )


def _kept_for(bucket: Bucket) -> str:
    """What `_compiled_for` gives, and what compiles, as text; "" where other packages take part, whose code may change.

    Functions are known by their names, and by the versions of their packages.
    """
    environment = bucket.environment
    kinds = [(name, type(one)) for name, one in environment.extensions.items()]
    functions = [*environment.filters.items(), *environment.tests.items(), *kinds]
    named = [(name, one) for name, one in functions if _constant(one) is not None]
    escapes, undefined = environment.autoescape, environment.undefined
    made_by = [one for _, one in named] + [undefined, type(environment), *([escapes] if callable(escapes) else [])]
    # What a function inside another has from it is not known, except for autoescape.
    if environment.finalize or not all(map(_is_known, made_by)) or any("<" in one.__qualname__ for _, one in named):
        return ""
    chosen = [*map(repr, _kept_by(escapes))] if callable(escapes) else escapes
    settings = [getattr(environment, name) for name in _SETTINGS if name not in ("undefined", "finalize")]
    policies = sorted((name, value) for name, value in environment.policies.items() if isinstance(value, str | bool))
    names = sorted((name, one.__qualname__, _version_of(one)) for name, one in named)
    gettext = getattr(environment, "newstyle_gettext", None)
    return repr(
        (bucket.checksum, sys.version, sys.flags.optimize, _versions(), undefined.__qualname__, chosen,
         settings, policies, names, gettext)
    )  # fmt: skip


_COMPILERS = ("jinja2", "markupsafe")
"""The packages that compile templates."""


@cache
def _versions() -> list[str]:
    return [*map(version, _COMPILERS)]


def _is_known(function: object) -> bool:
    """Whether a function or class is of Python, of Engross or of the packages that compile templates."""
    package = str(getattr(function, "__module__", "")).partition(".")[0]
    return package in ("builtins", "_operator", "engross", *_COMPILERS)


def _version_of(function: object) -> str:
    """The module of a function or class; of one of Engross, with the code that it runs."""
    module = str(function.__module__)
    return f"{module} {fingerprint(module).hex()}" if module.startswith("engross.") else module


def _kept_by(function: Callable[..., object]) -> Iterator[object]:
    """The values that a function inside another has from it."""
    return (cell.cell_contents for cell in getattr(function, "__closure__", None) or ())


def _constant(function: object) -> object:
    """A filter that may be called while a template is compiled; None for one that needs the page."""
    needs = getattr(function, "jinja_pass_arg", None)
    return None if getattr(needs, "name", "") == "context" else function


COMPILED = CompiledTemplates(Path(cache_from_source(__file__)).parent)
"""The templates that this process has compiled, of Engross and of the theme."""


def environment(own: Path | None = None) -> Environment:
    """A Jinja2 environment over `template_folders`. It escapes all values, and an unknown name is an error."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in template_folders(own)]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=COMPILED,
    )


def style_sheet(own: Path | None = None) -> str:
    """The style sheet of all pages of the record, and of self-contained copies of versions."""
    return "".join(asset(name, own).decode("utf-8") for name in (f"{ARCHIVE_STYLE}.css", PAPER_STYLE))


ARCHIVE_STYLE, PAPER_STYLE = "engross-archive", "engross-paper.css"
"""The file names of the style sheets of pages of the record, and of paper."""


def templates_hash(own: Path | None = None, below: str = "archive") -> str:
    """The hash of all templates in a subfolder of the template folders with all that they include, and of all files of
    the site's own folder.
    """
    made = hashlib.sha256(own_files_hash(own).encode())
    names = {f"{below}/{path.name}" for folder in template_folders(own) for path in (folder / below).glob("*.html")}
    for name, source in template_sources(names, own):
        made.update(f"{name}\n{len(source)}\n".encode() + source)
    return made.hexdigest()


def own_files_hash(own: Path | None) -> str:
    """The hash of all files in the site's own template folder, whatever they are called: a template may include any.

    Links to other folders are followed, as Jinja2 follows them.
    """
    made = hashlib.sha256()
    seen = set[str]()
    for folder, below, names in os.walk(own, followlinks=True) if own else ():
        real = os.path.realpath(folder)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        below.sort()
        for path in (Path(folder) / name for name in sorted(names)):
            with suppress(OSError):
                data = path.read_bytes() if path.is_file() else b""
                made.update(repr((path.relative_to(own or folder).as_posix(), len(data))).encode() + data)
    return made.hexdigest()


@lru_cache(maxsize=4)
def own_templates_hash(templates: Environment) -> str:
    """The hash of the site's own templates of an environment, read once for each: every build makes one."""
    return own_files_hash(own_folder(templates))


def own_folder(templates: Environment) -> Path | None:
    """The site's own folder of templates of an environment; None if it has none."""
    loaders = templates.loader.loaders if isinstance(templates.loader, ChoiceLoader) else ()
    folders = [Path(one.searchpath[0]) for one in loaders if isinstance(one, FileSystemLoader)]
    return folders[0] if len(folders) > 1 else None


def template_sources(names: Iterable[str], own: Path | None = None) -> list[tuple[str, bytes]]:
    """The names and sources of templates, and of all that they include or extend, in the order of their names.

    A template of the site may compute a name: then these are all templates.
    """
    folders, found, left = template_folders(own), dict[str, bytes](), list(names)
    while left:
        name = left.pop()
        if name not in found:
            path = next((folder / name for folder in folders if (folder / name).is_file()), None)
            found[name] = path.read_bytes() if path else b""
            left += _named_in(found[name], folders)
    return sorted(found.items())


def source_parts(templates: Environment, names: Iterable[str]) -> list[bytes]:
    """What `template_sources` finds in an environment, as parts of a key."""
    return [part for name, source in template_sources(names, own_folder(templates)) for part in (name.encode(), source)]


_NAMES = re.compile(rb"""{%[-+]?\s*(?:include|extends|import|from)\b(?:\s*(["'])(.*?)\1(?=\s*(?:[-+]?%|[a-z])))?""")


def _named_in(source: bytes, folders: Sequence[Path]) -> Iterator[str]:
    """The names of the templates that the source of one names."""
    for found in _NAMES.finditer(source):
        if found[2] is not None:
            yield found[2].decode(errors="replace")
        else:
            yield from (path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*.html"))


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
