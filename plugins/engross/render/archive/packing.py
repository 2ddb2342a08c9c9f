"""Downloads of older versions in one ZIP file for each document and year, and redirects from their own addresses.

A file has all versions posted in a year of which nothing more can be posted, so it stays as it is. The pages, the
sources, the data and the seals of versions stay files of their own: the proof of a text depends on no redirect.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import engross.common.lazy_re as re
from engross.common import value_class, zip_files
from engross.model import Version, VersionId
from engross.record import Record, downloads_file, version_folder, versions_page
from engross.render.archive.frame import Site
from engross.render.archive.page_cache import Made

REDIRECTS = "_redirects"
"""The file with redirects that Netlify, Cloudflare Pages and others read."""

_BEGIN, _END = "# Downloads of older versions (Engross)", "# End of downloads of older versions"
_OURS = re.compile(rf"{re.escape(_BEGIN)}\n.*?{re.escape(_END)}\n".encode(), re.DOTALL)


@value_class(frozen=True)
class Packing:
    """Which downloads are packed: those with the endings of `site.offers`, of versions posted before the year of the
    last posting. The versions in `alone` have their files at their own addresses as well.
    """

    record: Record
    site: Site
    alone: frozenset[VersionId]

    @cached_property
    def _last_year(self) -> int:
        return max((self._year(version) for found in self.record.versions.values() for version in found), default=0)

    def _year(self, version: Version) -> int:
        return version.posted.astimezone(self.site.zone).year

    def file_of(self, version: Version) -> str:
        """The address of the file that has the downloads of a version; "" if they are not packed."""
        year = self._year(version)
        return downloads_file(version.id.document, year) if year < self._last_year else ""

    def only_in(self, version: Version) -> str:
        """The same, but "" for a version whose downloads are at their own addresses as well."""
        return "" if version.id in self.alone else self.file_of(version)

    def pack(self, made: Made, version: Version) -> Made:
        """What was made of a version, with its downloads packed."""
        packed = {name: data for name, data in made.files.items() if self._is_packed(name, version)}
        files = made.files if version.id in self.alone else {n: d for n, d in made.files.items() if n not in packed}
        return replace(made, files=files, packed=packed)

    def _is_packed(self, name: str, version: Version) -> bool:
        # There are redlines from other versions only to the version in force, and as long as it is.
        _, _, old = name.rpartition("/from-")
        is_step = old == name or old.partition(".")[0] == str(version.post.supersedes)
        return self._is_download(name) and is_step

    def redirects(self, files: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Of the names of all files, those that are only in another file, each with the address of that file."""
        only = {version.id: self.only_in(version) for found in self.record.versions.values() for version in found}
        packed = {version_folder(one): address for one, address in only.items() if address}
        for name in filter(self._is_download, files):
            # "a/versions/12.html", and "a/versions/12/from-11.pdf"
            document, _, rest = name.partition("/versions/")
            folder = f"{document}/versions/{re.split('[/.]', rest)[0]}"
            if folder in packed:
                yield name, packed[folder]

    def _is_download(self, name: str) -> bool:
        endings = tuple(ending for _, ending in self.site.offers)
        return name.endswith(endings) and not name.endswith("/index.html")


def packed_file(document: str, files: Iterable[Mapping[str, bytes]]) -> bytes:
    """The ZIP file of downloads of a document; the names in it are relative to the folder of its versions."""
    folder = versions_page(document)
    return zip_files({name.removeprefix(folder): data for found in files for name, data in sorted(found.items())})


def redirect_lines(packed: Iterable[tuple[str, str]], url: str) -> Iterator[str]:
    """The lines of `_redirects`, from each address to that of the file that has it; `url` is the site's address."""
    root = urlsplit(url).path or "/"
    for name, file in packed:
        yield f"{root}{name} {root}{file} 302\n"


def write_redirects(folder: Path, lines: Iterable[str]) -> None:
    """Add lines to the site's `_redirects`, after those that the site has itself."""
    path = folder / REDIRECTS
    # Theirs may be in any encoding.
    theirs = _OURS.sub(b"", path.read_bytes()) if path.is_file() else b""
    if theirs and not theirs.endswith(b"\n"):
        theirs += b"\n"
    path.write_bytes(theirs + f"{_BEGIN}\n{''.join(lines)}{_END}\n".encode())
