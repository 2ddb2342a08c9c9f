"""Makes the links of imported Markdown lead somewhere: to whole addresses, or to headings that keep an anchor.

The links of a text that was on another site often lead to its other pages, or to anchors that its generator made of
headings. A link whose target is unknown keeps its words only.
"""

from __future__ import annotations

from dataclasses import field

import engross.common.lazy_re as re
from engross.common import shown, value_class
from engross.importing.markdown_tags import ANCHOR
from engross.importing.values import Kind, Remark

_PROTECTED = re.compile(r"(`+)[^`]+\1(?!`)|\\.")
_LINK = re.compile(
    r"(?P<image>!?)\[(?P<words>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*)\]"
    r"\([ \t]*(?P<target><[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?P<title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)"
)
_DEFINITION = re.compile(
    r"[ \t]{0,3}\[(?P<name>[^\]\n^][^\]\n]*)\]:[ \t]*(?P<target>\S+)(?P<title>[ \t]+[\"'(].*)?[ \t]*"
)
_HEADING = re.compile(r"(?P<sign>#{1,6})[ \t]+(?P<words>.*?)(?:[ \t]*\{#(?P<own>[^\W_][\w-]*)\})?[ \t]*#*[ \t]*")
_WHOLE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_NOT_GITHUB = re.compile(r"[^\w\- ]")
_ANCHOR_NAME = re.compile(r"[^\W_][\w-]*")


@value_class(slots=True)
class MarkdownLinks:
    """Resolves the links of one text, whose `source` gives the places for the report.

    `anchors` has the heading (by line, from 0) of each name that leads to one, `linked` the anchors to keep by heading.
    """

    lines: list[str]
    source: str = ""
    remarks: list[Remark] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    linked: dict[int, str] = field(default_factory=dict)

    def resolved(self) -> str:
        """Return the text with links that lead somewhere, and without markers of anchors."""
        self._find_anchors()
        for at, line in enumerate(self.lines):
            if _DEFINITION.fullmatch(line):
                self.lines[at] = self._definition(line)
            elif "](" in line:
                self.lines[at] = _unprotected(line, self._links)
        for at, name in self.linked.items():
            found = _HEADING.fullmatch(self.lines[at])
            if found and not found["own"]:
                self.lines[at] = f"{found['sign']} {found['words']} {{#{name}}}"
        return "\n".join(self.lines)

    def _find_anchors(self) -> None:
        pending: list[str] = []
        counted: dict[str, int] = {}
        for at, line in enumerate(self.lines):
            here = ANCHOR.findall(line)
            line = self.lines[at] = ANCHOR.sub("", line) if here else line
            if here and not line.strip(" \t#"):
                line = self.lines[at] = line.strip()
            pending += here
            heading = _HEADING.fullmatch(line)
            if here and heading:
                line = self.lines[at] = f"{heading['sign']} {line[heading.start('words') :].strip()}"
            if heading is None:
                pending = pending if not line.strip() else []
                continue
            name = _github(heading["words"])
            repeated = counted.get(name, 0)
            counted[name] = repeated + 1
            for one in (heading["own"] or "", *pending, f"{name}-{repeated}" if repeated else name):
                if one:
                    self.anchors.setdefault(one, at)
            pending = []

    def _links(self, text: str) -> str:
        return _LINK.sub(self._link, text)

    def _link(self, found: re.Match[str]) -> str:
        target = found["target"].strip("<>")
        if found["image"] or _WHOLE.match(target):
            return found[0]
        if target.startswith("#") and (name := self._heading(target[1:])):
            return f"[{found['words']}](#{name})"
        words = found["words"]
        message = f"a link leads to no whole address ({shown(target) or 'empty'}); its words stay: “{shown(words)}”"
        self.remarks.append(Remark(Kind.CHANGED, self._place(found["target"]), message))
        return words

    def _heading(self, name: str) -> str:
        """Return the anchor of the heading that a name leads to, and remember that the heading has to keep it."""
        at = self.anchors.get(name, self.anchors.get(name.lower(), -1))
        if at < 0 or not _ANCHOR_NAME.fullmatch(name):
            return ""
        own = _HEADING.fullmatch(self.lines[at])
        return (own["own"] if own and own["own"] else "") or self.linked.setdefault(at, name)

    def _place(self, target: str) -> str:
        """Return where the source first has the target of a link."""
        at = self.source.find(target) if target else -1
        return f"line {self.source.count(chr(10), 0, at) + 1}" if at >= 0 else ""

    def _definition(self, line: str) -> str:
        found = _DEFINITION.fullmatch(line)
        assert found is not None
        target = found["target"].strip("<>")
        if _WHOLE.match(target):
            return line
        if target.startswith("#") and (name := self._heading(target[1:])):
            return f"[{found['name']}]: #{name}"
        message = f"the link definition [{found['name']}] leads to no whole address ({shown(target)})"
        self.remarks.append(Remark(Kind.DROPPED, self._place(found["target"]), message))
        wanted = re.compile(rf"\[([^\[\]\n]+)\]\[{re.escape(found['name'])}\]", re.IGNORECASE)
        short = re.compile(rf"\[({re.escape(found['name'])})\](?:\[\])?(?![\[(:])", re.IGNORECASE)
        for at, other in enumerate(self.lines):
            if found["name"].lower() in other.lower():
                self.lines[at] = short.sub(r"\1", wanted.sub(r"\1", other))
        return ""


def _unprotected(line: str, change: object) -> str:
    """Apply a change to the parts of a line that are neither code nor escaped."""
    assert callable(change)
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x01{len(kept) - 1}\x01"

    changed = str(change(_PROTECTED.sub(hide, line)))
    return re.sub("\x01(\\d+)\x01", lambda found: kept[int(found[1])], changed)


def _github(words: str) -> str:
    """The anchor that GitHub and most generators make of a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return _NOT_GITHUB.sub("", plain.strip().lower()).replace(" ", "-")
