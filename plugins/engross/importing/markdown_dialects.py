"""Removes what other generators add to Markdown: front matter, attributes, containers, statements, shortcodes.

Each removal is in the report. What a generator would fill in (`{{ site.name }}`, `{% include %}`) is refused, because
its text is not in the file.
"""

from __future__ import annotations

from dataclasses import field

import engross.common.lazy_re as re
from engross.common import error, shown, value_class
from engross.importing.values import RULE, Kind, Remark
from engross.model import Diagnostic

_FRONT = re.compile(r"\A(?:---[ \t]*\n(?P<yaml>(?:.*\n)*?)---|\+\+\+[ \t]*\n(?P<toml>(?:.*\n)*?)\+\+\+)[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\n]*))", re.MULTILINE)
_KEY = re.compile(r"^([\w-]+)[ \t]*[:=]", re.MULTILINE)
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_COMMENTS = re.compile(
    r"\{::comment\}.*?\{:/(?:comment)?\}|\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{/\*.*?\*/\}", re.DOTALL
)
_LINES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \t>]*\{:(?!:)[^}\n]*\}[ \t]*"), "attributes of kramdown"),
    (re.compile(r"[ \t]*\{::(?:options|nomarkdown)[^}\n]*/?\}[ \t]*|\{:/[a-z]*\}[ \t]*"), "a setting of kramdown"),
    (
        re.compile(r"[ \t]*(?:\[\[_?TOC_?\]\]|\[TOC\]|\{\{\s*toc\s*\}\}|\$\{toc\})[ \t]*", re.I),
        "the place of a contents list",
    ),
    (re.compile(r"\*\[[^\]\n]+\]:[^\n]*"), "an abbreviation, which a page shows only on demand"),
    (
        re.compile(r"(?:import\s+(?:[\w*{},][\w*{}, \t]*\sfrom\s+)?|export\s+.*\sfrom\s+)[\"'][^\"'\n]+[\"'];?[ \t]*"),
        "an import of MDX",
    ),
    (re.compile(r"export\s+(?:const|default)\s[^\n]*"), "a statement of MDX"),
)
_TOC_ITEM = re.compile(r"[ \t]*(?:[-*+]|1\.)[ \t]+(?:toc|table of contents)[^\n]*", re.IGNORECASE)
_TOC = re.compile(r"[ \t]*\{:\s*toc[^}\n]*\}[ \t]*")
_CONTAINER = re.compile(
    r"(?P<margin>[ \t]*):{3,}[ \t]*(?P<name>\{[^}\n]*\}|[\w-]*)[ \t]*\[?(?P<title>[^\n\]]*)\]?[ \t]*"
)
_ADMONITION = re.compile(
    r"(?P<margin>[ \t]*)(?:!!!|\?\?\?\+?)[ \t]+(?P<name>[\w-]+)(?:[ \t]+\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
_ALERT = re.compile(r"(?P<margin>[ \t]*>[ \t]*)\[!(?P<name>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*", re.IGNORECASE)
_ATTRIBUTE = r"(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[\w.-]+))"
_ATTRIBUTES = re.compile(rf"[ \t]*\{{:?[ \t]*(?P<all>{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE})*)[ \t]*\}}")
_OWN = re.compile(r"#([^\W_][\w-]*)(?=\s|$)")
_TEMPLATE = re.compile(r"\{%-?.*?-?%\}|\{\{[<%].*?[>%]\}\}|\{\{-?\s*[\w-]+\.[\w.\[\]'\"| :-]*\s*-?\}\}")
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_NBSP = re.compile("(?:&nbsp;|&#160;|&#xa0;|\xa0)+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\xad\ufeff\u2060]")
_TURNING = re.compile("[\u202a-\u202e\x80-\x9f\u2028\u2029]")


@value_class(slots=True)
class Dialect:
    """Removes the additions of generators from one text, line by line, so that all later lines keep their numbers."""

    path: str
    title: str = ""
    remarks: list[Remark] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def plain(self, text: str) -> str:
        """Return the text in plain Markdown, with the same lines."""
        text = self._without_front_matter(text)
        text = _COMMENTS.sub(lambda found: self._comment(found, text), text)
        lines = text.split("\n")
        fence = ""
        indented = -1
        for at, line in enumerate(lines):
            found = _FENCE.match(line)
            if found and (not fence or (found[1].startswith(fence) and not line.strip(" \t>`~"))):
                fence = "" if fence else found[1]
            if fence:
                continue
            if _TOC_ITEM.fullmatch(line) and at + 1 < len(lines) and _TOC.fullmatch(lines[at + 1]):
                self._drop(at, "the place of a contents list", line)
                lines[at] = ""
                continue
            if found := _ADMONITION.fullmatch(line):
                indented = len(found["margin"]) + 4
                lines[at] = self._labelled(at, found, found["title"] if found["title"] is not None else found["name"])
                continue
            if indented >= 0 and line.strip():
                if len(line) - len(line.lstrip()) < indented:
                    indented = -1
                else:
                    line = line[4:]
            lines[at] = self._line(at, line)
        return "\n".join(lines)

    def _without_front_matter(self, text: str) -> str:
        found = _FRONT.match(text)
        inside = (found["yaml"] if found["yaml"] is not None else found["toml"]) if found else ""
        if not found or (inside.strip() and not _KEY.search(inside)):
            return text
        title = _TITLE.search(inside)
        self.title = next((part for part in title.groups() if part), "").strip() if title else ""
        keys = ", ".join(_KEY.findall(inside)[:12])
        message = f"the front matter ({keys}); settings are in documents.yml" if keys else "an empty front matter"
        self.remarks.append(Remark(Kind.DROPPED, "line 1", message))
        return "\n" * found[0].count("\n") + text[found.end() :]

    def _comment(self, found: re.Match[str], text: str) -> str:
        line = text.count("\n", 0, found.start())
        self._drop(line, "a comment", found[0])
        return "\n" * found[0].count("\n")

    def _drop(self, at: int, what: str, text: str) -> None:
        self.remarks.append(Remark(Kind.DROPPED, f"line {at + 1}", f"{what}: {shown(text.strip(), 60)}", text))

    def _labelled(self, at: int, found: re.Match[str], title: str) -> str:
        """Return the title of a note in bold; the marks around the note are removed."""
        title = title.strip()
        words = found[0].strip()
        message = f"the marks of a note: {shown(words)}; its text is an ordinary paragraph"
        self.remarks.append(Remark(Kind.CHANGED, f"line {at + 1}", message, words))
        named = title[:1].upper() + title[1:].lower() if title.isupper() or title.islower() else title
        self.labels += [named] if named else []
        return f"{found['margin']}**{named}**\n" if title else ""

    def _line(self, at: int, line: str) -> str:
        """Return one line without the additions of generators."""
        if not line.strip():
            return line
        for pattern, what in _LINES:
            if pattern.fullmatch(line):
                self._drop(at, what, line)
                return ""
        if found := _CONTAINER.fullmatch(line):
            return self._labelled(at, found, "" if found["name"].startswith("{") else found["title"])
        if found := _ALERT.fullmatch(line):
            return self._labelled(at, found, found["name"]).rstrip("\n") + "\\"
        for found in _TEMPLATE.finditer(line):
            if not _RAW.fullmatch(found[0]):
                message = f"{shown(found[0])} is filled in by a generator; write the text that the page shows"
                self.refused.append(error(RULE, self.path, at + 1, found.start() + 1, message))
        line = _RAW.sub("", line)
        line = _ATTRIBUTES.sub(lambda one: self._attributes(at, one, line), line)
        return self._characters(at, line)

    def _attributes(self, at: int, found: re.Match[str], line: str) -> str:
        own = _OWN.search(found["all"])
        heads = line.startswith("#") and not line[found.end() :].strip(" \t#")
        if own and heads and found["all"].strip() == own[0]:
            return f" {{#{own[1]}}}"
        self._drop(at, "attributes that only style", found[0])
        return f" {{#{own[1]}}}" if own and heads else ""

    def _characters(self, at: int, line: str) -> str:
        line = _INVISIBLE.sub("", line)
        if found := _TURNING.search(line):
            message = f"the character U+{ord(found[0]):04X}, which a contract may not have"
            self.remarks.append(Remark(Kind.DROPPED, f"line {at + 1}, column {found.start() + 1}", message))
            line = _TURNING.sub("", line)
        return _NBSP.sub(" ", line)
