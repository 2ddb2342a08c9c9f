"""The formats of exported files, each made by one function from the same value.

To add a format: a function `Copy → bytes` (or `RedlineCopy → bytes`) in a module of its own, and a row below. The
module is imported when the format is first used, so that no other command loads what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engross.common import EngrossError, error, key_of, shown, value_class
from engross.corpus import shipped_templates
from engross.exporting.copies import Copy, RedlineCopy


@value_class(frozen=True, slots=True)
class Format:
    """A format of files. `name` is that of the plugin's option `formats`, `ending` begins with a dot.

    `maker` is "module:function" below this package. `extra` is the extra of Engross that it needs, `packages` the
    packages of the extra, whose versions can change the bytes. `sets`: whether a file may contain a whole set.
    """

    name: str
    ending: str
    maker: str
    extra: str = ""
    packages: tuple[str, ...] = ()
    sets: bool = False

    def require(self) -> None:
        """Raise EngrossError if a package that the format needs is not installed."""
        for package in self.packages:
            try:
                version(package)
            except PackageNotFoundError:
                message = _MISSING.format(self.name, package, self.extra)
                raise EngrossError([error("extra", "", 0, 0, message)]) from None

    @property
    def is_installed(self) -> bool:
        """Whether all packages that it needs are installed."""
        return all(find_spec(package) for package in self.packages)

    @property
    def identity(self) -> str:
        """All that can change the bytes of a file besides its content: code, templates, versions of packages."""
        module, _, _ = self.maker.partition(":")
        templates = [path.read_bytes() for path in sorted((shipped_templates() / self.name).glob("*.*"))]
        code = key_of((f"{__package__}.{module}", f"{__package__}.copy_reader"), "file", *templates)
        return " ".join([code, *(f"{package} {version(package)}" for package in self.packages)])

    def load(self) -> Callable[[Any], bytes]:
        """Return the function that makes a file. Raises EngrossError if the extra is not installed."""
        self.require()
        module, _, function = self.maker.partition(":")
        made: Callable[[Any], bytes] = getattr(import_module(f"{__package__}.{module}"), function)
        return made


_MISSING = 'files of the format {} need the package {}, which is not installed; run pip install "engross[{}]"'

_PDF = ("typst",)

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("md", ".md", "copies:source_bytes"),
        Format("akn", ".akn.xml", "akoma_ntoso:akoma_ntoso"),
        Format("pdf", ".pdf", "pdf:pdf_bytes", "pdf", _PDF, sets=True),
        Format("docx", ".docx", "word.clean_copy:docx_bytes"),
    )
}  # fmt: skip
"""The formats of versions, drafts and sets, by name. A list of models has its source as YAML instead of Markdown."""

REDLINE_FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("pdf", ".pdf", "pdf:redline_pdf_bytes", "pdf", _PDF),
        Format("docx", ".docx", "word.redline_file:redline_docx"),
    )
}
"""The formats of redlines as files, by name: their functions take a `RedlineCopy`."""


def format_of(path: Path) -> Format:
    """Return the format of a file by its ending. Raises EngrossError, with the known endings, if there is none."""
    ending = path.suffix.lower()
    for one in FORMATS.values():
        if path.name.lower().endswith(one.ending) or (one.name == "md" and ending in (".yml", ".yaml")):
            return one
    known = ", ".join(one.ending for one in FORMATS.values())
    message = f"the ending {shown(ending)!r} is that of no format; end the name of the file with one of {known}"
    raise EngrossError([error("format", str(path), 0, 0, message if ending else _NO_ENDING.format(known))])


_NO_ENDING = "the name of the file has no ending, which chooses the format; end it with one of {}"


def export_bytes(copy: Copy, form: Format) -> bytes:
    """Return a copy as a file. Raises EngrossError if the format cannot have it, or its extra is not installed."""
    make = form.load()
    if copy.set and not form.sets:
        those = ", ".join(one.ending for one in FORMATS.values() if one.sets)
        message = f"a file of the format {form.name} has one document; export a whole set as {those}"
        raise EngrossError([error("format", copy.set.id, 0, 0, message)])
    return make(copy)


def redline_bytes(copy: RedlineCopy, form: Format) -> bytes:
    """Return a redline as a file. Raises EngrossError if the format's extra is not installed."""
    return form.load()(copy)
