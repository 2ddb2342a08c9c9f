"""Pictures in a Word file: which kinds Word can show, their sizes, and the XML of a picture in a line of text."""

from __future__ import annotations

import struct
from xml.sax.saxutils import quoteattr

from engross.common import value_class

_PIXEL = 9525
"""English Metric Units in a pixel of 1/96 inch."""
_WIDEST = 5_760_000
"""The width of the text on a page, in English Metric Units: 16 cm."""
_PNG = b"\x89PNG\r\n\x1a\n"
_NAMESPACE = "http://schemas.openxmlformats.org/drawingml/2006"


@value_class(frozen=True, slots=True)
class Picture:
    """A picture: its name in the package, its bytes, and its size in pixels."""

    name: str
    data: bytes
    width: int
    height: int

    @property
    def kind(self) -> str:
        """The kind of file, which is also its ending."""
        return self.name.rpartition(".")[2]


def read_picture(data: bytes, number: int) -> Picture | None:
    """Return a picture that Word can show; None for other kinds, such as SVG, whose alternative text is shown."""
    if data.startswith(_PNG) and len(data) >= 24:
        return Picture(f"picture{number}.png", data, *struct.unpack(">II", data[16:24]))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Picture(f"picture{number}.gif", data, *struct.unpack("<HH", data[6:10]))
    if data.startswith(b"\xff\xd8"):
        width, height = _jpeg_size(data)
        return Picture(f"picture{number}.jpeg", data, width, height) if width else None
    return None


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Return the size that a start-of-frame segment states; (0, 0) if there is none."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0


def drawing(picture: Picture, text: str, title: str, number: int) -> str:
    """Return the XML of a picture with its alternative text; `number` is unique in the file."""
    width, height = picture.width * _PIXEL, picture.height * _PIXEL
    if width > _WIDEST:
        width, height = _WIDEST, max(1, height * _WIDEST // width)
    size = f'cx="{width}" cy="{height}"'
    names = f'id="{number}" name={quoteattr(picture.name)} descr={quoteattr(text)}'
    names += f" title={quoteattr(title)}" if title else ""
    return (
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {names}/>'
        f'<a:graphic xmlns:a="{_NAMESPACE}/main"><a:graphicData uri="{_NAMESPACE}/picture">'
        f'<pic:pic xmlns:pic="{_NAMESPACE}/picture"><pic:nvPicPr><pic:cNvPr {names}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{picture.name.partition(".")[0]}"/><a:stretch><a:fillRect/></a:stretch>'
        f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
