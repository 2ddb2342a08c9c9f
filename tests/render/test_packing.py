"""Downloads of older versions in yearly files: nothing is lost, and each old address leads to the file that has it."""

import json
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engross.common import Cache, EngrossError
from engross.corpus import ui_strings
from engross.exporting import Judge, Match, read_kept
from engross.model import Version
from engross.record import open_record
from engross.render import Archive, Offer, SealedTexts, Site
from engross.render.archive.packing import write_redirects
from engross.render.templates import environment, templates_hash

TOUR = Path(__file__).parents[2] / "examples/tour/record"
OFFERS = (("html", ".html"), ("pdf", ".pdf"))
JANUARY, FEBRUARY = datetime(2026, 1, 25, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC)


def pdf(_: SealedTexts, version: Version) -> bytes:
    return f"PDF of {version.id}".encode()


def redline_pdf(_: SealedTexts, old: Version, new: Version) -> bytes:
    return f"PDF of {old.id} to {new.id}".encode()


def publish(folder: Path, cache: Path, *, packs: bool, at: datetime = JANUARY) -> dict[str, bytes]:
    """The files of the tour's record as it was known at an instant."""
    record = open_record(TOUR).as_known(at)
    url = "https://example.com/terms/"
    words, zone = ui_strings("en", None), ZoneInfo("UTC")
    site = Site(
        environment(), words, "en", "Tour", zone, "style.css", url=url, offers=OFFERS, redline_offers=OFFERS[1:]
    )
    offers = (Offer(".pdf", "1", pdf, redline_pdf),)
    Archive(record, at, site, "", templates_hash(None), offers=offers, packs=packs).publish(folder, Cache(cache))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(data: dict[str, bytes], name: str, folder: Path) -> dict[str, bytes]:
    path = folder / "x.zip"
    path.write_bytes(data[name])
    with zipfile.ZipFile(path) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The same record, with its downloads in files of their own, and packed."""
    folder = tmp_path_factory.mktemp("packed")
    return (
        publish(folder / "plain", folder / "cache", packs=False),
        publish(folder / "packed", folder / "cache", packs=True),
    )


def test_every_download_is_at_its_address_or_in_the_file_that_a_redirect_leads_to(
    sites: tuple[dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    plain, packed = sites
    lines = [line.split(" ") for line in packed["_redirects"].decode().splitlines() if line.startswith("/")]
    assert {status for _, _, status in lines} == {"302"}
    led = {old.removeprefix("/terms/"): new.removeprefix("/terms/") for old, new, _ in lines}
    assert "agreement/versions/2.html" in led
    assert "agreement/versions/2/from-1.pdf" in led
    assert led.keys() == plain.keys() - packed.keys()
    for name, file in led.items():
        document, _, inner = name.partition("/versions/")
        assert file == f"{document}/versions/downloads-2025.zip"
        assert unpacked(packed, file, tmp_path)[inner] == plain[name]


def test_what_is_in_force_and_what_proves_a_text_keep_their_own_files(
    sites: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    plain, packed = sites
    assert all(name in packed for name in plain if name.endswith((".md", ".yml", ".json", "/index.html")))
    # Version 1 of the one was posted in 2025 and is in force; version 4 of the other was posted in 2026.
    assert packed["copyright/versions/1.html"] == plain["copyright/versions/1.html"]
    assert packed["agreement/versions/4.html"] == plain["agreement/versions/4.html"]
    assert packed["record/hashes.json"] == plain["record/hashes.json"]
    assert json.loads(packed["record/hashes.json"])["documents"]["agreement"]["files"][".pdf"].count("-") == 0


def test_the_list_leads_to_the_packed_downloads(sites: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    html = sites[1]["agreement/versions/index.html"].decode()
    row = html.partition('id="v2"')[2].partition("</tr>")[0]
    assert "agreement/versions/downloads-2025.zip" in row
    assert "versions/2.html" not in row
    assert "versions/2.md" in row


def test_packed_files_are_the_same_from_build_to_build_and_stay_when_more_is_posted(
    sites: tuple[dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    cold = publish(tmp_path / "cold", tmp_path / "other", packs=True)
    assert cold == sites[1]
    assert publish(tmp_path / "warm", tmp_path / "other", packs=True) == cold
    later = publish(tmp_path / "later", tmp_path / "other", packs=True, at=FEBRUARY)
    assert later == publish(tmp_path / "again", tmp_path / "empty", packs=True, at=FEBRUARY)
    file = "agreement/versions/downloads-2025.zip"
    assert "data-processing/versions/2/index.html" in later
    assert later[file] == cold[file]


def test_what_is_damaged_with_its_size_and_time_kept_is_packed_as_made(
    sites: tuple[dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    """A file that is replaced may get the number of the one before, too."""
    address = "agreement/versions/downloads-2025.zip"
    publish(tmp_path / "before", tmp_path / "cache", packs=True)
    damaged = 0
    for path in [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]:
        data, status = path.read_bytes(), path.stat()
        if data == sites[1][address]:
            path.unlink()
        elif data.startswith(b"PDF") and status.st_nlink == 1:
            path.write_bytes(data[::-1])
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            damaged += 1
    assert damaged > 1
    for name in ("again", "and again"):
        assert publish(tmp_path / name, tmp_path / "cache", packs=True) == sites[1]


def test_the_redirects_of_the_site_itself_stay_and_come_first(tmp_path: Path) -> None:
    (tmp_path / "_redirects").write_text("/old /new 301", "utf-8")
    for line in ("/a /b 302\n", "/c /d 302\n"):
        write_redirects(tmp_path, [line])
    lines = (tmp_path / "_redirects").read_text("utf-8").splitlines()
    assert lines == ["/old /new 301", lines[1], "/c /d 302", lines[3]]
    theirs = "/alt /tür 301\r\n".encode("latin-1")
    (tmp_path / "_redirects").write_bytes(theirs)
    for line in ("/a /b 302\n", "/c /d 302\n"):
        write_redirects(tmp_path, [line])
    data = (tmp_path / "_redirects").read_bytes()
    assert data.startswith(theirs)
    assert data.count(b"\n") == 4


def test_a_packed_file_itself_is_not_verified_but_says_what_to_do(
    sites: tuple[dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    name, data = "agreement/versions/downloads-2025.zip", sites[1]
    path = tmp_path / "downloads-2025.zip"
    path.write_bytes(data[name])
    with pytest.raises(EngrossError, match="unpack it and name the files in it"):
        read_kept(path)
    copy = tmp_path / "2.html"
    copy.write_bytes(unpacked(data, name, tmp_path)["2.html"])
    (kept,) = read_kept(copy)
    (verdict,) = Judge(open_record(TOUR), JANUARY).judge(kept)
    assert verdict.match is Match.SAME_WORDS
    assert verdict.version
    assert str(verdict.version.id) == "agreement@2"
