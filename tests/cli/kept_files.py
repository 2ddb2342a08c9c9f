"""Files of versions as readers keep them, and what `engross verify FILE` prints about them."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from cli_play import Play, engross
from click.testing import Result

from engross.corpus import ui_strings
from engross.exporting import ExportSite, version_copy
from engross.exporting.word.clean_copy import docx_bytes
from engross.model import VersionId
from engross.render import SealedTexts, Site, environment
from engross.render.archive.versions import version_pages

WORDS = ui_strings("en")
SITE = Site(environment(), WORDS, "en", "Test", ZoneInfo("UTC"), "", url="https://example.com/")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def version(play: Play, number: int, document: str = "agreement"):
    return play.record.version(VersionId(document, number))


def pages(play: Play, number: int, document: str = "agreement") -> dict[str, bytes]:
    """The files that a site has of a version, by ending."""
    made = version_pages(SealedTexts(play.record), version(play, number, document), SITE, "").files
    return {name.rpartition(f"/{number}")[2]: data for name, data in made.items()}


def keep(name: str, data: bytes | str) -> str:
    Path(name).write_bytes(data.encode() if isinstance(data, str) else data)
    return name


def verified(*files: str) -> tuple[int, list[dict]]:
    result = engross("verify", *files, "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    return result.exit_code, json.loads(result.stdout)["files"]


def one(name: str) -> dict:
    status, (found,) = verified(name)
    assert (status == 0) is found["confirmed"]
    return found


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind: str, target: str) -> str:
    return f'<Relationship Id="x{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def refused(name: str) -> str:
    result: Result = engross("verify", name)
    assert result.exit_code == 2
    assert not result.stdout
    return result.stderr


def exported(play: Play, number: int = 1, document: str = "agreement") -> bytes:
    return docx_bytes(version_copy(SealedTexts(play.record), version(play, number, document), ExportSite(SITE)))


def edited(data: bytes, part: str, old: str, new: str, **more: str) -> str:
    """A Word file with a change in one part, and with more parts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new, 1).encode()
    with zipfile.ZipFile("edited.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **{name: text.encode() for name, text in more.items()}}.items():
            archive.writestr(name, content)
    return "edited.docx"


DOCUMENT, RELATED = "word/document.xml", "word/_rels/document.xml.rels"
