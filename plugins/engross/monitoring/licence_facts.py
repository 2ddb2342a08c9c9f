"""Writes what was retrieved of a licence into the list of models: the day, the hash, and the published copy.

Only these values are written, at their places; every other byte of the file stays. The new text is read again before it
replaces the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engross.common import EngrossError, error
from engross.corpus import Catalogue, YamlFile, model_facts, read_catalogue
from engross.model import Source

Facts = Mapping[str, str]
"""Values by key of `eula`: `retrieved`, `sha256` and, where a copy is published, `copy`."""


def with_facts(catalogue: Catalogue, facts: Mapping[int, Facts]) -> bytes:
    """Return the bytes of a list with facts of licences, by the index of the model.

    Raises EngrossError with the lines to write by hand if the form of the file does not allow to write them.
    """
    source = catalogue.file.source
    edits = [edit for index, values in facts.items() for edit in _edits(catalogue.file, index, values)]
    text = source.text
    for start, end, words in sorted(edits, reverse=True):
        text = f"{text[:start]}{words}{text[end:]}"
    data = text.encode()
    if not _reads_so(catalogue, replace(source, text=text, data=data), facts):
        lines = "\n".join(
            f"{catalogue.models[index].id}: {', '.join(f'{key}: {value}' for key, value in values.items())}"
            for index, values in facts.items()
        )
        message = "the facts of licences cannot be written into this file; write them below eula by hand"
        raise EngrossError([error("schema", source.path, 0, 0, message, fix=lines)])
    return _as_before(source.data, data)


def _edits(file: YamlFile, index: int, values: Facts) -> list[tuple[int, int, str]]:
    """The edits for a model: present values are replaced, others follow `spdx`, in the form of the mapping."""
    path = ("models", index, "eula")
    edits, added = [], []
    for key, value in values.items():
        if node := file.node((*path, key)):
            edits.append((node.start, node.end, value))
        else:
            added.append(f"{key}: {value}")
    if added:
        first = file.node((*path, "spdx"))
        assert first is not None
        line, column = file.key_place((*path, "spdx"))
        begin = file.source.offset(line)
        before = file.source.text[begin : begin + column - 1]
        if before.strip():
            edits.append((first.end, first.end, "".join(f", {one}" for one in added)))
        else:
            end = file.source.text.find("\n", first.end)
            end = len(file.source.text) if end < 0 else end
            edits.append((end, end, "".join(f"\n{before}{one}" for one in added)))
    return edits


def _reads_so(catalogue: Catalogue, source: Source, facts: Mapping[int, Facts]) -> bool:
    """Whether a text reads as the list with these facts, and says the same otherwise."""
    try:
        read = read_catalogue(source)
    except EngrossError:
        return False
    for index, (old, new) in enumerate(zip(catalogue.models, read.models, strict=True)):
        wanted = model_facts(old)
        wanted["eula"] = {**wanted["eula"], **facts.get(index, {})}
        if model_facts(new) != wanted:
            return False
    return (catalogue.note, catalogue.illustrative) == (read.note, read.illustrative)


def _as_before(old: bytes, new: bytes) -> bytes:
    """The bytes with the line ends and the byte-order mark that the file had."""
    mark = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
    return mark + (new.replace(b"\n", b"\r\n") if b"\r\n" in old else new)
