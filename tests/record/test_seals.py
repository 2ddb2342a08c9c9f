"""Seal files: their content, refusals, and redactions after which no guess can be tested."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engross.common.errors import EngrossError
from engross.model import (
    Entry,
    EntryKind,
    NoteRef,
    Picture,
    Sealed,
    VersionId,
)
from engross.record.encoding import canonical, sha256
from engross.record.journal import locked
from engross.record.ledger.invariants import check_invariants
from engross.record.pictures import path_mistake
from engross.record.posting.sealing import bound, note_files, write
from engross.record.redact.redaction import Order, plan_redaction
from engross.record.sealed_files import (
    note_names,
    note_seal_name,
    picture_name,
    seal_name,
    sealed_note,
    sealed_pictures,
)
from engross.record.seals import new_salt, read_note_seal, read_text_seal, seal_note, seal_text
from engross.record.verification import open_record, verify

from .conftest import SALT
from .histories import chain, redact, write_ledger
from .playing import Site, day, posted_site

A, B, C, D = (letter * 64 for letter in "abcd")
shas = st.binary(min_size=32, max_size=32).map(bytes.hex)
paths = st.text(min_size=1, max_size=9).map(lambda name: f"img/{name}.png").filter(lambda path: not path_mistake(path))
pictures = st.dictionaries(paths, shas, max_size=3)


@given(shas, shas, shas, pictures)
def test_round_trip(source: str, text: str, tree: str, found: dict[str, str]) -> None:
    shown = tuple(Picture(path, sha) for path, sha in found.items())
    sealed, data = seal_text(Sealed(source, text, tree, pictures=shown))
    assert read_text_seal(data) == sealed
    assert sealed.seal == sha256(data)
    assert sealed.pictures == tuple(sorted(shown))
    assert ("pictures" in json.loads(data)) == bool(found)
    note, data = seal_note("it", source.encode())
    assert (read_note_seal(data), note.seal) == (note.sha256, sha256(data))


def test_no_salt_is_used_twice() -> None:
    salts = {new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(bytes.fromhex(salt)) for salt in salts} == {32}


GOLDEN = (
    b'{"pictures":[{"path":"flow.png","sha256":"%b"}],"salt":"%b","source":"%b","text":"%b","tree":"%b"}\n'
    % tuple(letter.encode() * 64 for letter in "eabcd")
)


def test_golden() -> None:
    """The bytes in the specification stay readable."""
    assert read_text_seal(GOLDEN) == Sealed(B, C, D, sha256(GOLDEN), (Picture("flow.png", "e" * 64),))
    assert read_note_seal(b'{"salt":"%b","source":"%b"}\n' % (A.encode(), B.encode())) == B


@pytest.mark.usefixtures("same_salt")
def test_golden_bytes_are_written() -> None:
    salt, sha = SALT.encode(), sha256(b"x").encode()
    plain = b'"salt":"%b","source":"%b","text":"%b","tree":"%b"}\n' % (salt, B.encode(), C.encode(), D.encode())
    assert seal_text(Sealed(B, C, D))[1] == b"{" + plain
    shown = (Picture("z.png", A), Picture("img/é.svg", B))
    listed = f'{{"pictures":[{{"path":"img/é.svg","sha256":"{B}"}},{{"path":"z.png","sha256":"{A}"}}],'
    assert seal_text(Sealed(B, C, D, pictures=shown))[1] == listed.encode() + plain
    seal = b'{"salt":"%b","source":"%b"}\n' % (salt, sha)
    assert seal_note("it", b"x") == (NoteRef("it", sha.decode(), sha256(seal)), seal)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: {**value, "salt": value["salt"][:-2]},
        lambda value: {**value, "salt": 5},
        lambda value: {**value, "source": value["source"].upper()},
        lambda value: {**value, "more": "x"},
        lambda value: {name: one for name, one in value.items() if name != "salt"},
        lambda value: {name: one for name, one in value.items() if name != "text"},
        lambda value: {**value, "pictures": []},
        lambda value: {**value, "pictures": None},
        lambda value: {**value, "pictures": [{"path": "a.png"}]},
        lambda value: {**value, "pictures": [{"path": "", "sha256": A}]},
        lambda value: {**value, "pictures": [{"path": "a.png", "sha256": "a"}]},
        lambda value: {**value, "pictures": [{"path": "b.png", "sha256": A}, {"path": "a.png", "sha256": A}]},
        lambda value: {**value, "pictures": [{"path": "a.png", "sha256": A}, {"path": "a.png", "sha256": B}]},
        lambda value: [value],
    ],
)
def test_what_is_no_seal_file(change: Callable[[Any], Any]) -> None:
    data = canonical(change(json.loads(GOLDEN))) + b"\n"
    with pytest.raises(ValueError, match="not a seal file as Engross writes it"):
        read_text_seal(data)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("index.html", "none of .avif"),
        ("flow", "none of .avif"),
        ("flow.png.js", "none of .avif"),
        ("..", "none of .avif"),
        ("../flow.png", "outside the docs folder"),
        ("/flow.png", "begins with a slash"),
        ("//host/flow.png", "begins with a slash"),
        ("C:/flow.png", "not a plain relative path"),
        ("https://host/flow.png", "not a plain relative path"),
        ("img/../../flow.png", "not a plain relative path"),
        ("./flow.png", "not a plain relative path"),
        ("img//flow.png", "not a plain relative path"),
        ("..\\flow.png", "not a plain relative path"),
        ("fl\0ow.png", "U+0000"),
        ("fl\now.png", "U+000A"),
        ("fl\u202eow.png", "U+202E"),
    ],
)
def test_a_sealed_picture_has_a_path_that_a_release_writes(path: str, wrong: str) -> None:
    """A forged record cannot publish a program as a picture, or write a file elsewhere."""
    value = {**json.loads(GOLDEN), "pictures": [{"path": path, "sha256": A}]}
    with pytest.raises(ValueError, match="not a seal file as Engross writes it: of the picture ") as refused:
        read_text_seal(canonical(value) + b"\n")
    assert wrong in str(refused.value)
    assert str(refused.value).isprintable()
    assert str(refused.value).endswith("restore it from the version history")


def test_a_forged_path_of_a_picture_is_named_by_whatever_opens_the_record(copied: Site) -> None:
    """The hashes are those of the forged seal file, all the way to the head of the ledger."""
    record, data = copied.record, b"<script>alert(1)</script>"
    post = record.entries[0]
    assert post.sealed
    sealed, seal = seal_text(replace(post.sealed, pictures=(Picture("../x.html", sha256(data)),)))
    for path in record.folder.glob("agreement/1-*"):
        path.rename(path.with_name(path.name.replace(post.sealed.seal[:12], sealed.seal[:12])))
    name = seal_name(VersionId("agreement", 1), sealed)
    (record.folder / name).write_bytes(seal)
    write_ledger(record, chain([replace(post, sealed=sealed), *record.entries[1:]]))
    with pytest.raises(EngrossError, match=f"{name}: entry 1 .* of the picture '../x.html', it is outside"):
        open_record(record.folder)


@pytest.mark.parametrize(
    "data",
    [
        GOLDEN.replace(b'"salt"', b'"salt":"%b","salt"' % (b"f" * 64)),
        GOLDEN.replace(b'"tree"', b'"source":"%b","tree"' % (b"f" * 64)),
        GOLDEN.replace(b'"path"', b'"path":"other.png","path"'),
        GOLDEN.replace(b'"salt"', b'"pictures":[],"salt"'),
        GOLDEN.replace(b'"path"', b'"p\\u0061th"'),
        GOLDEN.replace(b"flow", b"fl\\u006fw"),
        GOLDEN.replace(b"flow", b"\\ud800"),
        GOLDEN.replace(b":[", b": ["),
    ],
)
def test_a_seal_file_has_each_key_once_and_is_canonical(data: bytes) -> None:
    assert data != GOLDEN
    with pytest.raises(ValueError, match="not a seal file"):
        read_text_seal(data)


@pytest.mark.parametrize("data", [b"", b"{", GOLDEN[:-1], GOLDEN + b"\n", b"\xff", b" " + GOLDEN, b"[" * 10**5])
def test_bytes_that_are_no_seal_file(data: bytes) -> None:
    for read in (read_text_seal, read_note_seal):
        with pytest.raises(ValueError, match="not a seal file"):
            read(data)


def test_a_seal_file_with_the_right_hash_that_says_nothing(copied: Site) -> None:
    """Even with a chain that was computed again, a seal file must be a valid one."""
    record = copied.record
    data = b"nothing\n"
    forged = replace(record.entries[0], sealed=Sealed("", "", "", sha256(data)))
    (record.folder / seal_name(VersionId("agreement", 1), forged.sealed or Sealed("", "", ""))).write_bytes(data)
    write_ledger(record, chain([forged, *record.entries[1:]]))
    found = [str(one) for one in verify(record.folder)[1]]
    assert "entry 1 (post agreement@1): it is not a seal file as Engross writes it" in found[0]


@pytest.mark.parametrize("name", ["source", "tree"])
def test_a_seal_file_of_another_text(copied: Site, name: str) -> None:
    record = copied.record
    old = record.entries[0].sealed
    assert old
    sealed, data = seal_text(replace(old, **{name: A}))
    for path in record.folder.glob("agreement/1-*"):
        path.rename(path.with_name(path.name.replace(old.seal[:12], sealed.seal[:12])))
    (record.folder / seal_name(VersionId("agreement", 1), sealed)).write_bytes(data)
    write_ledger(record, chain([replace(record.entries[0], sealed=sealed), *record.entries[1:]]))
    (found,) = verify(record.folder)[1]
    assert "entry 1 (post agreement@1): this sealed file was altered" in found.message


def test_a_redaction_destroys_salt_and_hashes(tmp_path: Path) -> None:
    """After it, the record has no hash of the old text, and no guess of it can be tested."""
    site = posted_site(tmp_path)
    site.at(1).edit("rules.md", ("unlawful.", "unlawful. Call 555-1234."))
    site.post("rules", slug="number")
    old = site.record.versions["rules"][1].sealed
    salt = json.loads((site.folders.record / seal_name(VersionId("rules", 2), old)).read_bytes())["salt"]
    plan = site.at(2).state().plan
    order = Order((VersionId("rules", 2),), "Content", "order of a court", only_these=True)
    with locked(plan.record.folder):
        write(plan.record, plan_redaction(plan, order).sealing)
    record = site.record
    assert record.versions["rules"][1].sealed.source not in ("", old.source)
    assert record.entry(6).sealed == Sealed("", "", "", old.seal)
    everything = b"".join(site.files().values())
    for gone in (salt, old.source, old.text, old.tree):
        assert gone.encode() not in everything


def test_a_restored_text_is_compared_while_its_seal_file_is_there(tmp_path: Path) -> None:
    """A version that was redacted later cannot prove that another restored it; this is the only exception."""
    site = posted_site(tmp_path)
    first = site.read("rules.md")
    site.at(1).edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", slug="kind")
    site.at(2).write("rules.md", first)
    site.post("rules", "restores: rules@1", slug="back")
    record = site.record
    assert record.entries[-1].restores == 1
    forged = chain([*record.entries[:-1], replace(record.entries[-1], restores=2)])
    (found,) = check_invariants(forged, "ledger")
    assert "it restores rules@2, but its text differs" in found.message
    redact(site, "unlawful", 3)
    assert verify(site.folders.record)[1] == []


def redacted_note(site: Site, slug: str, words: str, number: float) -> NoteRef:
    """Redact words of a posted note."""
    record = site.record
    was = record.posted_notes[slug]
    data = sealed_note(record, was).replace(words.encode(), b"[Redacted]")
    ref, files = note_files(slug, data)
    entry = Entry(
        0, EntryKind.REDACT, day(number), "", "", "", note=slug, clause="The summary", reason="A court said so.",
        was=Sealed("", "", "", was.ledger_hash), sealed=Sealed(ref.sha256, "", "", ref.seal),
    )  # fmt: skip
    with locked(record.folder):
        write(record, bound(record, [entry], files, note_names(was)))
    return ref


def test_a_redacted_note(tmp_path: Path) -> None:
    site = posted_site(tmp_path)
    site.at(1).edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules", slug="kind", summary="Call 555-1234.")
    before = site.record
    first = redacted_note(site, "kind", "555-1234", 2)
    again = redacted_note(site, "kind", "Call", 3)
    record, problems = verify(site.folders.record)
    assert problems == []
    assert record.posted_notes["kind"] == record.note(before.posted_notes["kind"]) == again
    assert b"[Redacted] [Redacted]." in sealed_note(record, before.posted_notes["kind"])
    assert [entry.was and entry.was.seal for entry in record.note_redactions["kind"]] == [
        before.posted_notes["kind"].seal,
        first.seal,
    ]
    # What was removed is gone for every reader, whatever day they ask about.
    assert record.as_known(day(1)).posted_notes["kind"] == again
    assert record.as_known(day(0)).note_redactions == {}
    assert not {name for name in site.files() if name.startswith("changes/")} & set(note_names(first))
    (record.folder / note_seal_name(again)).unlink()
    (found,) = verify(record.folder)[1]
    assert found.message.startswith("entry 8 (redact kind): its sealed file is missing")


def test_pictures_lie_beside_the_texts(tmp_path: Path) -> None:
    """A seal file lists pictures; each is stored once under its hash."""
    site = posted_site(tmp_path)
    record, data = site.record, b"\x89PNG"
    post = record.entries[1]
    assert post.sealed
    pictures = (Picture("a/flow.PNG", sha256(data)), Picture("b.png", sha256(data)))
    sealed, seal = seal_text(replace(post.sealed, pictures=pictures))
    for path in record.folder.glob("rules/1-*"):
        path.rename(path.with_name(path.name.replace(post.sealed.seal[:12], sealed.seal[:12])))
    (record.folder / seal_name(VersionId("rules", 1), sealed)).write_bytes(seal)
    (record.folder / seal_name(VersionId("rules", 1), post.sealed)).unlink(missing_ok=True)
    write_ledger(record, chain([record.entries[0], replace(post, sealed=sealed), *record.entries[2:]]))
    name = picture_name(pictures[0])
    assert name == f"pictures/{sha256(data)}.png"
    (missing,) = verify(record.folder)[1]
    assert f"{name}: entry 2 (post rules@1): its sealed file is missing" in str(missing)
    (record.folder / "pictures").mkdir()
    (record.folder / name).write_bytes(data)
    now, problems = verify(record.folder)
    assert problems == []
    assert sealed_pictures(now, now.versions["rules"][0]) == {"a/flow.PNG": data, "b.png": data}
    (record.folder / name).write_bytes(data + b"\n")
    (altered,) = verify(record.folder)[1]
    assert "this sealed file was altered" in altered.message
