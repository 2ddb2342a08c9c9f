"""`engross verify FILE` confirms files that readers kept, and names what differs."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cli_play import AGREEMENT, Play, engross
from kept_files import (
    DOCUMENT,
    SITE,
    WORD,
    edited,
    exported,
    keep,
    one,
    pages,
    refused,
    related,
    verified,
    version,
)
from pypdf import PdfWriter

from engross.exporting import ExportSite, version_copy
from engross.exporting.akoma_ntoso import akoma_ntoso
from engross.exporting.pdf import pdf_bytes
from engross.exporting.word.clean_copy import docx_bytes
from engross.record import acceptance_json
from engross.render import SealedTexts


@pytest.fixture
def two(play: Play) -> Play:
    """Version 1 was in force, version 2 is."""
    return play.posted().changed("Each Fee is due at once", "Each Fee is due soon", "second", 1)


def test_the_source_as_it_was_downloaded(two: Play) -> None:
    result = engross("verify", keep("kept.md", pages(two, 1)[".md"]))
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "kept.md: agreement@1 (“The Agreement”, version 1): its bytes are those sealed",
            "  posted 2026-01-05T09:30:00Z, effective 2026-01-05T09:30:00Z, ledger entry 1",
            "  posted since then:",
            "    agreement@2: effective 2026-01-06T09:30:00Z, substantive, not material",
            "  in force now: agreement@2",
        ],
    )


def test_json_names_addresses_and_the_redline_from_the_kept_version(two: Play) -> None:
    found = one(keep("kept.md", pages(two, 1)[".md"]))
    assert (found["match"], found["document"], found["version"], found["in_force"]) == ("sealed", "agreement", 1, 2)
    assert found["address"] == "agreement/versions/1/"
    assert [later["redline"] for later in found["since"]] == ["agreement/versions/2/from-1/"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "same-words"),
        (lambda data: b"\xef\xbb\xbf" + data, "same-words"),
        (lambda data: data.rstrip(b"\n"), "same-words"),
        (lambda data: data.replace(b"Each Fee is due", b"Each Fee\nis due"), "same-words"),
        (lambda data: data.replace(b"Customer will not", b"Customer may"), "different"),
        (lambda data: data.replace(b"## Use", b"### Use"), "different"),
        (lambda _: b"Dear Sir or Madam, this is a letter about something else.", "unknown"),
    ],
)
def test_a_source_that_was_saved_again(two: Play, change, match: str) -> None:
    found = one(keep("kept.md", change(pages(two, 1)[".md"])))
    assert found["match"] == match
    assert found.get("version") in ((None,) if match == "unknown" else (1,))


def test_differences_are_shown_with_their_clause_and_nothing_is_called_forged(two: Play) -> None:
    keep("kept.md", AGREEMENT.replace("sell the Data", "lease the Data"))
    result = engross("verify", "kept.md")
    assert result.exit_code == 1
    assert "it differs from what was sealed" in result.stdout
    assert "    Use (b): sealed “sell the Data; or”, this file “lease the Data; or”" in result.stdout
    assert not re.search("forged|altered|tampered|fake", result.stdout)


def test_html_copy(two: Play) -> None:
    html = pages(two, 1)[".html"]
    assert one(keep("kept.html", html))["match"] == "same-words"
    changed = one(keep("kept.html", html.replace(b"sell the ", b"lease the ")))
    assert (changed["match"], changed["version"]) == ("different", 1)
    assert [(difference["where"], difference["sealed"]) for difference in changed["differences"]] == [
        ("Use (b)", "sell")
    ]


def test_text_that_a_copy_marks_as_generated_counts(two: Play) -> None:
    html = pages(two, 1)[".html"].replace(b"</h2>", b"</h2><p data-engross-generated>Customer pays twice.</p>", 1)
    (difference,) = one(keep("kept.html", html))["differences"]
    assert (difference["where"], difference["sealed"], difference["kept"]) == (
        "Definitions",
        "",
        "Customer pays twice.",
    )


def test_text_in_a_second_box_of_facts_counts(two: Play) -> None:
    box = b'<div class="about noprint" data-engross-generated>'
    html = pages(two, 1)[".html"]
    assert box in html
    (found,) = one(keep("kept.html", html.replace(b"</ul>", b"</ul>" + box + b"Pay twice.</div>", 3)))["differences"][
        :1
    ]
    assert "Pay twice." in found["kept"]


def test_a_copy_without_its_hashes_is_known_by_its_words(two: Play) -> None:
    html = re.sub(rb"[0-9a-f]{64}", b"", pages(two, 1)[".html"])
    assert one(keep("kept.html", html))["version"] == 1


def test_model_list(two: Play) -> None:
    files = pages(two, 1, "models")
    assert one(keep("kept.yml", files[".yml"]))["match"] == "sealed"
    assert one(keep("kept.html", files[".html"]))["match"] == "same-words"
    data = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1, "models"), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"
    changed = one(keep("kept.html", files[".html"].replace(b"Kept for a day.", b"Kept for a year.")))
    assert (changed["match"], changed["document"]) == ("different", "models")


def test_akoma_ntoso(two: Play) -> None:
    data = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"
    for old, new, where in ((b"<num>(b)</num>", b"<num>(x)</num>", "Use (b)"), (b"sell the", b"lease the", "Use (b)")):
        changed = one(keep("kept.akn.xml", data.replace(old, new)))
        assert (changed["match"], changed["differences"][0]["where"]) == ("different", where)


def test_pdf_with_its_source_attached(two: Play) -> None:
    data = pdf_bytes(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    found = one(keep("kept.pdf", data))
    assert (found["match"], found["version"], found["attachment"]) == ("sealed", 1, "agreement-1.md")
    assert found["compared"] == "the pages of the PDF were not compared, only the source attached to it"


MAIN = 'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'


def word_file(text: str, properties: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    with zipfile.ZipFile("kept.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'
        )
        archive.writestr("docProps/custom.xml", f"<p>{properties}</p>")
        archive.writestr("[Content_Types].xml", f'<Types><Override PartName="/word/document.xml" {MAIN}/></Types>')
        archive.writestr(
            "_rels/.rels", f"<Relationships>{related('officeDocument', 'word/document.xml')}</Relationships>"
        )
    return "kept.docx"


TEXT = """The Agreement
Definitions
“Data” means facts.
“Fee” means a price.
Use
Customer will not
copy the Data;
sell the Data; or
rent the Data.
Payment
Each Fee is due at once, and a Fee is final."""


def test_word_file(two: Play) -> None:
    sealed = version(two, 1).sealed.source
    assert one(word_file(TEXT, sealed))["match"] == "same-words"
    assert one(word_file(TEXT))["version"] == 1
    changed = one(word_file(TEXT.replace("rent", "lend"), sealed))
    assert [(found["where"], found["kept"]) for found in changed["differences"]] == [("Use (c)", "lend")]


@pytest.mark.parametrize("document", ["agreement", "data", "models"])
def test_word_file_as_exported(two: Play, document: str) -> None:
    data = docx_bytes(version_copy(SealedTexts(two.record), version(two, 1, document), ExportSite(SITE)))
    found = one(keep("kept.docx", data))
    assert (found["match"], found["document"], found["version"]) == ("same-words", document, 1)


def test_record_of_acceptance(two: Play) -> None:
    at = version(two, 2).effective
    record = acceptance_json(two.record, ("agreement", "data"), at, "https://example.com/", "main")
    assert record
    status, found = verified(keep("kept.json", json.dumps(record)))
    assert (status, [(one["match"], one["document"], one["version"]) for one in found]) == (
        0,
        [("recorded", "agreement", 2), ("recorded", "data", 1)],
    )
    record["documents"][0]["source_sha256"] = "0" * 64
    status, found = verified(keep("kept.json", json.dumps(record)))
    assert (status, [one["match"] for one in found]) == (1, ["different", "recorded"])
    record["documents"][1]["version"] = 9
    assert verified(keep("kept.json", json.dumps(record)))[1][1]["remark"] == "data@9: the record has no such version"


def test_a_record_of_another_ledger_or_day_is_named(two: Play) -> None:
    record = acceptance_json(two.record, ("agreement",), version(two, 2).effective, "")
    assert record
    other = record | {"head": "0" * 64}
    assert one(keep("kept.json", json.dumps(other)))["differences"][0]["where"] == "hash of the ledger's last entry"
    early = record | {"as_of": "2026-01-05T10:00:00Z"}
    assert one(keep("kept.json", json.dumps(early)))["remark"].startswith(
        "by the record it was not the version in force"
    )


def test_version_data_and_seal_file(two: Play) -> None:
    files = pages(two, 1)
    assert one(keep("kept.json", files[".json"]))["match"] == "recorded"
    assert one(keep("kept.seal.json", files[".seal.json"]))["what"] == "its seal file"


def test_a_text_from_before_a_redaction_is_not_called_different(two: Play) -> None:
    kept = pages(two, 1)
    assert engross("redact", "agreement@1", "--clause", "Payment, paragraph 1", "--reason", "an order").exit_code == 0
    found = one(keep("kept.md", kept[".md"]))
    assert (found["match"], found["version"], found["confirmed"]) == ("withheld", 1, False)
    assert found["remark"].startswith("it differs only where words were redacted")
    assert one(keep("kept.html", kept[".html"]))["match"] == "withheld"
    assert one(keep("now.md", pages(two, 1)[".md"]))["match"] == "sealed"
    assert one(keep("now.html", pages(two, 1)[".html"]))["match"] == "same-words"
    more = kept[".md"].replace(b"sell the Data", b"lease the Data")
    assert one(keep("kept.md", more))["match"] == "different"


def test_an_imported_version_is_named_as_such(play: Play) -> None:
    older = AGREEMENT.replace("(c) rent", "(c) lend")
    play.write("old/2019-01-01.md", older)
    play.write("old/2020-01-01.md", AGREEMENT)
    assert engross("import-history", "agreement", "old", "--dates", "effective").exit_code == 0
    result = engross("verify", keep("kept.md", older))
    assert result.exit_code == 0
    assert "kept.md: agreement@1 (“The Agreement”, version 1): its bytes are those sealed" in result.stdout
    assert re.search(r"^  imported from .*, ledger entry 1$", result.stdout, re.MULTILINE)
    found = one("kept.md")
    assert (found["imported"], "class" in found["since"][0]) == (True, False)
    data = akoma_ntoso(version_copy(SealedTexts(play.record), version(play, 1), ExportSite(SITE)))
    assert b'name="sealed"' in data
    assert one(keep("kept.akn.xml", data))["match"] == "same-words"


def test_what_is_no_kept_file_is_refused(two: Play) -> None:
    Path("folder").mkdir()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write("plain.pdf")
    with Path("big.md").open("wb") as file:
        file.truncate(200_000_000)
    entities = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><akomaNtoso>&b;</akomaNtoso>'
    with zipfile.ZipFile("bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 20_000_000)
    for name, message in (
        ("folder", "this is a folder; name the files in it"),
        ("nowhere.md", "it cannot be read: no such file or directory"),
        (keep("empty.md", ""), "the file is empty"),
        ("big.md", "it has more than 67,108,864 bytes"),
        (keep("binary", bytes(range(256))), "this is a binary file of no kind that a site offers"),
        (keep("latin.md", "Käse".encode("latin-1")), "not UTF-8"),
        ("plain.pdf", "this PDF has no source attached"),
        (keep("broken.pdf", "%PDF-1.7 nothing more"), "the PDF is damaged"),
        (keep("broken.docx", b"PK\x03\x04 nothing more"), "the archive is damaged"),
        ("bomb.docx", "larger when unpacked"),
        (keep("old.doc", b"\xd0\xcf\x11\xe0 old"), "an old Word file"),
        (keep("page.html", "<!doctype html><p>Hello"), "this page has no text of a document"),
        (keep("entities.xml", entities), "declares entities"),
        (keep("other.xml", '<?xml version="1.0"?><a/>'), "no Akoma Ntoso"),
        (keep("broken.json", '{"a":'), "the JSON is damaged"),
        (keep("wrong.json", '{"as_of": "", "documents": [1]}'), "no acceptance record"),
    ):  # fmt: skip
        assert message in refused(name)


def test_files_that_cannot_be_read_do_not_hide_the_others(two: Play) -> None:
    result = engross("verify", "nowhere.md", keep("kept.md", pages(two, 2)[".md"]))
    assert result.exit_code == 2
    assert "kept.md: agreement@2 (“The Agreement”, version 2): its bytes are those sealed" in result.stdout
    assert "  no later version was posted" in result.stdout
    assert "nowhere.md: it cannot be read" in result.stderr


def test_a_record_that_was_altered_confirms_nothing(two: Play) -> None:
    kept = keep("kept.md", pages(two, 1)[".md"])
    next((two.root / "record/agreement").glob("2-*.md")).write_text("other")
    result = engross("verify", kept)
    assert result.exit_code == 1
    assert "those sealed" not in result.stdout


def test_options_that_say_nothing_about_files(two: Play) -> None:
    assert engross("verify", "--format", "json").exit_code == 2
    assert engross("verify", "--reparse", keep("kept.md", AGREEMENT)).exit_code == 2


def test_a_redline_is_named_as_one(two: Play) -> None:
    result = engross("diff", "agreement@1", "agreement@2", "--format", "docx", "--to", "d.docx")
    assert result.exit_code == 1, result.stderr
    found = one("d.docx")
    assert (found["match"], found["confirmed"]) == ("redline", False)
    assert "differs" not in engross("verify", "d.docx").stdout
    assert found["remark"] == (
        "a redline from The Agreement, version 1 to The Agreement, version 2; "
        "to verify a version, use its copy without tracked changes"
    )


@pytest.mark.parametrize(
    "clause",
    ["Use (b)", *(pytest.param(one, marks=pytest.mark.long) for one in ("Definitions", "Use", "Payment, paragraph 1"))],
)
def test_copies_of_a_redacted_text_are_confirmed(two: Play, clause: str) -> None:
    result = engross("redact", "agreement@1", "--clause", clause, "--reason", "a law", "--only-these")
    assert result.exit_code == 0, result.stderr
    assert one(keep("kept.docx", exported(two)))["match"] == "same-words"
    assert one(keep("kept.html", pages(two, 1)[".html"]))["match"] == "same-words"


@pytest.mark.long
def test_words_added_to_a_redacted_text_differ(two: Play) -> None:
    assert engross("redact", "agreement@1", "--clause", "Payment", "--reason", "order of court").exit_code == 0
    data = exported(two)
    assert one(keep("kept.docx", data))["match"] == "same-words"
    forged = one(edited(data, DOCUMENT, "rent the Data.", "rent the Data. Customer pays double, by order of court."))
    assert (forged["match"], forged["differences"][0]["where"]) == ("different", "Use (c)")
    # The same sentence in another place.
    with zipfile.ZipFile(BytesIO(data)) as archive:
        notice = re.search("Words were redacted here on [^<]*", archive.read(DOCUMENT).decode())
    assert notice
    assert one(edited(data, DOCUMENT, "rent the Data.", f"rent the Data. {notice[0]}"))["match"] == "different"
    akoma = akoma_ntoso(version_copy(SealedTexts(two.record), version(two, 1), ExportSite(SITE)))
    assert one(keep("kept.akn.xml", akoma))["match"] == "same-words"
    forged = akoma.replace(b"court].</p>", b"court]. Pay double, order of court.</p>")
    assert forged != akoma
    assert one(keep("kept.akn.xml", forged))["match"] == "different"


@pytest.mark.parametrize(
    ("value", "match", "remark"),
    [
        ({"as_of": "2026-01-05T20:00:00Z", "documents": []}, "unknown", "it names no version"),
        (
            {"as_of": "2026-01-05T20:00:00Z", "documents": [{"document": "agreement", "version": 1}]},
            "partly-compared",
            "the file has no hash of this version, so it proves nothing about its words",
        ),
        (
            {"document": "agreement", "version": 1, "sha256": {}},
            "partly-compared",
            "the file has no hash of this version, so it proves nothing about its words",
        ),
    ],
)
def test_a_record_of_acceptance_without_hashes_proves_nothing(two: Play, value, match: str, remark: str) -> None:
    found = one(keep("kept.json", json.dumps(value)))
    assert (found["match"], found["confirmed"], found["remark"]) == (match, False, remark)
