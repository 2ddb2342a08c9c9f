"""The styles of a Word file: what paragraphs and characters inherit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from lxml import etree

from engross.common import value_class
from engross.importing.word.package import W

_DEEPEST = 50
_OFF = ("0", "false", "off", "none")


@value_class(frozen=True, slots=True)
class Style:
    """A style: its name in small letters, the style it is based on, and its properties as XML."""

    name: str
    based_on: str
    paragraph: etree._Element | None
    run: etree._Element | None


@value_class(slots=True)
class Styles:
    """All styles by id, and the defaults of the document."""

    styles: dict[str, Style] = field(default_factory=dict)
    default: str = ""
    defaults: list[etree._Element] = field(default_factory=list)

    def chain(self, style: str) -> Iterator[tuple[str, Style]]:
        """Yield a style and those that it is based on, with their ids, the nearest first."""
        for _ in range(_DEEPEST):
            found = self.styles.get(style)
            if found is None:
                return
            yield style, found
            style = found.based_on

    def name(self, style: str) -> str:
        """Return the name of a style in small letters."""
        found = self.styles.get(style)
        return found.name if found else ""

    def paragraph_property(self, paragraph: etree._Element | None, style: str, tag: str) -> etree._Element | None:
        """Return a property of a paragraph: its own, or of its style; None if neither has it."""
        own = paragraph.find(W + tag) if paragraph is not None else None
        if own is not None:
            return own
        for _, one in self.chain(style):
            found = one.paragraph.find(W + tag) if one.paragraph is not None else None
            if found is not None:
                return found
        return None

    def run_property(self, run: etree._Element | None, paragraph_style: str, tag: str) -> etree._Element | None:
        """Return a property of a run: its own, of its style, of the paragraph's style, or the default."""
        if run is not None:
            own = run.find(W + tag)
            if own is not None:
                return own
        for style in (value(run, "rStyle"), paragraph_style):
            for _, one in self.chain(style):
                found = one.run.find(W + tag) if one.run is not None else None
                if found is not None:
                    return found
        return next((found for one in self.defaults if (found := one.find(W + tag)) is not None), None)

    def is_on(self, run: etree._Element | None, paragraph_style: str, tag: str) -> bool:
        """Whether a run has a property that is on or off, such as bold."""
        found = self.run_property(run, paragraph_style, tag)
        return found is not None and str(found.get(f"{W}val", "1")).lower() not in _OFF


def read_styles(root: etree._Element | None) -> Styles:
    """Read the part "styles"."""
    styles = Styles()
    for one in root.iter(f"{W}style") if root is not None else ():
        key = str(one.get(f"{W}styleId", ""))
        name = value(one, "name").lower()
        styles.styles[key] = Style(name, value(one, "basedOn"), one.find(f"{W}pPr"), one.find(f"{W}rPr"))
        if one.get(f"{W}type") == "paragraph" and one.get(f"{W}default") in ("1", "true", "on"):
            styles.default = key
    if root is not None:
        styles.defaults = list(root.iterfind(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    return styles


def value(parent: etree._Element | None, tag: str) -> str:
    """Return the value of a child, such as `<w:pStyle w:val="…"/>`; an empty string if there is none."""
    child = parent.find(W + tag) if parent is not None else None
    return str(child.get(f"{W}val", "")) if child is not None else ""


def number(text: str | None, default: int = 0) -> int:
    """Return an integer as Word writes it; the default for anything else."""
    try:
        return int(float(text or ""))
    except (ValueError, OverflowError):
        return default
