"""Finds which clause a paragraph of an exported Word file was: by the bookmarks that the export gave it.

An import of a Word file has no bookmarks. So the file is imported once more with a sign at the end of each bookmark,
and the signs are looked up in the units of that text, which are those of the text without them.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import engross.common.lazy_re as re
from engross.redline import Unit

_MAIN = "word/document.xml"
_START = re.compile(rb'<w:bookmarkStart\b(?=[^>]*\bw:name="_eg_([a-z]\d+)")(?=[^>]*\bw:id="([^"]+)")[^>]*>')
_END = re.compile(rb'<w:bookmarkEnd\b[^>]*\bw:id="([^"]+)"[^>]*>')
_SIGN = re.compile("\ue000([a-z]\\d+)\ue001")


def with_signs(data: bytes) -> bytes:
    """Return a Word file with the id of each clause at the end of its paragraph. The file was opened before."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _signed(content) if name == _MAIN else content)
    return out.getvalue()


def _signed(xml: bytes) -> bytes:
    names = {number: name for name, number in _START.findall(xml)}

    def sign(found: re.Match[bytes]) -> bytes:
        name = names.get(found[1])
        return found[0] if name is None else b"<w:r><w:t>\xee\x80\x80%s\xee\x80\x81</w:t></w:r>" % name

    return _END.sub(sign, xml)


def ids_of(units: Sequence[Unit], signed: Sequence[Unit]) -> dict[int, str]:
    """Return the ids of units by index: the first in each, unless another unit has the same.

    `signed` are the units of the same text with signs; if these are not the same in number, there are no ids.
    """
    # A paragraph without text is no unit.
    signed = [unit for at, unit in enumerate(signed) if at == 0 or _SIGN.sub("", unit.body).strip()]
    if len(units) != len(signed):
        return {}
    found = {at: ids[0] for at, unit in enumerate(signed) if (ids := _SIGN.findall(unit.body))}
    counted = Counter(found.values())
    return {at: one for at, one in found.items() if counted[one] == 1}
