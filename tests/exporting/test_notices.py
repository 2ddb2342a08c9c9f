"""Messages about posted changes: their words, their two kinds, and their files, read back by a mail parser."""

import json
from collections.abc import Mapping
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from tests.record.delivering import TWO_SETS, announced, receive, site_with, write_receipt
from tests.record.histories import redact
from tests.record.playing import AGREEMENT, DOCUMENTS, Site, posted_site
from tests.record.register_sites import announced as register_site, registers
from tests.record.test_registers import delivered

from engross.cli import main
from engross.cli.export import export_site
from engross.corpus import read_settings
from engross.exporting import NOTICE_FORMATS, Composer, manifest, notice_files
from engross.exporting.formats import FORMATS
from engross.exporting.notice_files import eml
from engross.record import NoticeKind, notices
from engross.terms import DEFAULT_OPTIONS
from engross.text import read_source

ZONE = ZoneInfo("UTC")


def composer(site: Site) -> Composer:
    folders = replace(site.folders, name="Größe & Co", url="https://terms.example.com")
    settings = read_settings(read_source(site.folders.docs / "documents.yml", "documents.yml"))
    return Composer(site.record, settings, export_site(folders, settings), DEFAULT_OPTIONS)


def made(site: Site, kind: NoticeKind) -> list[Mapping[str, bytes]]:
    wanted = [one for one in notices(site.record, kind) if one.change.posted == site.now]
    return [dict(notice_files(composer(site).message(one), NOTICE_FORMATS)) for one in wanted]


def mail_of(files: Mapping[str, bytes]) -> EmailMessage:
    (data,) = [data for name, data in files.items() if name.endswith(".eml")]
    read = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(read, EmailMessage)
    return read


def words_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = site_with(tmp_path_factory.mktemp("notices"), TWO_SETS)
    title = '"Sie zahlen früher: 20 < 30 Tage & mehr – \U0001f600 und dazu noch viel mehr"'
    site.post("agreement", material="true", effective="", title=title, slug="sooner", summary="You pay *sooner*.")
    return site


def test_a_contractual_notice_is_read_back(site: Site) -> None:
    for files, audience in zip(made(site, NoticeKind.CONTRACTUAL), ("second", "main"), strict=True):
        mail = mail_of(files)
        assert not any(part.defects for part in mail.walk())
        assert mail["Subject"].startswith(
            "Change of The Agreement: Sie zahlen früher: 20 < 30 Tage & mehr – \U0001f600"
        )
        assert (mail["To"], mail["From"]) == ("recipient@placeholder.invalid", "sender@placeholder.invalid")
        assert mail["Content-Language"] == "en"
        assert mail["List-Unsubscribe"] is None
        text, html = words_of(mail, "plain"), words_of(mail, "html")
        for shown in (text, html):
            assert "effective date follows delivery of the notice" in shown
            assert "30 days, counted from delivery" in shown
            assert "https://terms.example.com/agreement/versions/2/" in shown
            assert "Größe &" in shown
            assert "unsubscribe" not in shown
            assert mail["X-Notice"].strip() in shown
            assert "\0" not in shown
        assert "20 &lt; 30 Tage &amp; mehr" in html
        names = [part.get_filename() for part in mail.iter_attachments()]
        assert names[0] == "agreement-2.html"
        assert "agreement-1-to-2.html" in names
        pages = [part.get_content() for part in mail.iter_attachments() if part.get_content_type() == "text/html"]
        assert all("twenty" in page and "src=" not in page for page in pages)
        assert any(name.endswith(f"-{audience}.json") for name in files)


def test_the_kinds_never_mix(site: Site) -> None:
    contractual, subscription = (made(site, kind) for kind in NoticeKind)
    mail = mail_of(subscription[0])
    assert mail["List-Unsubscribe"] == "<https://placeholder.invalid/unsubscribe>"
    assert "https://placeholder.invalid/unsubscribe" in words_of(mail, "plain")
    assert "https://placeholder.invalid/unsubscribe" in words_of(mail, "html")
    hashes = {mail_of(files)["X-Notice"].strip() for files in (*contractual, *subscription)}
    assert len(hashes) == 4


def test_a_message_says_the_day_that_its_receipt_has_fixed(tmp_path: Path) -> None:
    site = announced(tmp_path)
    (before,), (copy,) = made(site, NoticeKind.CONTRACTUAL), made(site, NoticeKind.CONTRACTUAL)
    assert before == copy
    receive(site, write_receipt(site, failures=3))
    (after,) = made(site, NoticeKind.CONTRACTUAL)
    mail = mail_of(after)
    assert mail["X-Notice"] == mail_of(before)["X-Notice"]
    for shown in (words_of(mail, "plain"), words_of(mail, "html")):
        assert "follows delivery" not in shown
        assert "Effective 17 February 2026" in shown
        assert "Notice period: delivered 17 January 2026" in shown
        assert "messages sent" not in shown
    facts = json.loads(after["0006-note-2-main.json"])
    assert (facts["receipt"], facts["awaited"]) == (False, False)
    facts = json.loads(made(site, NoticeKind.SUBSCRIPTION)[0]["0006-note-2-main.json"])
    assert (facts["receipt"], facts["awaited"]) == (False, False)


PERIODS = DOCUMENTS.replace(
    "published: agreement/}", "published: agreement/, delivery: active, notice: {count: 30}}"
).replace("published: rules/}", "published: rules/, delivery: active, notice: {count: 5, unit: business}}")


def test_each_document_has_its_own_period(tmp_path: Path) -> None:
    site = site_with(tmp_path, PERIODS)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("agreement, rules", material="true", effective="")
    (files,) = made(site, NoticeKind.CONTRACTUAL)
    mail = mail_of(files)
    text, html = words_of(mail, "plain"), words_of(mail, "html")
    assert "- The Agreement: Version 2" in text
    agreement, rules = text.split("- ")[-2:]
    assert "Notice period: 30 days, counted from delivery" in agreement
    assert "Notice period: 5 business days, counted from delivery" in rules
    assert html.index("30 days, counted") < html.index("5 business days, counted")
    facts = json.loads(files["0006-note-2-main.json"])["facts"]["entries"]
    assert [one["awaits"]["rules"][0]["count"] for one in facts] == [30, 5]
    # What was withdrawn since is neither promised nor attached.
    site.at(11).edit("rules.md", ("Be very kind", "Be kind"))
    site.post("rules", "withdraws: [rules@2]", slug="back", material="true", effective="immediately")
    told, withdrawal = notices(site.record)[-2:]
    message = composer(site).message(told)
    assert message.takes_receipt
    assert {one.name.partition("-")[0] for one in message.attachments} == {"agreement"}
    for shown in (message.text, message.html):
        assert shown.count("counted from delivery") == 1
        assert "withdrawn from 16 January 2026" in shown
    for shown in (composer(site).message(withdrawal).text, composer(site).message(withdrawal).html):
        assert "Version 2 withdrawn" in shown
        assert "version 1 continues to apply" in shown


def test_plain_text_says_which_settings_changed_and_why(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DOCUMENTS).at(10)
    site.write("documents.yml", DOCUMENTS.replace("published: rules/}", "published: rules/, notice: {count: 5}}"))
    site.post("rules", material="true", effective="immediately")
    text = words_of(mail_of(made(site, NoticeKind.CONTRACTUAL)[0]), "plain").replace("\r", "")
    assert "  Notice of changes\n    Before: nothing\n    After: 5 days, first day excluded\n" in text


def test_plain_text_says_which_rows_changed(tmp_path: Path) -> None:
    site = registers(tmp_path).at(10)
    site.edit("subs.yml", ("Names", "Names of users"))
    site.post("subs", material="true", effective="2026-03-01")
    text = words_of(mail_of(made(site, NoticeKind.CONTRACTUAL)[0]), "plain").replace("\r", "")
    assert "  Pagewing\n    Data\n      Before: Names\n      After: Names of users\n" in text, text


def test_a_corrected_description_comes_with_its_correction(tmp_path: Path) -> None:
    site = announced(tmp_path)
    (notice,) = (one for one in notices(site.record) if one.change.posted == site.now)
    seq = notice.entries[0].seq
    site.at(11).post(
        "agreement", f"corrects: {seq}", title="Of fees", summary="The fees do *not* rise.", material="true"
    )
    mail = mail_of(dict(notice_files(composer(site).message(notices(site.record)[-2]), NOTICE_FORMATS)))
    assert mail["X-Notice"] == notice.hash
    for shown in (words_of(mail, "plain"), words_of(mail, "html")):
        assert "Corrected on" in shown
        assert "The fees do" in shown
    assert "The fees do not rise." in words_of(mail, "plain")
    correction = mail_of(dict(notice_files(composer(site).message(notices(site.record)[-1]), NOTICE_FORMATS)))
    assert correction["Subject"] == "Correction (The Agreement): Of fees"
    text = words_of(correction, "plain")
    assert text.startswith("This is a notice from Größe & Co that corrects the description of a change.")
    assert "Original description. Of the change posted on" in text


def test_a_first_version_is_no_change_of_agreed_terms(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DOCUMENTS)
    mail = mail_of(made(site, NoticeKind.CONTRACTUAL)[0])
    assert words_of(mail, "plain").startswith("This is a notice from Größe & Co about new terms.")
    assert mail["Subject"].startswith("New terms (The Agreement, ")
    assert mail_of(made(site, NoticeKind.SUBSCRIPTION)[0])["Subject"] == mail["Subject"]


def test_no_text_becomes_a_header(site: Site) -> None:
    message = composer(site).message(notices(site.record)[-1])
    with pytest.raises(ValueError, match="linefeed"):
        eml(replace(message, subject="Fees\r\nBcc: eva@example.com"))
    encoded = eml(replace(message, subject="Fees & =?utf-8?q?=0D=0ABcc:_eva@example.com?= ü"))
    assert BytesParser(policy=policy.default).parsebytes(encoded)["Bcc"] is None


def test_each_subject_begins_on_the_line_of_its_header(site: Site) -> None:
    message = composer(site).message(notices(site.record)[-1])
    for length in range(60, 90):
        data = eml(replace(message, subject=("terms " * 20)[:length].strip()))
        assert data.startswith(b"Subject: terms"), length
        assert BytesParser(policy=policy.default).parsebytes(data)["Subject"] == ("terms " * 20)[:length].strip()


def test_the_title_of_a_document_becomes_no_header(tmp_path: Path) -> None:
    title = "'=?utf-8?q?Terms=0D=0ABcc:_eva@example.com?= ü'"
    site = posted_site(tmp_path, DOCUMENTS.replace("title: The Agreement", f"title: {title}"))
    for kind in NoticeKind:
        mail = mail_of(made(site, kind)[0])
        assert (mail["Bcc"], mail.defects) == (None, [])
        assert "Terms=0D=0ABcc:_eva@example.com" in mail["Subject"]


def test_json_and_manifest(site: Site) -> None:
    notice = notices(site.record)[-1]
    message = composer(site).message(notice)
    files = dict(notice_files(message, NOTICE_FORMATS))
    facts = json.loads(files[f"{notice.file_name}.json"])
    assert facts["notice"] == notice.hash
    assert facts["facts"] == notice.facts
    assert (facts["receipt"], facts["awaited"]) == (True, True)
    listed = json.loads(manifest({notice.hash: (message, files)}, NoticeKind.CONTRACTUAL))
    assert listed["placeholders"] == {
        "recipient": "recipient@placeholder.invalid", "sender": "sender@placeholder.invalid",
    }  # fmt: skip
    assert set(listed["messages"][0]["files"]) == set(files)


def test_the_command(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.root.joinpath("mkdocs.yml").write_text("site_name: Terms\nplugins: [engross]\n", "utf-8")
    monkeypatch.chdir(site.root)
    out = str(tmp_path / "out")
    done = CliRunner().invoke(
        main,
        [
            "notices",
            "--since",
            str(len(site.record.entries) - 1),
            "--out",
            out,
            "--kind",
            "contractual",
            "--format",
            "text",
        ],
    )
    assert done.exit_code == 0, done.output
    assert "contractual: 2 messages" in done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["contractual"]
    assert "the last entry of the ledger is" in CliRunner().invoke(main, ["notices", "--since", "99"]).output


def test_redacted_words_are_in_no_message(tmp_path: Path) -> None:
    site = posted_site(tmp_path).at(10)
    site.edit("rules.md", ("Post *nothing* unlawful.", "Post nothing unlawful. Call Quillfeather."))
    site.post("rules")
    assert any(b"Quillfeather" in data for files in made(site, NoticeKind.CONTRACTUAL) for data in files.values())
    redact(site, "Quillfeather", 12)
    for kind in NoticeKind:
        (files,) = made(site, kind)
        parts = [part.get_payload(decode=True) or b"" for part in mail_of(files).walk() if not part.is_multipart()]
        assert len(parts) >= 4
        assert not any(b"Quillfeather" in data for data in (*files.values(), *parts))


def test_a_german_document_is_announced_in_german(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    site.write("agreement.md", f"---\nlang: de\n---\n{site.read('agreement.md')}")
    site.post("agreement", material="true", effective="")
    (files,) = made(site, NoticeKind.CONTRACTUAL)
    mail = mail_of(files)
    assert mail["Content-Language"] == "de"
    assert mail["Subject"].startswith("Änderung (The Agreement): ")
    assert "Dies ist eine Mitteilung von" in words_of(mail, "plain")
    assert '<html lang="de">' in words_of(mail, "html")
    (redline,) = [data.decode() for name, data in files.items() if name.endswith("agreement-1-to-2.html")]
    assert "<title>Vergleich: " in redline
    assert "<h1>Was sich geändert hat</h1>" in redline


@pytest.mark.parametrize(
    ("stated", "sealed", "language"), [("de", "", "de"), ("", "fr", "fr"), ("de", "fr", "fr"), ("", "", "en")]
)
def test_the_language_of_a_sealed_text_comes_before_that_in_the_settings(
    tmp_path: Path, stated: str, sealed: str, language: str
) -> None:
    site = site_with(tmp_path)
    site.write("agreement.md", (f"---\nlang: {sealed}\n---\n" if sealed else "") + site.read("agreement.md"))
    site.post("agreement", material="true", effective="", slug="sooner")
    if stated:
        site.edit("documents.yml", ("title: The Agreement,", f"title: The Agreement, language: {stated},"))
    site.at(11).write("agreement.md", AGREEMENT)
    site.post("agreement", "withdraws: [agreement@2]", slug="back", material="true", effective="immediately")
    for notice in notices(site.record)[-2:]:
        message = composer(site).message(notice)
        assert message.language == language, notice.change.slug


def test_a_french_message_has_french_colons_and_no_elision(tmp_path: Path) -> None:
    site = site_with(tmp_path)
    site.write("agreement.md", f"---\nlang: fr\n---\n{site.read('agreement.md')}")
    site.post("agreement", material="true", effective="", title="Délais")
    message = composer(site).message(notices(site.record)[-1])
    assert message.subject == "Modification (The Agreement) : Délais"
    assert message.text.startswith("Größe & Co vous informe d’une modification des conditions")
    assert "  Préavis : 30 jours, à compter de la remise, premier jour non compté\n" in message.text
    assert "<p>Größe &amp; Co vous informe" in message.html


def test_a_document_in_no_set_is_announced_to_all(tmp_path: Path) -> None:
    site = posted_site(tmp_path, DOCUMENTS.replace("[rules, models]", "[models]")).at(10)
    site.edit("rules.md", ("Be kind", "Be very kind"))
    site.post("rules")
    (files,) = made(site, NoticeKind.CONTRACTUAL)
    (facts,) = [json.loads(data) for name, data in files.items() if name.endswith(".json")]
    assert facts["audience"] == {}


def test_without_the_pdf_extra_pages_alone_are_attached(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def attached() -> list[str]:
        return [one.name for one in composer(site).message(notices(site.record)[-1]).attachments]

    with_pdf = attached()
    monkeypatch.setattr(type(FORMATS["pdf"]), "is_installed", False)
    assert attached() == ["agreement-2.html", "agreement-1-to-2.html"]
    assert {name.rpartition(".")[2] for name in with_pdf} == {"html", "pdf"}


def test_a_new_sub_processor_is_named_with_the_last_day_to_object(tmp_path: Path) -> None:
    site = register_site(tmp_path)
    (files,) = made(site, NoticeKind.CONTRACTUAL)
    text = words_of(mail_of(files), "plain")
    assert "  Zebra (added), Last day to object: 14 February 2026\n" in text.replace("\r\n", "\n")
    assert "    Activity: Counting\n" in text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("rule", "own", "until"),
    [
        ("{count: 30}", "", "30 days after the notice is delivered"),
        (
            "{count: 30}",
            "notice_days: 60",
            "30 days after the notice is delivered; 60 days after the posting; whichever ends later",
        ),
        (
            "{count: 20, unit: business, calendar: [2026-12-24], first_day: included}",
            "",
            "20 business days after the notice is delivered, without 24 December 2026, first day included; "
            "30 days after the notice is delivered; whichever ends later",
        ),
    ],
)
def test_a_new_sub_processor_is_named_with_the_days_to_object_before_delivery(
    tmp_path: Path, rule: str, own: str, until: str
) -> None:
    site = delivered(tmp_path)
    site.edit("documents.yml", ("delivery: active, notice: {count: 30}", f"delivery: active, notice: {rule}"))
    site.edit("subs.yml", ("data: Names", "data: Addresses"))
    site.post("subs", *filter(None, [own]), slug="zebra", material="true", effective="")
    (files,) = made(site, NoticeKind.CONTRACTUAL)
    mail = mail_of(files)
    (facts,) = [json.loads(data) for name, data in files.items() if name.endswith(".json")]
    for text in (words_of(mail, "plain").replace("\r\n", "\n"), facts["text"]):
        assert f"  Zebra (added), Last day to object: {until}" in text
        assert text.count("Last day to object") == 1
    for html in (words_of(mail, "html"), facts["html"]):
        assert f"Last day to object: {until}<" in html
