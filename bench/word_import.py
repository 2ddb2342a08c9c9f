"""The import of a Word file of 100,000 words with automatic numbers, the word check included."""

import io
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from bench.corpus_maker import make_pages
from bench.figures import Figure, at_most
from engross.importing import Choices, import_source

WORDS = 100_000
TARGET_SECONDS = 5.0
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LEVELS = (("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"))


def run() -> list[Figure]:
    """The CPU seconds of the import, and the words that it lost: there must be none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "agreement.docx"
        path.write_bytes(word_file(WORDS))
        began = time.process_time()
        report = import_source(path, "agreement", Choices()).report
        seconds = time.process_time() - began
    lost = sum(len(one.lost.split()) for one in report.differences)
    return [
        at_most(f"import of a Word file of {report.words:,} words", seconds, TARGET_SECONDS, "s"),
        at_most("words of it that are lost", lost, 0),
    ]


def word_file(words: int) -> bytes:
    """A Word file with so many words: each paragraph of generated contracts is an automatically numbered one."""
    body = "".join(_paragraphs(words))
    document = f'<w:document xmlns:w="{_MAIN}"><w:body>{body}</w:body></w:document>'
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(_LEVELS)
    )
    lists = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    lists += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbering = f'<w:numbering xmlns:w="{_MAIN}">{lists}</w:numbering>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relationship("officeDocument", "word/document.xml"))
        archive.writestr("word/_rels/document.xml.rels", _relationship("numbering", "numbering.xml"))
        archive.writestr("word/numbering.xml", numbering)
        archive.writestr("word/document.xml", document)
    return buffer.getvalue()


def _paragraphs(words: int) -> Iterator[str]:
    count = 0
    for page in make_pages(words // 2_000):
        for at, line in enumerate(line for line in page.markdown.splitlines() if line.strip()):
            if count >= words:
                return
            count += len(line.split())
            number = f'<w:numPr><w:ilvl w:val="{at % 3}"/><w:numId w:val="1"/></w:numPr>'
            yield f"<w:p><w:pPr>{number}</w:pPr><w:r><w:t>{escape(line.strip('#*- '))}</w:t></w:r></w:p>"


def _relationship(kind: str, target: str) -> str:
    inner = f'<Relationship Id="r1" Type="{_RELATED}/{kind}" Target="{target}"/>'
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )
