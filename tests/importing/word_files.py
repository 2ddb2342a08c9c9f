"""Builds Word files for tests from pieces of XML: paragraphs, runs, lists, notes, tracked changes."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = {
    "w": MAIN,
    "r": RELATED,
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
_NAMESPACES = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _SPACES.items())
_XML = '<Default Extension="xml" ContentType="application/xml"/>'
STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="character" w:styleId="Defined"><w:name w:val="Defined Term"/><w:rPr><w:b/></w:rPr></w:style>
"""


def r(text: str, properties: str = "") -> str:
    """A run; `properties` is XML, such as `<w:b/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def b(text: str) -> str:
    return r(text, "<w:b/>")


def p(*content: str, style: str = "", num: tuple[int, int] | None = None, properties: str = "") -> str:
    """A paragraph; content without markup becomes a run; `num` is the number of a list and the level from 0."""
    inner = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        inner += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    runs = "".join(part if part.startswith("<") else r(part) for part in content)
    return f"<w:p><w:pPr>{inner}{properties}</w:pPr>{runs}</w:p>"


def table(*rows: list[str], properties: str = "") -> str:
    """A table whose cells are XML: text without markup becomes a paragraph, properties may come first."""
    written = "".join(f"<w:tr>{''.join(map(_cell, row))}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{written}</w:tbl>"


def _cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<') else p(content)}</w:tc>"


def level(at: int, form: str, text: str, extra: str = "", start: int = 1) -> str:
    counted = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
    return f'<w:lvl w:ilvl="{at}">{counted}{extra}<w:lvlText w:val="{text}"/></w:lvl>'


def numbering(abstract: Mapping[int, str], nums: Mapping[int, str]) -> str:
    """The part numbering: abstract lists with their levels, and lists with the number of theirs or with XML."""
    lists = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{levels}</w:abstractNum>' for at, levels in abstract.items()
    )
    return lists + "".join(f'<w:num w:numId="{at}">{inner}</w:num>' for at, inner in nums.items())


def of(abstract: int, overrides: str = "") -> str:
    return f'<w:abstractNumId w:val="{abstract}"/>{overrides}'


def field(instruction: str, result: str) -> str:
    """A complex field with its stored result."""
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{kinds[0]}<w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>{kinds[1]}{r(result)}{kinds[2]}"


def tracked(kind: str, content: str, author: str = "Ann Reed", date: str = "2026-03-04T10:20:00Z") -> str:
    """A tracked change around runs: kind is ins, del, moveFrom or moveTo."""
    if kind in ("del", "moveFrom"):
        content = content.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
    return f'<w:{kind} w:id="1" w:author="{author}" w:date="{date}">{content}</w:{kind}>'


def word_file(
    body: str,
    parts: Mapping[str, str] | None = None,
    relationships: Mapping[str, tuple[str, str]] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A Word file. `parts` are the content of the parts styles, numbering, footnotes, endnotes, comments, header1, …;
    `relationships` are further ones by id, as kind and address; `files` are further members of the archive.
    """
    roots = {"numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments"}
    content = {"styles": STYLES, **(parts or {})}
    related = {f"p{name}": (name.rstrip("0123456789"), f"{name}.xml") for name in content} | dict(relationships or {})
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{_XML}</Types>',
        "_rels/.rels": _relationships({"d": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relationships(related),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    for name, inner in content.items():
        tag = roots.get(name) or {"styles": "styles", "header": "hdr", "footer": "ftr"}[name.rstrip("0123456789")]
        members[f"word/{name}.xml"] = f"<w:{tag} {_NAMESPACES}>{inner}</w:{tag}>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode())
        for name, data in (files or {}).items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _relationships(related: Mapping[str, tuple[str, str]]) -> str:
    written = "".join(
        f'<Relationship Id="{key}" Type="{RELATED}/{kind}" Target="{escape(target)}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
        for key, (kind, target) in related.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{written}</Relationships>'
