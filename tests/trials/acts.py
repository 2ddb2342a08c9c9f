"""Changes to a record: of each file, and of each field of each line of its ledger."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engross.record.encoding import canonical, hash_of
from engross.record.ledger.file import FIRST

Files = dict[str, bytes | Path]
"""What lies in a record after an act: each name → its bytes, or where it leads to."""
Act = Callable[[dict[str, bytes], str, Path], Files]
"""What becomes of a record's files when one is tampered with; the folder is for what lies elsewhere."""


def altered(change: Callable[[bytes], bytes]) -> Act:
    return lambda files, name, apart: {**files, name: change(files[name])}


def moved(new_name: Callable[[Path], Path], *, keep: bool = False) -> Act:
    def act(files: dict[str, bytes], name: str, apart: Path) -> Files:
        left = {one: data for one, data in files.items() if keep or one != name}
        return {**left, new_name(Path(name)).as_posix(): files[name]}

    return act


def swapped(files: dict[str, bytes], name: str, apart: Path) -> Files:
    names = sorted(files)
    other = names[(names.index(name) + 1) % len(names)]
    return {**files, name: files[other], other: files[name]}


def linked(files: dict[str, bytes], name: str, apart: Path) -> Files:
    there = apart / Path(name).name
    there.write_bytes(files[name])
    return {**files, name: there}


def deleted(files: dict[str, bytes], name: str, apart: Path) -> Files:
    return {one: data for one, data in files.items() if one != name}


ACTS: dict[str, Act] = {
    "flip the first bit": altered(lambda data: bytes([data[0] ^ 0x80]) + data[1:]),
    "flip a bit in the middle": altered(
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]
    ),
    "flip the last bit": altered(lambda data: data[:-1] + bytes([data[-1] ^ 1])),
    "truncate by a byte": altered(lambda data: data[:-1]),
    "truncate to a half": altered(lambda data: data[: len(data) // 2]),
    "truncate to nothing": altered(lambda data: b""),
    "truncate by a line": altered(lambda data: b"".join(data.splitlines(keepends=True)[:-1])),
    "append a blank line": altered(lambda data: data + b"\n"),
    "append the last line": altered(lambda data: data + data.splitlines(keepends=True)[-1]),
    "swap with another file": swapped,
    "CRLF": altered(lambda data: data.replace(b"\n", b"\r\n")),
    "byte-order mark": altered(lambda data: b"\xef\xbb\xbf" + data),
    "delete": deleted,
    "copy beside it": moved(lambda path: path.with_name(f"copy-of-{path.name}"), keep=True),
    "rename": moved(lambda path: path.with_name(f"{path.name}.old")),
    "rename to a hidden file": moved(lambda path: path.with_name(f"..{path.name}")),
    "change of case in the name": moved(lambda path: path.with_name(path.name.swapcase())),
    "replace by a link": linked,
}


Line = dict[str, Any]


def values(value: Any) -> Iterator[Any]:
    """Other values of the same kind as one, most of them as good as it."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case str() if re.fullmatch(r"[0-9a-f]{64}", value):
            yield ("0" if value[0] != "0" else "1") + value[1:]
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
            yield from (value[:3] + str((int(value[3]) + 1) % 10) + value[4:], value[:-2] + "7Z")
        case str():
            yield from (value + "x", value[:-1])
        case list():
            yield from (value[:-1], [*value, *value[-1:]], value[::-1])
        case dict():
            yield from ({one: value[one] for one in value if one != gone} for gone in value)
            yield {**value, "more": "more"}
        case _:
            raise AssertionError(value)


def variants(value: Any) -> Iterator[Any]:
    """All values with one change in them, at any depth."""
    yield from values(value)
    for at in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        for other in variants(value[at]):
            changed = copy.copy(value)
            changed[at] = other
            yield changed


def chained(lines: list[Line], at: int) -> list[Line]:
    """The lines, those from `at` on bound to each other and hashed again."""
    made = list(lines)
    for number in range(at, len(lines)):
        line = {**made[number], "previous": made[number - 1]["hash"] if number else FIRST}
        made[number] = {**line, "hash": hash_of({name: line[name] for name in line if name != "hash"})}
    return made


def forgeries(ledger: bytes) -> Iterator[tuple[str, bytes]]:
    """Ledgers with one field of one line changed, each with and without a chain that is computed again."""
    lines = [json.loads(line) for line in ledger.splitlines()]
    for at, line in enumerate(lines):
        for changed in variants(line):
            others = [*lines[:at], changed, *lines[at + 1 :]]
            yield "change a field", written(others)
            yield "change a field, chain again", written(chained(others, at))


def written(lines: list[Line]) -> bytes:
    return b"".join(canonical(line) + b"\n" for line in lines)
