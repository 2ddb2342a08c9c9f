"""The source of a document, as sealed, byte for byte."""

from __future__ import annotations

from engross.exporting.copies import Copy


def source_bytes(copy: Copy) -> bytes:
    """Return the source of the copy's only document."""
    source = copy.parts[0].document.source
    assert source is not None
    return source.data
