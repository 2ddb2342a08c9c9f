"""The tour's site: its pages on its day; every build of it, anywhere, gives the same bytes."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from jsonschema import Draft202012Validator

pytestmark = pytest.mark.slow

Build = Callable[[Path], Path]


def files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in sorted(one | other) if one.get(name) != other.get(name)]


def page(site: Path, address: str) -> str:
    return (site / address / "index.html").read_text("utf-8")


def cached(folder: Path) -> set[tuple[str, bytes]]:
    """The entries of a folder's cache: the pack each is in, and what it holds after its key and its checksum."""
    found = set()
    for name, data in files(folder / ".cache").items():
        at = 0
        while name.endswith(".pack") and at < len(data):
            end = at + 8 + int.from_bytes(data[at : at + 8], "big")
            found.add((name, data[at + 8 + 64 + 32 : end]))
            at = end
    return found


def words(html: str) -> str:
    """The text of a page, without markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html.split("<body", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


# Of small sites, test_kept_builds.py and test_record_pages.py show the same in every run.
@pytest.mark.long
def test_the_same_site_in_any_folder_with_an_empty_or_a_full_cache(
    tour_site: Path, build_tour: Build, tmp_path: Path
) -> None:
    """One was built in its folder with an empty cache, the other elsewhere with all that the first left there."""
    shutil.copytree(tour_site.parent / ".cache", tmp_path / ".cache")
    kept = cached(tmp_path)
    warm = files(build_tour(tmp_path))
    assert differing(files(tour_site), warm) == []
    assert len(warm) > 200
    assert kept
    # The states of the files of the site differ in every folder.
    made = [entry for entry in cached(tmp_path) - kept if not entry[1].startswith(b'{"changes/')]
    assert made == [], "nothing was made anew"
    kept = cached(tmp_path)
    assert differing(files(build_tour(tmp_path)), warm) == []
    assert cached(tmp_path) == kept


# Of a small site, test_record_pages.py shows the same in every run.
@pytest.mark.full
def test_a_damaged_cache_changes_nothing(tour_site: Path, build_tour: Build, tmp_path: Path) -> None:
    shutil.copytree(tour_site.parent / ".cache", tmp_path / ".cache")
    for kept in (tmp_path / ".cache").rglob("*"):
        if kept.is_file():
            kept.write_bytes(kept.read_bytes()[:-1])
    assert differing(files(tour_site), files(build_tour(tmp_path))) == []


def test_every_link_and_every_address_within_a_page_leads_somewhere(tour_site: Path) -> None:
    """Of all pages, those that MkDocs does not know of included."""
    base = "https://terms.ostrelle.example/"
    ids: dict[str, set[str]] = {}
    dead = set()
    for path in sorted(tour_site.rglob("*.html")):
        html = path.read_text("utf-8")
        name = path.relative_to(tour_site).as_posix()
        if name == "404.html":
            continue
        here = base + name.removesuffix("index.html")
        for target in re.findall(r'\shref="([^"]*)"', html):
            address = urlsplit(urljoin(here, unescape(target)))
            if address.netloc != urlsplit(base).netloc or address.scheme not in ("http", "https"):
                continue
            file = address.path.lstrip("/")
            file = f"{file}index.html" if file.endswith("/") or not file else file
            if not (tour_site / file).is_file():
                dead.add((name, target))
            elif address.fragment and file.endswith(".html"):
                if file not in ids:
                    ids[file] = set(re.findall(r'\s(?:id|name)="([^"]*)"', (tour_site / file).read_text("utf-8")))
                if unescape(address.fragment) not in ids[file]:
                    dead.add((name, target))
    assert sorted(dead) == []


ON_PAGES = {
    "agreement": [
        "Announced. Version 11 takes effect on 4 January 2027",
        "Version 10 · in force since 26 October 2026",
        "10, posted 22 September 2026, 10:00 UTC",
        "What Ostrelle Provides",
        "as far as the breach requires",
    ],
    "models": [
        "Version 8 takes effect on 15 December 2026",
        "Grebe Image 1",
        "available Announced , effective 15 December 2026 : Heron 2 70B is advised against from 15 December 2026 on "
        "and will be retired on 1 March 2027 Deprecated from:",
    ],
    "terms/data-processing": [
        "In force since 4 November 2026",
        "Skerry Vault Ltd.",
        "Merrow Data Security Act of 2025, section 19",
        "Merrow Data Security Act of 2025, section 12",
        "Subprocessors: Changes of Subprocessors",
        "Reports of admitted examiners are accepted by the insurers and banks among our customers",
        "6, posted 20 October 2026, 11:30 UTC",
    ],
    "subprocessors": [
        "Version 4 takes effect on 5 December 2026",
        "Companies that see what customers write to the support of Corvane.",
        "Tern Desk Ltd.",
        "19 Rope Walk, Port Sallow",
        "17 November 2025",
    ],
    "changes/entry.56": [
        "Editorial: wording, not meaning Not material",
        "Only columns for information changed; such changes are posted without a note.",
        "Tern Desk Ltd. Address 4 Customs Quay, Port Sallow 19 Rope Walk, Port Sallow",
    ],
    "changes/lantern-words": [
        "Several customers objected to Shoal Words Ltd.",
        "Lantern Words in place of Shoal Words",
        "Lantern Words Ltd. (added) Last day to object: 1 December 2026 Sub-processor Lantern Words Ltd.",
        "Start 5 December 2026",
    ],
    "terms/acceptable-use": ["Until version 1, these labels referred to other text: (b), (c), (d), (e), (f)."],
    "terms/service-specific": ["used for 12 months", "The call is made by the Application"],
    "terms/service-levels": ["99.5 percent", "In force since 15 September 2026"],
    "acceptable-use": ["This document is now at https://terms.ostrelle.example/terms/acceptable-use/"],
    "terms/preview": ["This document has not been in force since 23 June 2026, 09:00 UTC"],
    "preview/versions": ["Preview Programme Terms: all versions"],
    "changes": [
        "Announced On 20 November 2026, these changes were posted but not yet in effect.",
        "Heron 2 70B is advised against from 15 December 2026 on",
        "We are liable for at least 5,000 crowns a year",
    ],
    "changes/echo-attack": ["Version 3 withdrawn from 12 June 2026, 21:40 UTC", "Why it was posted as an emergency"],
    "changes/prices-january-2026": ["0.60 crowns per thousand tokens", "They are per million tokens"],
    "changes/batches": [
        "Notice period: posted 12 January 2026, 09:00 UTC + 30 days = not before 11 February 2026, 09:00 UTC",
    ],
    "changes/files-kept-twelve-months": ["no file was deleted", "Version 3"],
    "changes/incidents-within-48-hours": ["Law requires the change", "Merrow Data Security Act of 2025, section 12"],
    "copyright/versions/1": ["[Redacted on 2026-09-29: order of the court of Port Sallow of 25 September 2026]"],
    "service-specific/versions": ["withdrawn", "version 4"],
}


@pytest.mark.parametrize("address", ON_PAGES)
def test_what_a_page_says(tour_site: Path, address: str) -> None:
    shown = words(page(tour_site, address)).casefold()
    assert [text for text in ON_PAGES[address] if text.casefold() not in shown] == []


MARKS = {
    "agreement": [
        "Changed in version 9, 15 September 2026: Quillmere Systems Ltd. will be",
        "New in version 4, 16 February 2026",
    ],
    "models": ["New in version 7, 6 October 2026: Grebe Image 1 makes pictures"],
    "terms/acceptable-use": ["New in version 2, "],
}


@pytest.mark.parametrize("address", MARKS)
def test_marks_beside_clauses_have_the_day_and_the_title_of_the_change(tour_site: Path, address: str) -> None:
    names = re.findall(r'<p class="eg-changed"[^>]*><a [^>]*aria-label="([^"]*)"', page(tour_site, address))
    assert [mark for mark in MARKS[address] if not any(name.startswith(mark) for name in names)] == []


NOT_ON_PAGES = {
    "agreement": ["5,000 crowns", "Quillmere", "Trial Credit"],
    "models": ["Sparrow 1 8B"],
    "terms/data-processing": ["72 hours", "Tessel Mail"],
    "terms/acceptable-use": ["Echo Attack"],
}


@pytest.mark.parametrize("address", NOT_ON_PAGES)
def test_what_a_page_does_not_say(tour_site: Path, address: str) -> None:
    document = page(tour_site, address).split('<details class="eg-change"')[0]
    assert [out for out in NOT_ON_PAGES[address] if out in words(document)] == []


EARLIER = [
    ("agreement", "information-for-end-users"),
    ("agreement", "trial-credit"),
    ("agreement", "opening.quillmere"),
    ("agreement", "what-quillmere-provides"),
    ("models", "sparrow-1-8b"),
]


@pytest.mark.parametrize(("address", "anchor"), EARLIER)
def test_an_address_that_was_published_still_leads_there(tour_site: Path, address: str, anchor: str) -> None:
    assert f'id="{anchor}"' in page(tour_site, address)


def test_no_file_of_the_site_has_the_words_that_were_redacted(tour_site: Path) -> None:
    assert [name for name, data in files(tour_site).items() if b"Varndell" in data or b"Netmakers" in data] == []


def test_the_files_of_a_register_have_what_its_source_says(tour_site: Path) -> None:
    found = json.loads((tour_site / "subprocessors/subprocessors.json").read_bytes())
    schema = json.loads((tour_site / "subprocessors/subprocessors.schema.json").read_bytes())
    Draft202012Validator(schema).validate(found)
    with (tour_site / "subprocessors/subprocessors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{key: value for key, value in row.items() if value} for row in rows] == found["rows"]
    assert [row["id"] for row in rows] == ["tern-desk", "gannet-mail"]


def test_programs_can_read_what_is_to_come(tour_site: Path) -> None:
    coming = json.loads((tour_site / "upcoming.json").read_bytes())["announced"]
    assert [(one["document"], one["effective"]) for one in coming] == [
        ("subprocessors", "2026-12-05T00:00:00Z"),
        ("models", "2026-12-15T00:00:00Z"),
        ("pricing", "2026-12-15T00:00:00Z"),
        ("agreement", "2027-01-04T00:00:00Z"),
    ]


def test_feeds_keep_their_ids_though_the_provider_and_the_site_have_another_name(tour_site: Path) -> None:
    feed = json.loads((tour_site / "feeds/changes.json").read_bytes())
    assert len(feed["items"]) > 30
    assert {item["id"].split(":")[1] for item in feed["items"]} == {"terms.quillmere.example,2025"}


def test_what_is_announced_is_not_searched(tour_site: Path) -> None:
    """Its summary is, with the change."""
    entries = json.loads((tour_site / "search/search_index.json").read_bytes())["docs"]
    texts = " ".join(one["text"] for one in entries if not one["location"].startswith("changes/"))
    assert "5,000 crowns" not in texts
    assert "at least 99.5 percent" in texts
