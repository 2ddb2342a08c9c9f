"""Writes ZIP files whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of all files in a ZIP file: the earliest that the format knows."""


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Put files, by the names that they have in it, into a ZIP file, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return out.getvalue()
