"""PDF files of versions, drafts, sets and redlines, set by Typst: tagged, PDF/UA-1 and PDF/A-3a, with the source.

The templates in `templates/pdf/` read all text as data (`pdf_content`). Only the fonts inside the package typst are
used, and no package or file of the network or the system, so that one input gives the same bytes everywhere.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import engross.common.lazy_re as re
from engross.common import EngrossError, code_point, error
from engross.corpus import labelled_rows, shipped_templates
from engross.exporting.copies import Copy, Front, Part, RedlineCopy
from engross.exporting.pdf_content import Composer, Pages
from engross.exporting.pdf_redline import redline_data
from engross.language import direction
from engross.model import Clause, Diagnostic
from engross.redline import Redline

_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
_MOST_MISSING = 10


def pdf_bytes(copy: Copy) -> bytes:
    """Return a copy as PDF. Raises EngrossError, with the clause, for a character that no font has."""
    parts = tuple(_shown(part, copy.words) for part in copy.parts)
    pages, documents = Pages(), [part.document.id for part in parts]
    content = [_part(part, documents, pages, copy) for part in parts]
    pages.close()
    sources = {part.file_name: part.document.source.data for part in parts if part.document.source}
    data = {**_shared(copy), "parts": content, "attached": _attached(parts), "several": copy.set is not None}
    data["left-out"] = [list(one) for one in copy.left_out]
    try:
        return _compiled("document.typ", data, {**pages.pictures, **sources}, copy)
    except _MissingGlyphsError as missing:
        raise EngrossError(_missing_characters(missing.characters, parts)) from None
    except EngrossError:
        if broken := [pages.places[name] for name, data in pages.pictures.items() if not _is_picture(name, data)]:
            raise EngrossError(broken) from None
        raise


def _is_picture(name: str, data: bytes) -> bool:
    """Return whether Typst can read a picture, set alone."""
    import typst

    with tempfile.TemporaryDirectory(prefix="engross-") as folder:
        main = Path(folder) / "main.typ"
        main.write_text(f'#image("{name}")', encoding="utf-8")
        main.with_name(name).write_bytes(data)
        try:
            typst.compile(main, root=main.parent, ignore_system_fonts=True)
        except typst.TypstError:
            return False
    return True


def redline_pdf_bytes(copy: RedlineCopy) -> bytes:
    """Return a redline as PDF. Raises EngrossError for a character that no font has."""
    data = {**_shared(copy), **redline_data(copy.script, copy.words)}
    try:
        return _compiled("redline.typ", data, {}, copy)
    except _MissingGlyphsError as missing:
        found = [_missing_in_redline(character, copy.script) for character in missing.characters[:_MOST_MISSING]]
        raise EngrossError(found) from None


def _missing_in_redline(character: str, script: Redline) -> Diagnostic:
    message = _NO_GLYPH.format(character, code_point(character))
    for block in (inner for outer in script.blocks for inner in outer.walk()):
        if any(character in run.text for run in block.runs):
            path = script.new if block.new else script.old
            return error("font", path, block.face.lines[0], 0, message, clause=block.face.label)
    return error("font", script.new, 0, 0, message)


def _shown(part: Part, words: Mapping[str, str]) -> Part:
    """Return a part with the facts of a list of models called as pages call them."""
    if not part.document.entry.kind.has_rows or part.document.verbatim:
        return part
    return replace(
        part, document=replace(part.document, root=labelled_rows(part.document.entry, part.document.root, words))
    )


def _shared(copy: Copy | RedlineCopy) -> dict[str, Any]:
    language, _, rest = copy.language.partition("-")
    region = next((one for one in rest.split("-") if len(one) == 2 and one.isalpha()), "")
    return {
        "front": _front(copy.front),
        "lang": language.lower() if 2 <= len(language) <= 3 else "en",
        "region": region.upper(),
        "dir": direction(copy.language),
        "author": copy.publisher if isinstance(copy, Copy) else copy.author,
        "publisher": copy.publisher if isinstance(copy, Copy) else "",
        "address": copy.address if isinstance(copy, Copy) else "",
        "proof": copy.words["paper_hash"].format(hash=copy.front.hash) if copy.front.hash else "",
        "words": {key: copy.words[key] for key in _WORDS},
    }


_WORDS = (
    "contents", "paper_page", "paper_of", "verify", "archive_verbatim", "export_elsewhere",
)  # fmt: skip


def _front(front: Front) -> dict[str, Any]:
    facts = [list(fact) for fact in front.facts]
    return {
        "kind": front.kind, "title": front.title, "running": front.running, "sets": list(front.sets),
        "standing": list(front.standing), "facts": facts,
    }  # fmt: skip


def _part(part: Part, documents: list[str], pages: Pages, copy: Copy) -> dict[str, Any]:
    composer = Composer(part, documents, pages, copy.words)
    unsealed = copy.words["archive_unsealed"].format(paths=", ".join(part.missing)) if part.missing else ""
    return {
        "anchor": _document_anchor(part, pages),
        "front": _front(part.front),
        "blocks": composer.blocks(),
        "verify": list(part.verify),
        "verbatim": part.document.verbatim,
        "unsealed": unsealed,
    }


def _document_anchor(part: Part, pages: Pages) -> str:
    label = f"{part.document.id}#"
    pages.anchors.add(label)
    return label


def _attached(parts: tuple[Part, ...]) -> list[list[str]]:
    """The sources as they are attached: name, media type, and what they are."""
    kinds = {".md": "text/markdown", ".yml": "application/yaml", ".yaml": "application/yaml"}
    return [
        [part.file_name, kinds.get(Path(part.file_name).suffix, "text/plain"), part.front.running]
        for part in parts
        if part.document.source
    ]


class _MissingGlyphsError(Exception):
    """Characters that no font has."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(characters)
        self.characters = characters


def _compiled(template: str, data: dict[str, Any], files: Mapping[str, bytes], copy: Copy | RedlineCopy) -> bytes:
    import typst  # it takes 80 MB, and only PDF files need it

    with tempfile.TemporaryDirectory(prefix="engross-") as name:
        folder = Path(name)
        for path in (shipped_templates() / "pdf").glob("*.typ"):
            (folder / path.name).write_bytes(path.read_bytes())
        for file, content in files.items():
            (folder / file).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            made = typst.compile(
                folder / template, root=folder, ignore_system_fonts=True, format="pdf", timestamp=copy.at,
                pdf_standards=["a-3a", "ua-1"],
            )  # fmt: skip
        except typst.TypstError as failure:
            if characters := list(_missing(failure.diagnostic)):
                raise _MissingGlyphsError(characters) from None
            raise EngrossError([error("pdf", copy.front.running, 0, 0, _REFUSED.format(failure.message))]) from None
    assert isinstance(made, bytes)
    return made


_REFUSED = "Typst cannot set this text as PDF: {}"
_NO_GLYPH = (
    "the character {} ({}) is in no font that PDF files can use (Latin, Greek, Cyrillic, Hebrew and Arabic letters); "
    "replace it, or export another format"
)


def _missing(diagnostic: str) -> Iterator[str]:
    """Yield the characters that Typst could not display, each once."""
    found = (_unescaped(text) for text in _MISSING.findall(diagnostic))
    yield from dict.fromkeys(character for text in found for character in text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)


def _missing_characters(characters: list[str], parts: tuple[Part, ...]) -> list[Diagnostic]:
    """The findings for characters that no font has, each with its first place."""
    return [_missing_character(character, parts) for character in characters[:_MOST_MISSING]]


def _missing_character(character: str, parts: tuple[Part, ...]) -> Diagnostic:
    message = _NO_GLYPH.format(character, code_point(character))
    for part in parts:
        for clause in part.document.root.walk():
            at = clause.inline.text.find(character)
            if at >= 0:
                return _at_clause(part, clause, at, message)
    return error("font", parts[0].document.entry.title, 0, 0, message)


def _at_clause(part: Part, clause: Clause, at: int, message: str) -> Diagnostic:
    source = part.document.source
    assert source is not None
    line, column = source.position(clause.inline.source_offset(at))
    return error("font", source.path, line, column, message, clause=clause.label)
