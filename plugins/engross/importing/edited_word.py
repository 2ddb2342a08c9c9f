"""Merges a Word file that Engross exported, and that somebody edited, back into the Markdown source.

The file says from which text it was exported. That text is exported again and read back, so that the edited file is
compared with what the export really looked like: what the export or the import simplifies is no change. The changes are
carried over to the text (`carry_over`), and from there to the text in the docs, if that has changed since (`merge`).

Which clause a paragraph was, the bookmarks say that the export gave it. An import has no bookmarks. So the file is
imported once more with a sign at the end of each bookmark, and the signs are looked up in the units of that text, which
are those of the text without them.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, error, value_class
from engross.exporting import DOCUMENT, SOURCE_HASH, VERSION, Copy, docx_bytes
from engross.importing.carry_over import CarriedOver, Ids, Sided, carry_over
from engross.importing.markdown_writer import write_markdown
from engross.importing.values import RULE, WORDS_OF_LINK, Choices, Reading
from engross.importing.word.package import open_word
from engross.importing.word.reader import read_word
from engross.importing.word_check import document_words
from engross.model import Clause, Diagnostic, Source
from engross.redline import Clash, Unit, UnitReader, merge
from engross.text import decode, parse

Read = Callable[[Source], Clause]
"""Reads a text of the document into its tree."""
_LEAST_SHARED = 0.3
"""The share of the words that a file without a name must have in common with the document."""
_BOM = b"\xef\xbb\xbf"
_NO_IDS: Ids = ({}, {})
_PROPERTIES = "docProps/custom.xml"
_MAIN = "word/document.xml"
_START = re.compile(rb'<w:bookmarkStart\b(?=[^>]*\bw:name="_eg_([a-z]\d+)")(?=[^>]*\bw:id="([^"]+)")[^>]*>')
_END = re.compile(rb'<w:bookmarkEnd\b[^>]*\bw:id="([^"]+)"[^>]*>')
_SIGN = re.compile("\ue000([a-z]\\d+)\ue001")


@value_class(frozen=True)
class Origin:
    """What a Word file says of the text it was exported from; all parts are empty if it says nothing."""

    document: str = ""
    version: str = ""
    source: str = ""


@value_class(frozen=True)
class Edited:
    """The text in the docs with the changes of the Word file, as bytes.

    `touched` are the clauses that the file changes: label and line in the text; `deleted` are the labels of those that
    it does not have, `untracked` of those that were changed without tracking. `review` is Markdown with the authors and
    comments.
    """

    data: bytes
    touched: tuple[tuple[str, int], ...]
    untracked: tuple[str, ...] = ()
    review: str = ""
    remarks: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


def origin_of(data: bytes, name: str) -> Origin:
    """Return what a Word file says of its origin. Raises EngrossError if it is not a Word file, or damaged."""
    package = open_word(data, name)
    root = package.tree(_PROPERTIES)
    found = {one.get("name", ""): "".join(one.itertext()) for one in root} if root is not None else {}
    return Origin(*(found.get(key, "") for key in (DOCUMENT, VERSION, SOURCE_HASH)))


def merge_edited(
    data: bytes, name: str, base: Copy, current: Source, read: Read, *, tracked: str, known: bool, site: str = ""
) -> Edited:
    """Return the text in the docs, `current`, with the changes that a Word file makes to the text of `base`.

    `tracked` is what to do with tracked changes, as in `Choices`. `known` is whether the file says that it was exported
    from `base`. `read` reads texts of the document. `site` is the address of the site: links to it are those of the
    source, whatever address the file has for them.

    Raises EngrossError if the file is damaged, has changes and `tracked` is empty, is of another text, or conflicts
    with the text in the docs: each conflict with its clause and line.
    """
    source = base.parts[0].document.source
    assert source is not None
    ours = source, read(source)
    exported = docx_bytes(base)
    was = _sided(read_word(exported, name, Choices()), name, site)
    reading = read_word(data, name, Choices(tracked))
    now = _sided(reading, name, site)
    if not known and _shared(was, now) < _LEAST_SHARED:
        raise EngrossError([error(RULE, name, 0, 0, _OTHER_TEXT.format(source.path))])
    ids = _ids(exported, was, "", site), _ids(data, now, tracked, site)
    result, made = _carried(ours, was, now, read, name, ids)
    if current.text != source.text:
        result = _merged(source, current, made, result, read)
    untracked = _untracked(data, name, was, site) if tracked and known else ()
    remarks = tuple(
        str(remark.message) for remark in reading.remarks if not remark.message.startswith(("the header", "the footer"))
    )
    return Edited(_bytes(result.text, current), result.touched, untracked, reading.review, remarks, result.deleted)


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


def _sided(reading: Reading, name: str, site: str) -> Sided:
    blocks = _without_links(reading.blocks, site)
    source = decode(write_markdown(blocks).markdown.encode("utf-8"), name)
    return source, parse(source)


def _without_links(part: Any, site: str) -> Any:
    """Return blocks in which links to the site, and within the document, are only their words."""
    if isinstance(part, list):
        return [_without_links(one, site) for one in part]
    if not isinstance(part, dict):
        return part
    target = str(part["c"][2][0]) if part.get("t") == "Link" else ""
    if target.startswith("#") or (site and target.startswith(site)):
        return {"t": "Span", "c": [["", [WORDS_OF_LINK], []], _without_links(part["c"][1], site)]}
    return {key: _without_links(value, site) for key, value in part.items()}


def _shared(was: Sided, now: Sided) -> float:
    """Return the share of the words of a text that are in clauses which another text has as well."""
    reader = UnitReader()
    old, new = reader.read(*was), reader.read(*now)
    pairs = reader.pair(old, new).all
    words = sum(len(unit.words) for unit in old.units)
    return sum(len(old.units[at].words) for at in pairs) / words if words else 1.0


def _ids(data: bytes, sided: Sided, tracked: str, site: str) -> dict[int, str]:
    """Return the ids of the clauses of a Word file, by the index of the units of its text."""
    reader, name = UnitReader(), sided[0].path
    signed = _sided(read_word(with_signs(data), name, Choices(tracked)), name, site)
    return ids_of(reader.read(*sided).units, reader.read(*signed).units)


def _carried(ours: Sided, was: Sided, now: Sided, read: Read, name: str, ids: Ids) -> tuple[CarriedOver, Source]:
    """Return the source with the changes of the edited file; it has the words of that file, in order.

    Raises EngrossError if they cannot be carried over.
    """
    if now[0].text == was[0].text:
        return CarriedOver(_exact(ours[0])), ours[0]
    failures = []
    # What an editor did to the bookmarks may be wrong; then only the words count.
    for known, anew in ((ids, False), (ids, True), (_NO_IDS, False), (_NO_IDS, True)):
        result = carry_over(ours, was, now, ids=known, anew=anew)
        made = decode(result.text.encode("utf-8"), ours[0].path)
        failure = _failure(ours, was, now, made, read)
        if not failure:
            return result, made
        failures.append(failure)
    raise EngrossError([error(RULE, name, 0, 0, f"{failures[0]}; make these changes by hand")])


def _failure(ours: Sided, was: Sided, now: Sided, made: Source, read: Read) -> str:
    """Return why a result is not what the edited file says; empty if it is."""
    try:
        root = read(made)
    except EngrossError as failure:
        return f"the text with its changes could not be read ({failure.diagnostics[0].message})"
    if document_words(ours[1]) != document_words(was[1]):
        # The import reads the export differently, so that the words cannot be compared one by one.
        return ""
    expected, found = document_words(now[1]), document_words(root)
    at = next((at for at, pair in enumerate(zip(expected, found, strict=False)) if pair[0] != pair[1]), len(found))
    words = " ".join(expected[max(0, at - 6) : at + 6])
    return "" if expected == found else f"the changes cannot be carried over to the text at “… {words} …”"


def _merged(base: Source, current: Source, fix: Source, result: CarriedOver, read: Read) -> CarriedOver:
    """Return the text in the docs with the changes. Raises EngrossError with all conflicts."""
    merged = merge(base, current, fix, read)
    if merged.clashes:
        raise EngrossError([_conflict(clash, current) for clash in merged.clashes])
    text = merged.data.decode("utf-8-sig")
    return CarriedOver(text, tuple((label, 0) for label, _ in result.touched), result.deleted)


def _conflict(clash: Clash, current: Source) -> Diagnostic:
    why = clash.why.replace("the announced text", "the text in the docs").replace("the fix", "the Word file")
    there = clash.other.replace("\r\n", "\n")
    at = current.text.find(there) if there else -1
    line, column = current.position(at) if at >= 0 else (0, 0)
    message = f"{clash.label}: {why}; in Word: “{_shown(clash.fix)}”; in the docs: “{_shown(clash.other)}”"
    return error(RULE, current.path, line, column, message)


def _shown(text: str) -> str:
    return " ".join(text.split()) or "nothing"


def _untracked(data: bytes, name: str, was: Sided, site: str) -> tuple[str, ...]:
    """Return the labels of clauses that differ from the export although all tracked changes are rejected."""
    before = _sided(read_word(data, name, Choices("reject")), name, site)
    return tuple(label for label, _ in carry_over(was, was, before).touched)


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
