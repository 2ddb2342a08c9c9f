"""Word files that are damaged, protected, too large or made to harm: refused in one line, or read without harm."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.importing import Choices, Imported, import_source
from engross.importing.word import package

from .word_examples import master_agreement, reviewed_agreement, services_terms
from .word_files import p, r, table, tracked, word_file


def imported(tmp_path: Path, data: bytes, name: str = "x.docx", choices: Choices | None = None) -> Imported:
    path = tmp_path / name
    path.write_bytes(data)
    return import_source(path, "x", choices or Choices())


def refusal(tmp_path: Path, data: bytes, name: str = "x.docx", choices: Choices | None = None) -> str:
    with pytest.raises(EngrossError) as failure:
        imported(tmp_path, data, name, choices)
    (found,) = failure.value.diagnostics
    return found.message


def remade(data: bytes, changes: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "x.docx", "it is protected by a password"),
        (OLE + "WordDocument".encode("utf-16-le"), "x.docx", "it is an old Word file (.doc)"),
        (OLE, "x.doc", "it is an old Word file (.doc)"),
        (b"%PDF-1.7\n...", "x.pdf", "it is a PDF"),
        (b"%PDF-1.7\n...", "x.docx", "it is a PDF"),
        (b"{\\rtf1 text}", "x.docx", "it is an RTF file"),
        (b"", "x.docx", "it is not a Word file (.docx), or it is damaged"),
        (b"PK\x03\x04 and no more", "x.docx", "it is not a Word file (.docx), or it is damaged"),
        (b"plain words", "x.xyz", "files of this kind cannot be imported"),
        (master_agreement()[:-300], "x.docx", "it is not a Word file (.docx), or it is damaged"),
        (
            remade(master_agreement(), {"word/document.xml": b"<w:document"}),
            "x.docx",
            "it is damaged: word/document.xml",
        ),
        (remade(master_agreement(), {"word/document.xml": b"<x/>"}), "x.docx", "it is not a Word document"),
        (word_file(p("  ")), "x.docx", "it has no text to import"),
        (word_file(p("a") + '<w:altChunk r:id="x"/>'), "x.docx", "it includes the text of another file"),
    ],
)
def test_what_is_refused(tmp_path: Path, data: bytes, name: str, message: str) -> None:
    assert refusal(tmp_path, data, name).startswith(message)


def test_a_file_that_is_missing_or_a_folder(tmp_path: Path) -> None:
    for path, message in ((tmp_path / "no.docx", "there is no such file"), (tmp_path, "is a directory")):
        with pytest.raises(EngrossError) as failure:
            import_source(path, "x", Choices())
        assert failure.value.diagnostics[0].rule == "unreadable-file"
        assert message in str(failure.value)


def test_an_archive_that_unpacks_to_far_more(tmp_path: Path) -> None:
    bomb = remade(master_agreement(), {"word/media/image1.png": bytes(30_000_000)})
    assert "is compressed more than 200 times" in refusal(tmp_path, bomb)


def test_too_many_parts_and_too_large_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = word_file(p("a"), files={f"word/{at}.xml": b"" for at in range(20)})
    monkeypatch.setattr(package, "MOST_PARTS", 20)
    assert "more than 20 are not read" in refusal(tmp_path, many)
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_OF_ALL", 1000)
    assert "would be larger than 1,000 bytes" in refusal(tmp_path, master_agreement())
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_OF_PART", 1000)
    assert "is larger than the 1,000 bytes that are read" in refusal(tmp_path, master_agreement())


def test_a_file_of_200_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.docx"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(EngrossError, match="it has more than 67,108,864 bytes, the most that is read"):
        import_source(path, "x", Choices())


def test_fields_that_never_end_hide_nothing(tmp_path: Path) -> None:
    begin, separate = ('<w:r><w:fldChar w:fldCharType="' + kind + '"/></w:r>' for kind in ("begin", "separate"))
    contents = p(begin, "<w:r><w:instrText>TOC</w:instrText></w:r>", separate, "Fees 3")
    body = contents + p("Fees", style="Heading1") + p(begin, "<w:r><w:instrText>REF</w:instrText></w:r>") + p("words")
    assert imported(tmp_path, word_file(body)).markdown == "# Fees\n\nwords\n"


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    """The archive says that a part is small; no more than that is unpacked."""
    data = word_file(p("a"), files={"word/media/x.bin": bytes(3_000_000)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lying = data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "it is damaged" in refusal(tmp_path, lying)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    for declared in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', '<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;">'):
        with zipfile.ZipFile(io.BytesIO(word_file(p("a")))) as archive:
            text = archive.read("word/document.xml").decode().replace(">a<", ">&x;<")
        data = remade(word_file(p("a")), {"word/document.xml": f"<!DOCTYPE x [{declared}]>{text}".encode()})
        assert "declares entities" in refusal(tmp_path, data)


def test_pictures_elsewhere_are_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a picture was requested"))
    picture = '<w:r><w:drawing><a:blip r:link="i1"/></w:drawing></w:r>'
    one = imported(tmp_path, word_file(p("words", picture), None, {"i1": ("image", "https://example.com/a.png")}))
    assert one.markdown == "# Words\n" or "words" in one.markdown
    assert [remark.message for remark in one.report.remarks if "picture" in remark.message] == [
        "a picture that is not in the source and is not fetched: https://example.com/a.png"
    ]


def test_pictures_of_the_file_are_kept_if_browsers_show_them(tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><wp:docPr descr="Flow of data"/><a:blip r:embed="{}"/></w:drawing></w:r>'
    related = {"i1": ("image", "media/a.png"), "i2": ("image", "media/b.emf")}
    files = {"word/media/a.png": b"\x89PNG", "word/media/b.emf": b"emf"}
    body = p("words") + p(picture.format("i1")) + p(picture.format("i2"))
    one = imported(tmp_path, word_file(body, None, related, files))
    assert one.pictures == {"img/x-1.png": b"\x89PNG"}
    assert "![Flow of data](img/x-1.png)" in one.markdown
    assert any("of the kind .emf" in remark.message for remark in one.report.remarks)


def test_macros_and_embedded_files_are_named(tmp_path: Path) -> None:
    files = {"word/vbaProject.bin": b"macro", "word/embeddings/sheet.xlsx": b"PK"}
    messages = [
        remark.message for remark in imported(tmp_path, word_file(p("words"), files=files), "x.docm").report.remarks
    ]
    assert "macros (word/vbaProject.bin); they are neither run nor imported" in messages
    assert "an embedded file: word/embeddings/sheet.xlsx" in messages


def test_text_from_right_to_left_keeps_its_order(tmp_path: Path) -> None:
    words = "اتفاقية الخدمات"
    one = imported(tmp_path, word_file(p(r(words, "<w:rtl/>"), "\u202e evil", properties="<w:bidi/>")))
    assert words in one.markdown
    assert "\u202e" not in one.markdown
    assert any("may not have: U+202E" in remark.message for remark in one.report.remarks)


def test_tracked_changes_are_never_lost_silently(tmp_path: Path) -> None:
    message = refusal(tmp_path, reviewed_agreement())
    assert message.startswith("it has 1 deletion, 1 insertion, ")
    assert "1 comment, 1 move; choose what to do with them: --accept, --reject, or --track" in message


def test_tracked_changes_in_notes_count(tmp_path: Path) -> None:
    note = f'<w:footnote w:id="2">{p(tracked("ins", r("new")))}</w:footnote>'
    body = p("words", '<w:r><w:footnoteReference w:id="2"/></w:r>')
    assert "1 insertion" in refusal(tmp_path, word_file(body, {"footnotes": note}))
    one = imported(tmp_path, word_file(body, {"footnotes": note}), choices=Choices(tracked="accept"))
    assert "[^1]: new" in one.markdown


def test_strict_files_have_other_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(master_agreement())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.startswith("word/")}
    old, new = (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    strict = remade(master_agreement(), {name: data.replace(old, new) for name, data in parts.items()})
    assert imported(tmp_path, strict).markdown == imported(tmp_path, master_agreement()).markdown


def test_deep_nesting_is_read_up_to_a_limit(tmp_path: Path) -> None:
    def nested(depth: int) -> bytes:
        deep = p("bottom")
        for _ in range(depth):
            deep = table([deep, "beside"])
        return word_file(p("top") + deep)

    assert "bottom" in imported(tmp_path, nested(60)).markdown
    assert "Excessive depth" in refusal(tmp_path, nested(120))


@pytest.mark.parametrize("build", [master_agreement, services_terms, reviewed_agreement])
def test_damaged_bytes_never_give_a_traceback(tmp_path: Path, build) -> None:
    """Bytes of the archive, and bytes within its parts, are changed at random: the file is read or refused."""
    whole = build()
    chance = random.Random(16)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for at in range(60):
        if at % 3 == 0:
            damaged = _damaged(whole, chance)
        else:
            name = chance.choice([name for name in parts if name.startswith("word/")])
            damaged = remade(whole, {name: _damaged(parts[name], chance)})
        with suppress(EngrossError):
            imported(tmp_path, damaged, choices=Choices(tracked=chance.choice(["accept", "reject", "track"])))


def _damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            del changed[at : at + chance.randint(1, 40)]
        else:
            changed[at] = (
                chance.choice(b'<>/"=w:0123456789\x00\xff') if chance.random() < 0.7 else chance.randrange(256)
            )
    return bytes(changed)
