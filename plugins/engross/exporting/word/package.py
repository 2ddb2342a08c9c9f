"""Puts the parts of a Word file together: the same text gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engross.common import value_class, zip_files
from engross.exporting.word.pictures import Picture
from engross.exporting.word.runs_xml import attribute, escaped
from engross.exporting.word.styles import styles_xml

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {"document": "document.main", "styles": "styles", "numbering": "numbering", "settings": "settings"}
_KINDS |= {"footnotes": "footnotes", "header1": "header", "footer1": "footer"}
_PAGE = (
    '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference w:type="default" r:id="footer1"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" '
    'w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)
_NO_NOTES = (
    '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)
_RIGHT_TO_LEFT = ("ar", "fa", "he", "iw", "ur", "yi")


@value_class(frozen=True)
class About:
    """What a file says of itself: its title, language (a BCP 47 tag), instant (None for a draft), and who published it.

    `facts` are custom properties, by name; `head` is the line at the top of every page, `foot` that at the bottom.
    `standing` are lines below the head: sentences about the state of a version that is not in force.
    `tracked`: whether Word tracks further changes.
    """

    title: str
    language: str
    at: datetime | None
    publisher: str = ""
    facts: Mapping[str, str] | None = None
    head: str = ""
    foot: str = ""
    standing: tuple[str, ...] = ()
    tracked: bool = False


@value_class(frozen=True)
class Contents:
    """The XML of a text: its body, its footnotes and its lists, with the addresses and pictures it relates to."""

    body: str
    footnotes: Sequence[str]
    numbering: str
    relations: Mapping[str, str]
    note_relations: Mapping[str, str]
    pictures: Sequence[Picture]


def package(contents: Contents, about: About) -> bytes:
    """Return a Word file."""
    head = "".join(_line("Header", escaped(line)) for line in (about.head, *about.standing))
    right = about.language.partition("-")[0].lower() in _RIGHT_TO_LEFT
    parts = {
        "document": f"<w:document {_NAMES}><w:body>{contents.body}{_PAGE}</w:body></w:document>",
        "styles": styles_xml(about.language, right_to_left=right).replace("<w:styles>", f"<w:styles {_NAMES}>"),
        "numbering": f"<w:numbering {_NAMES}>{contents.numbering}</w:numbering>",
        "settings": _settings(about),
        "footnotes": f"<w:footnotes {_NAMES}>{_NO_NOTES}{''.join(contents.footnotes)}</w:footnotes>",
        "header1": f"<w:hdr {_NAMES}>{head}</w:hdr>",
        "footer1": f"<w:ftr {_NAMES}>{_line('Footer', escaped(about.foot), pages=True)}</w:ftr>",
    }
    files = {f"word/{name}.xml": f"{_XML}{xml}".encode() for name, xml in parts.items()}
    files["word/_rels/document.xml.rels"] = _relations(contents.relations, contents.pictures, parts)
    if contents.note_relations:
        files["word/_rels/footnotes.xml.rels"] = _relations(contents.note_relations, contents.pictures, {})
    files |= {f"word/media/{one.name}": one.data for one in contents.pictures}
    files["docProps/core.xml"] = _core(about)
    files["docProps/custom.xml"] = _custom(about.facts or {})
    return zip_files({"[Content_Types].xml": _types(contents.pictures), "_rels/.rels": _ROOT, **files})


def _settings(about: About) -> str:
    tracking = "<w:trackRevisions/>" if about.tracked else ""
    language = attribute(about.language)
    return (
        f'<w:settings {_NAMES}><w:zoom w:percent="100"/>{tracking}<w:defaultTabStop w:val="567"/>'
        '<w:footnotePr><w:footnote w:id="0"/><w:footnote w:id="1"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="15"/></w:compat><w:themeFontLang w:val={language}/></w:settings>'
    )


def _line(style: str, text: str, *, pages: bool = False) -> str:
    number = ""
    if pages:
        number = '<w:r><w:tab/></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    words = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words}{number}</w:p>'


def _relations(addresses: Mapping[str, str], pictures: Sequence[Picture], parts: Mapping[str, str]) -> bytes:
    made = [
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/{name.rstrip("1")}" Target="{name}.xml"/>'
        for name in parts
        if name != "document"
    ]
    made += [
        f'<Relationship Id="{one.name.partition(".")[0]}" Type="{_OFFICE}/relationships/image" '
        f'Target="media/{one.name}"/>'
        for one in pictures
    ]
    made += [
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/hyperlink" Target={attribute(address)} '
        'TargetMode="External"/>'
        for address, name in addresses.items()
    ]
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(made)}</Relationships>'.encode()


_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="document" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="core" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="custom" Type="{_OFFICE}/relationships/custom-properties" Target="docProps/custom.xml"/>'
    "</Relationships>"
).encode()


def _types(pictures: Sequence[Picture]) -> bytes:
    endings = sorted({one.kind for one in pictures})
    made = [f'<Default Extension="{ending}" ContentType="image/{ending}"/>' for ending in endings]
    made += [
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in _KINDS.items()
    ]
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(made)}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/custom.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
    ).encode()


def instant(at: datetime) -> str:
    """Return an instant as Word writes it."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _core(about: About) -> bytes:
    dates = ""
    if about.at:
        date = f'xsi:type="dcterms:W3CDTF">{instant(about.at)}'
        dates = f"<dcterms:created {date}</dcterms:created><dcterms:modified {date}</dcterms:modified>"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(about.title)}</dc:title><dc:creator>{escaped(about.publisher)}</dc:creator>"
        f"<dc:language>{escaped(about.language)}</dc:language>"
        f"{dates}</cp:coreProperties>"
    ).encode()


def _custom(facts: Mapping[str, str]) -> bytes:
    made = (
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={attribute(name)}>'
        f"<vt:lpwstr>{escaped(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(facts.items(), 2)
    )
    return (
        f'{_XML}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{''.join(made)}</Properties>"
    ).encode()
