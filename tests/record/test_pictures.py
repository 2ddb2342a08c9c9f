"""Pictures are sealed with the text that shows them, and replacing one is a change."""

from contextlib import suppress
from pathlib import Path

import pytest

from engross.record.encoding import sha256
from engross.record.history import LEDGER
from engross.record.journal import Step
from engross.record.pictures import MOST_BYTES
from engross.record.sealed_files import picture_name, sealed_pictures
from engross.record.verification import verify
from engross.review.documents import read_changes

from .playing import Site, complaints, make_site, rules_of

TEXT = """\
# Rules of Use

![Flow of data](flow.png)

## Conduct

Be kind.

| See | This |
| --- | --- |
| a | ![in a table][map] |

- ![in a list](img/list%20one.svg "Title")

[map]: img/map.JPG?x=1#y
"""
OLD, NEW = b"\x89PNG old", b"\x89PNG new"
ALL = {"flow.png": OLD, "img/map.JPG": b"map", "img/list one.svg": b"<svg/>"}


def put(site: Site, name: str, data: bytes) -> None:
    path = site.folders.docs / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Rules with pictures, all posted."""
    made = make_site(tmp_path, rules=TEXT)
    for name, data in ALL.items():
        put(made, name, data)
    made.post("agreement, rules, models, pricing", slug="first")
    return made.at(1)


def test_every_local_picture_is_sealed_with_its_text(site: Site) -> None:
    record = site.record
    (version,) = record.versions["rules"]
    assert sealed_pictures(record, version) == ALL
    names = {picture_name(one) for one in version.sealed.pictures}
    assert {name for name in site.files() if name.startswith("pictures/")} == names
    assert not record.versions["agreement"][0].sealed.pictures
    assert not site.findings()


def test_a_picture_that_changed_needs_a_note(site: Site) -> None:
    put(site, "flow.png", NEW)
    (found,) = site.findings("unposted-change")
    assert found.message.startswith(
        "picture changed: flow.png differs from the one sealed with rules@1, and no change note names rules."
    )
    assert (found.line, found.column) == (3, 3)
    assert "- Rules of Use: picture changed: flow.png." in found.fix
    assert "class: substantive" in found.fix
    assert [change.pictures for change in read_changes(site.state().plan)] == [("flow.png",)]


def test_a_changed_picture_is_no_change_of_format(site: Site) -> None:
    put(site, "flow.png", NEW)
    site.note("rules", class_="format")
    (found,) = site.findings("class-mismatch")
    assert "readers can notice it: picture changed: flow.png" in found.message
    assert found.fix == "class: substantive"


@pytest.mark.parametrize("kind", ["editorial", "substantive"])
def test_a_changed_picture_is_posted_as_a_version(site: Site, kind: str) -> None:
    put(site, "flow.png", NEW)
    site.post("rules", class_=kind)
    record = site.record
    first, second = record.versions["rules"]
    assert first.sealed.text == second.sealed.text
    assert sealed_pictures(record, first) == ALL
    assert sealed_pictures(record, second) == {**ALL, "flow.png": NEW}
    assert not site.findings()


def test_a_picture_is_stored_once(site: Site) -> None:
    """Several texts may show it, under several paths."""
    put(site, "terms/same.png", OLD)
    site.edit("agreement.md", ("Between Us and You.", "![x](terms/same.png) ![y](flow.png)"))
    site.edit("rules.md", ("Be kind.", "Be very kind."))
    site.post("rules, agreement")
    record = site.record
    assert set(sealed_pictures(record, record.versions["agreement"][1])) == {"flow.png", "terms/same.png"}
    assert len([name for name in site.files() if name.startswith("pictures/")]) == len(ALL)


def test_a_text_that_moves_with_its_pictures_has_not_changed(site: Site) -> None:
    for name, data in ALL.items():
        put(site, f"terms/{name}", data)
        (site.folders.docs / name).unlink()
    (site.folders.docs / "rules.md").rename(site.folders.docs / "terms/rules.md")
    site.write("documents.yml", site.read("documents.yml").replace("file: rules.md", "file: terms/rules.md"))
    assert not rules_of(site.findings())
    assert [str(entry.kind) for entry in site.release()] == ["move"]


def test_pictures_of_a_restored_version_are_part_of_it(site: Site) -> None:
    put(site, "flow.png", NEW)
    site.post("rules")
    site.at(2).note("rules", "restores: rules@1")
    assert "the text of rules is not that of rules@1" in site.findings("stale-note")[0].message
    put(site, "flow.png", OLD)
    assert not site.findings("stale-note")
    (entry,) = site.release()
    assert entry.restores == 1


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("../outside.png", "it is outside the docs folder"),
        ("/flow.png", "its path begins with a slash; write the path relative to the document's file"),
        ("flow.bmp", "its suffix is none of .avif, .gif"),
        ("big.png", "it has more than 5 MB; make it smaller"),
        ("gone.png", "there is no file gone.png in the docs folder; put it there"),
        ("folder.png", "there is no file folder.png in the docs folder"),
    ],
)
def test_a_picture_that_cannot_be_sealed_is_refused_with_its_place(site: Site, target: str, message: str) -> None:
    put(site, "../outside.png", OLD)
    put(site, "flow.bmp", OLD)
    put(site, "big.png", b"0" * (MOST_BYTES + 1))
    put(site, "folder.png/x.png", OLD)
    before = site.files()
    site.edit("rules.md", ("Be kind.", f"Be kind. ![bad]({target})"))
    site.note("rules")
    (complaint,) = complaints(site.release)
    assert f"the picture {target} cannot be sealed with the text: {message}" in complaint
    assert "docs/rules.md:7:12: " in complaint
    assert site.files() == before
    # The check of links reports missing pictures.
    assert bool(site.findings("picture")) == (target not in ("gone.png", "folder.png"))


def test_the_largest_picture_is_sealed(site: Site) -> None:
    put(site, "big.png", b"0" * MOST_BYTES)
    site.edit("rules.md", ("Be kind.", "Be kind. ![big](big.png)"))
    site.post("rules")
    assert sha256(b"0" * MOST_BYTES) in {one.sha256 for one in site.record.versions["rules"][1].sealed.pictures}


def test_a_picture_that_is_gone_is_a_change(site: Site) -> None:
    (site.folders.docs / "flow.png").unlink()
    assert "picture changed: flow.png" in site.findings("unposted-change")[0].message


def test_a_picture_in_a_note_is_refused(site: Site) -> None:
    """It would not be sealed with the note. Notes that were posted with one stay as they are."""
    site.edit("rules.md", ("Be kind.", "Be very kind."))
    slug = site.note("rules", summary="See:\n\n- ![the flow](../flow.png)")
    (found,) = site.findings("picture")
    assert found.message.startswith(
        "the picture ../flow.png is in a change note, and pictures are not sealed with notes"
    )
    lines = site.read(f"changes/{slug}.md").splitlines()
    assert lines[found.line - 1][found.column - 1 :].startswith("the flow")
    assert len(complaints(site.release)) == 1


@pytest.mark.parametrize("last", range(9))
def test_a_release_with_pictures_that_is_killed(site: Site, last: int) -> None:
    """The record is the old or the new one, and the next release completes the interrupted one."""
    put(site, "flow.png", NEW)
    site.note("rules")
    done, before = list[str](), site.files()

    def stop(step: Step) -> None:
        if len(done) == last:
            raise KeyboardInterrupt
        done.append(step[0])
        step[1]()

    with suppress(KeyboardInterrupt):
        site.release(stop)
    assert any(name.startswith("write pictures/") for name in done) == (last > 4)
    record, problems = verify(site.folders.record)
    assert problems == []
    if len(record.versions["rules"]) == 1:
        site.release()
    record, problems = verify(site.folders.record)
    assert problems == []
    assert sealed_pictures(record, record.versions["rules"][1]) == {**ALL, "flow.png": NEW}
    assert {name: data for name, data in site.files().items() if name in before and name != LEDGER} == {
        name: data for name, data in before.items() if name != LEDGER
    }
