"""Other bytes for the files of a record, and what verification finds."""

from collections.abc import Iterator

from engross.record.verification import verify

from .playing import Site

BOM = b"\xef\xbb\xbf"


def found_in(site: Site) -> list[str]:
    return [str(found) for found in verify(site.folders.record)[1]]


def mutants(data: bytes, at: int) -> Iterator[bytes]:
    """A byte flipped, deleted or doubled, and other bytes inserted."""
    yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    yield data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :]
    yield data[:at] + data[at + 1 :]
    for more in (data[at : at + 1], b" ", b"\n", b"\r", b"\0", b"0", b'"', BOM):
        yield data[:at] + more + data[at:]
