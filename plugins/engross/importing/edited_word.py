"""Merges a Word file that Engross exported, and that somebody edited, back into the Markdown source.

The file says from which text it was exported. That text is exported again and read back, so that the edited file is
compared with what the export really looked like: what the export or the import simplifies is no change. The changes are
carried over to the text (`carry_over`), and from there to the text in the docs, if that has changed since (`merge`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engross.common import EngrossError, error
from engross.exporting import DOCUMENT, SOURCE_HASH, VERSION, Copy, docx_bytes
from engross.importing.carry_over import CarriedOver, Sided, carry_over
from engross.importing.markdown_writer import write_markdown
from engross.importing.values import RULE, Choices, Reading
from engross.importing.word.package import open_word
from engross.importing.word.reader import read_word
from engross.importing.word_check import document_words
from engross.model import Clause, Diagnostic, Source
from engross.redline import Clash, UnitReader, merge
from engross.text import decode, parse

Read = Callable[[Source], Clause]
"""Reads a text of the document into its tree."""
_LEAST_SHARED = 0.3
"""The share of the words that a file without a name must have in common with the document."""
_BOM = b"\xef\xbb\xbf"
_PROPERTIES = "docProps/custom.xml"


@dataclass(frozen=True)
class Origin:
    """What a Word file says of the text it was exported from; all parts are empty if it says nothing."""

    document: str = ""
    version: str = ""
    source: str = ""


@dataclass(frozen=True)
class Edited:
    """The text in the docs with the changes of the Word file, as bytes.

    `touched` are the clauses that the file changes: label and line in the text. `untracked` are the labels of clauses
    that were changed without tracking. `review` is Markdown with the authors and comments.
    """

    data: bytes
    touched: tuple[tuple[str, int], ...]
    untracked: tuple[str, ...] = ()
    review: str = ""
    remarks: tuple[str, ...] = ()


def origin_of(data: bytes, name: str) -> Origin:
    """Return what a Word file says of its origin. Raises EngrossError if it is not a Word file, or damaged."""
    package = open_word(data, name)
    root = package.tree(_PROPERTIES)
    found = {one.get("name", ""): "".join(one.itertext()) for one in root} if root is not None else {}
    return Origin(*(found.get(key, "") for key in (DOCUMENT, VERSION, SOURCE_HASH)))


def merge_edited(
    data: bytes, name: str, base: Copy, current: Source, read: Read, *, tracked: str, known: bool
) -> Edited:
    """Return the text in the docs, `current`, with the changes that a Word file makes to the text of `base`.

    `tracked` is what becomes of tracked changes, as in `Choices`. `known` is whether the file says that it was exported
    from `base`. `read` reads texts of the document.

    Raises EngrossError if the file is damaged, has changes and `tracked` is empty, is of another text, or conflicts
    with the text in the docs: each conflict with its clause and line.
    """
    source = base.parts[0].document.source
    assert source is not None
    ours = source, read(source)
    was = _sided(read_word(docx_bytes(base), name, Choices()), name)
    reading = read_word(data, name, Choices(tracked))
    now = _sided(reading, name)
    if not known and _shared(was, now) < _LEAST_SHARED:
        raise EngrossError([error(RULE, name, 0, 0, _OTHER_TEXT.format(source.path))])
    result = carry_over(ours, was, now) if now[0].text != was[0].text else CarriedOver(_exact(source))
    made = decode(result.text.encode("utf-8"), current.path)
    _check_words(ours, was, now, (made, read(made)), name)
    if current.text != source.text:
        result = _merged(source, current, made, result, read)
    untracked = _untracked(data, name, was) if tracked and known else ()
    remarks = tuple(
        str(remark.message) for remark in reading.remarks if not remark.message.startswith(("the header", "the footer"))
    )
    return Edited(_bytes(result.text, current), result.touched, untracked, reading.review, remarks)


_OTHER_TEXT = (
    "it has hardly a word in common with {}; name the document that it is an edited copy of, or import it as a new "
    "document with --into"
)


def _exact(source: Source) -> str:
    """Return a text with its own line ends."""
    return source.data.decode("utf-8-sig") if source.data else source.text


def _bytes(text: str, current: Source) -> bytes:
    """Return a text with the line ends and the byte-order mark of the text in the docs."""
    data = text.encode("utf-8")
    if b"\r\n" in current.data and b"\n" not in current.data.replace(b"\r\n", b""):
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return _BOM + data if current.data.startswith(_BOM) else data


def _sided(reading: Reading, name: str) -> Sided:
    source = decode(write_markdown(reading.blocks).markdown.encode("utf-8"), name)
    return source, parse(source)


def _shared(was: Sided, now: Sided) -> float:
    """Return the share of the words of a text that are in clauses which another text has as well."""
    reader = UnitReader()
    old, new = reader.read(*was), reader.read(*now)
    pairs = reader.pair(old, new).all
    words = sum(len(unit.words) for unit in old.units)
    return sum(len(old.units[at].words) for at in pairs) / words if words else 1.0


def _check_words(ours: Sided, was: Sided, now: Sided, made: Sided, name: str) -> None:
    """Raise EngrossError unless the result has the words of the edited file, in order."""
    if document_words(ours[1]) != document_words(was[1]):
        # The import reads the export differently, so that the words cannot be compared one by one.
        return
    expected, found = document_words(now[1]), document_words(made[1])
    if expected == found:
        return
    at = next((at for at, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), len(found))
    words = " ".join(expected[max(0, at - 6) : at + 6])
    message = f"the changes cannot be carried over to the text at “… {words} …”; make them there by hand"
    raise EngrossError([error(RULE, name, 0, 0, message)])


def _merged(base: Source, current: Source, fix: Source, result: CarriedOver, read: Read) -> CarriedOver:
    """Return the text in the docs with the changes. Raises EngrossError with all conflicts."""
    merged = merge(base, current, fix, read)
    if merged.clashes:
        raise EngrossError([_conflict(clash, current) for clash in merged.clashes])
    text = merged.data.decode("utf-8-sig")
    return CarriedOver(text, tuple((label, 0) for label, _ in result.touched))


def _conflict(clash: Clash, current: Source) -> Diagnostic:
    why = clash.why.replace("the announced text", "the text in the docs").replace("the fix", "the Word file")
    there = clash.other.replace("\r\n", "\n")
    at = current.text.find(there) if there else -1
    line, column = current.position(at) if at >= 0 else (0, 0)
    message = f"{clash.label}: {why}; in Word: “{_shown(clash.fix)}”; in the docs: “{_shown(clash.other)}”"
    return error(RULE, current.path, line, column, message)


def _shown(text: str) -> str:
    return " ".join(text.split()) or "nothing"


def _untracked(data: bytes, name: str, was: Sided) -> tuple[str, ...]:
    """Return the labels of clauses that differ from the export although all tracked changes are rejected."""
    before = _sided(read_word(data, name, Choices("reject")), name)
    return tuple(label for label, _ in carry_over(was, was, before).touched)
