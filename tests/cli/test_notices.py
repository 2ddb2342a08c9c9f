"""`engross notices` and `engross receipt`: from a posted change to a local mail server, and back into the record."""

import gzip
import json
import re
import socket
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from pypdf import PdfReader
from tests.monitoring.live import SITE, Live
from tests.record.delivering import DELIVERED, TWO_SETS, site_with
from tests.record.playing import Site, files_below
from tests.site.building import build

from engross.cli import main
from engross.model import NOT_FIXED, Severity
from engross.monitoring import Expected, probe_site
from engross.record.delivery import notices
from engross.record.posting.receipts import add_receipts
from engross.record.verification import verify

SCRIPT = Path(__file__).parents[2] / "manual" / "docs" / "how-to" / "send_notices.py"
CERTIFICATE = Path(__file__).with_name("mail_server.pem")
MKDOCS = """\
site_name: Terms
site_url: https://terms.example/
theme: {name: material, font: false}
plugins: [search, {engross: {formats: [md, html, akn, docx, pdf]}}]
"""
POSTED = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


class Mailbox:
    """A mail server's handler that keeps what it gets, refuses recipients, and breaks off once at one of them."""

    def __init__(self, refused: str = "gone@", breaks: str = "", later: str = "") -> None:
        self.got: list[tuple[str, bytes]] = []
        self.refused, self.breaks, self.later = refused, breaks, later

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == self.breaks:
            self.breaks = ""
            assert server.transport is not None
            server.transport.close()
        if address == self.later:
            self.later = ""
            return "450 greylisted"
        if address.startswith(self.refused):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.got.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


def site_now(root: Path, documents: str) -> Site:
    """A site with a change that was posted an hour ago and waits for its delivery."""
    site = site_with(root, documents)
    site.now = POSTED
    site.post("agreement", material="true", effective="")
    root.joinpath("mkdocs.yml").write_text("site_name: Terms\nplugins: [engross]\n", "utf-8")
    return site


def run(*args: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in args])


def built(root: Path, name: str) -> Path:
    """Build the site strictly; all its files for programs have the schemas published beside them."""
    result = build(root, name, strict=True)
    assert (result.status, result.messages) == (0, [])
    site = result.site
    files = {
        "upcoming": "upcoming.json", "versions": "agreement/versions/versions.json", "manifest": "manifest.json",
        "version": "agreement/versions/2.json", "clauses": "agreement/versions/clauses.json",
        "redline": "agreement/versions/2/from-1.json",
    }  # fmt: skip
    for schema, file in files.items():
        rules = Draft202012Validator(json.loads((site / f"schemas/{schema}.schema.json").read_text("utf-8")))
        assert list(rules.iter_errors(json.loads((site / file).read_text("utf-8")))) == [], file
    change = Draft202012Validator(json.loads((site / "schemas/change.schema.json").read_text("utf-8")))
    for item in json.loads((site / "feeds/changes.json").read_text("utf-8"))["items"]:
        assert list(change.iter_errors(item["_engross"])) == []
    return site


def files_with_no_day(site: Path) -> list[Path]:
    """The files that show the instant of what waits, in their text or in that of their parts."""
    files = [path for path in site.rglob("*") if path.is_file() and "assets" not in path.parts]
    return [path for path in files if any(re.search(rb"\b9999\b|99991231", text) for text in texts_of(path))]


def texts_of(path: Path) -> Iterator[bytes]:
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())
    elif path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif path.suffix == ".pdf":
        reader = PdfReader(path)
        yield from (page.extract_text().encode() for page in reader.pages)
        yield f"{reader.metadata} {reader.xmp_metadata and reader.xmp_metadata.rdf_root.toxml()}".encode()
    else:
        yield path.read_bytes()


def probed(site: Path, at: datetime) -> set[str]:
    """The rules by which a probe of every address finds errors."""
    found = probe_site(SITE, Expected(at=at), Live(site).ask, every_address=True).findings
    return {one.rule for one in found if one.severity is Severity.ERROR}


def updates(site: Path) -> tuple[datetime, datetime]:
    """When the feed, and in it the change that waits, were updated last; JSON says the same of the change."""
    atom = ElementTree.parse(site / "feeds/changes.xml").getroot()
    feed, item = (datetime.fromisoformat(one.text or "") for one in list(atom.iterfind(".//{*}updated"))[:2])
    newest = json.loads((site / "feeds/changes.json").read_text("utf-8"))["items"][0]
    assert item == datetime.fromisoformat(newest.get("date_modified", newest["date_published"]))
    return feed, item


def change_words(site: Path) -> str:
    """The words of the page of the change that waits."""
    return " ".join(re.sub(r"<[^>]+>", " ", (site / "changes/note-2/index.html").read_text("utf-8")).split())


def test_the_site_shows_a_change_before_and_after_its_receipt(tmp_path: Path) -> None:
    site = site_now(tmp_path, DELIVERED)
    site.write("index.md", "# Home\n")
    site.write("changes.md", "# Changes\n\n<!-- engross: posted changes -->\n")
    tmp_path.joinpath("mkdocs.yml").write_text(MKDOCS, "utf-8")
    before = built(tmp_path, "before")
    assert "effective date follows delivery of the notice" in change_words(before)
    assert "Effective 2" not in change_words(before)
    assert "effective" not in json.loads((before / "upcoming.json").read_text("utf-8"))["announced"][0]
    assert "BEGIN:VEVENT" not in (before / "feeds/changes.ics").read_text("utf-8")
    assert "effective a date" not in (before / "agreement/versions/2/index.html").read_text("utf-8")
    assert files_with_no_day(before) == []
    assert (probed(before, POSTED + timedelta(days=400)), updates(before)) == ({"live-build"}, (POSTED, POSTED))
    (notice,) = [one for one in notices(site.record) if one.change.posted == POSTED]
    facts = {"notice": notice.hash, "sent": f"{POSTED:%Y-%m-%dT%H:%M:%SZ}", "count": 3, "failures": 1}
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps(facts), "utf-8")
    fixed = POSTED + timedelta(minutes=5)
    add_receipts(site.folders, [receipt], ZoneInfo("UTC"), fixed, dry_run=False)
    after = built(tmp_path, "after")
    day = POSTED.replace(hour=0, minute=0, second=0) + timedelta(days=31)
    assert (probed(after, day), updates(after)) == ({"live-build", "live-announced"}, (fixed, fixed))
    shown = change_words(after)
    assert "follows delivery" not in shown
    assert f"Effective {day.day} {day:%B %Y}" in shown
    assert "Notice period: delivered" in shown
    assert f"+ 30 days, first day excluded = in force from {day.day} {day:%B %Y}, 00:00 UTC" in shown
    assert "3 messages sent, 1 failed" in shown
    (announced,) = json.loads((after / "upcoming.json").read_text("utf-8"))["announced"]
    assert announced["effective"] == f"{day:%Y-%m-%dT%H:%M:%SZ}"
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in (after / "feeds/changes.ics").read_text("utf-8")


def test_a_round_trip_with_the_script_of_the_manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    assert run("notices", "--since", len(site.record.entries) - 1).exit_code == 0
    recipients = addresses(tmp_path, "eva@example.com", "gone@example.com", "adam@example.com")
    mailbox = Mailbox()
    folder = tmp_path / "notices" / "contractual"
    assert send(tmp_path, mailbox, times=2) == [0, 0]  # The second time sends nothing.
    assert [to for to, _ in mailbox.got] == ["eva@example.com", "adam@example.com"]
    for to, data in mailbox.got:
        mail = BytesParser(policy=policy.default).parsebytes(data)
        assert (mail["To"], mail["From"]) == (to, "terms@example.com")
        assert b"placeholder.invalid" not in data
        attached = {part.get_filename(): part for part in mail.iter_attachments()}
        assert {"agreement-2.html", "agreement-1-to-2.html"} <= set(attached)
        for name in attached:
            beside = next(folder.glob(f"*/{name}")).read_bytes()
            assert (attached[name].get_payload(decode=True) or b"").splitlines() == beside.splitlines()
    assert sorted(path.name for path in recipients.iterdir() if b"eva@" in path.read_bytes()) == [
        f"{mail['X-Notice'].strip()}.log", "main.txt"
    ]  # fmt: skip
    (receipt,) = folder.glob("*.receipt.json")
    done = run("receipt", receipt)
    assert done.exit_code == 0, done.output
    assert "1 of 3 messages failed" in done.output
    assert re.search(r"  notice of agreement@2: delivered .* [+] 30 days, first day excluded = in force", done.output)
    version = site.record.versions["agreement"][-1]
    sent = datetime.fromisoformat(json.loads(receipt.read_text("utf-8"))["sent"])
    midnight = sent.replace(hour=0, minute=0, second=0)
    assert version.effective == midnight + timedelta(days=31)
    assert verify(site.folders.record, datetime.now(UTC))[1] == []
    assert b"example.com" not in (site.folders.record / "ledger.jsonl").read_bytes().splitlines()[-1]
    before = files_below(site.folders.record)
    again = run("receipt", receipt)
    assert again.exit_code == 1
    assert "has a receipt already" in again.output
    assert files_below(site.folders.record) == before


def addresses(root: Path, *names: str) -> Path:
    folder = root / "recipients"
    folder.mkdir(exist_ok=True)
    folder.joinpath("main.txt").write_text("".join(f"{name}\n" for name in names), "utf-8")
    return folder


def send(root: Path, mailbox: Mailbox, times: int = 1, **parameters: Any) -> list[int]:
    """Run the manual's script against a mail server on this machine with some parameters; its exit codes."""
    with socket.create_server(("127.0.0.1", 0)) as free:  # The controller takes no port 0.
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port, **parameters)
    server.start()
    folder = root / "notices" / "contractual"
    args = [sys.executable, SCRIPT, folder, root / "recipients", "terms@example.com", "127.0.0.1", str(port)]
    try:
        return [subprocess.run(args, check=False, timeout=60, capture_output=True).returncode for _ in range(times)]
    finally:
        server.stop()


def test_the_script_sends_to_nobody_twice_and_gives_no_receipt_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    assert run("notices", "--since", len(site.record.entries) - 1).exit_code == 0
    folder = tmp_path / "notices" / "contractual"
    addresses(tmp_path)
    assert send(tmp_path, Mailbox()) == [0]
    addresses(tmp_path, "eva@example.com", "adam@example.com", "ida@example.com")
    assert send(tmp_path, Mailbox(refused="")) == [0]
    assert list(folder.glob("*.receipt.json")) == []
    mailbox = Mailbox(breaks="adam@example.com", later="ida@example.com")
    assert send(tmp_path, mailbox) != [0]
    assert list(folder.glob("*.receipt.json")) == []
    assert send(tmp_path, mailbox) == [0]
    assert list(folder.glob("*.receipt.json")) == []
    assert send(tmp_path, mailbox) == [0]
    assert [to for to, _ in mailbox.got] == ["eva@example.com", "adam@example.com", "ida@example.com"]
    (receipt,) = folder.glob("*.receipt.json")
    assert json.loads(receipt.read_text("utf-8"))["failures"] == 0
    assert run("receipt", receipt).exit_code == 0
    assert run("notices", "--since", 0, "--out", "again", "--kind", "contractual").exit_code == 0


def test_the_script_says_what_is_missing_before_it_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_now(tmp_path, TWO_SETS)
    monkeypatch.chdir(tmp_path)
    since = ("notices", "--since", len(site.record.entries) - 1, "--kind", "contractual")
    assert run(*since).exit_code == run(*since, "--format", "text", "--out", "texts").exit_code == 0
    lists = addresses(tmp_path, "eva@example.com")
    for folder, said in (
        ("notices", "manifest.json is missing: name the folder 'contractual' that engross notices wrote"),
        ("texts/contractual", "texts/contractual has no .eml files: run engross notices without --format"),
        ("notices/contractual", "recipients/second.txt is missing: write the addresses for "),
    ):
        words = [sys.executable, SCRIPT, folder, lists, "terms@example.com", "127.0.0.1", "1"]
        result = subprocess.run(words, check=False, timeout=60, capture_output=True, text=True)
        assert (result.returncode, result.stdout) == (1, "")
        assert said in result.stderr
        assert "Traceback" not in result.stderr
    lists.joinpath("second.txt").write_text("eva@example.com\n", "utf-8")
    result = subprocess.run(words, check=False, timeout=60, capture_output=True, text=True)
    assert (result.returncode, "the mail server 127.0.0.1:1 broke off: " in result.stderr) == (1, True)
    assert "Traceback" not in result.stderr
    assert list(lists.glob("*.log")) == []


def test_the_script_logs_in_over_tls_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    assert run("notices", "--since", len(site.record.entries) - 1, "--kind", "contractual").exit_code == 0
    addresses(tmp_path, "eva@example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setenv("SMTP_USER", "terms")
    monkeypatch.setenv("SMTP_PASSWORD", "wrong")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    seen: list[tuple[bytes, bytes]] = []

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        seen.append((given.login, given.password))
        return AuthResult(success=seen[-1] == (b"terms", b"right"), handled=False)

    secure = {"tls_context": tls, "require_starttls": True, "auth_required": True, "authenticator": check}
    mailbox = Mailbox()
    assert send(tmp_path, mailbox, authenticator=check, auth_require_tls=False) != [0]  # It has no TLS.
    assert (seen, mailbox.got) == ([], [])
    assert send(tmp_path, mailbox, **secure) != [0]
    assert mailbox.got == []
    assert list(tmp_path.rglob("*.receipt.json")) == []
    monkeypatch.setenv("SMTP_PASSWORD", "right")
    assert send(tmp_path, mailbox, **secure) == [0]
    assert [to for to, _ in mailbox.got] == ["eva@example.com"]
    assert len(list(tmp_path.rglob("*.receipt.json"))) == 1


def test_messages_that_nobody_needs_are_named_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    since = ("notices", "--since", len(site.record.entries) - 1)
    (notice,) = [one for one in notices(site.record) if one.change.posted == POSTED]
    receipt = tmp_path / "receipt.json"
    receipt.write_text(json.dumps({"notice": notice.hash, "sent": f"{POSTED:%Y-%m-%dT%H:%M:%SZ}", "count": 3}), "utf-8")
    assert run("receipt", receipt).exit_code == 0
    done = run(*since, "--out", "delivered")
    name = f"contractual/{notice.file_name}"
    line = f"{name} is not written: it was delivered: entry 7 (receipt agreement@2); --delivered writes it again"
    assert line in " ".join(done.output.split())
    assert "contractual: 0 messages" in done.output
    assert "subscription: 1 message\n" in done.output
    assert "contractual: 1 message\n" in run(*since, "--out", "notices", "--delivered").output
    addresses(tmp_path, "ida@example.com")
    mailbox = Mailbox()
    assert send(tmp_path, mailbox) == [0]
    assert [to for to, _ in mailbox.got] == ["ida@example.com"]
    assert list((tmp_path / "notices").rglob("*.receipt.json")) == []  # It would be refused.
    site.now = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    site.edit("agreement.md", ("within twenty days", "within thirty days"))
    site.post("agreement", "withdraws: [agreement@2]", material="true", effective="immediately")
    done = run(*since, "--out", "withdrawn", "--delivered")
    assert f"{name} is not written: the change was withdrawn" in " ".join(done.output.split())
    assert f"subscription/{notice.file_name} is not written" in " ".join(done.output.split())
    assert "contractual: 1 message\n" in done.output


def test_a_folder_of_an_earlier_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site_now(tmp_path, TWO_SETS)
    monkeypatch.chdir(tmp_path)
    stale = tmp_path / "notices" / "subscription"
    stale.mkdir(parents=True)
    done = run("notices", "--since", 0)
    assert done.exit_code == 2
    assert "messages of two runs must not be mixed" in " ".join(done.output.split())
    assert list((tmp_path / "notices").iterdir()) == [stale]


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    module = import_module("engross.cli.notices")
    write, written = module.write_file, []

    def full(path: Path, data: bytes) -> None:
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(path)
        write(path, data)

    monkeypatch.setattr(module, "write_file", full)
    assert run("notices", "--since", 0).exit_code != 0
    assert len(written) == 2
    assert list((tmp_path / "notices").iterdir()) == []


def test_nothing_to_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_now(tmp_path, DELIVERED)
    monkeypatch.chdir(tmp_path)
    assert site.record.versions["agreement"][-1].effective == NOT_FIXED
    done = run("notices", "--since", len(site.record.entries))
    assert done.exit_code == 0, done.output
    for kind in ("contractual", "subscription"):
        assert f"{kind}: 0 messages" in done.output
        listed = json.loads((tmp_path / "notices" / kind / "manifest.json").read_text("utf-8"))
        assert listed["messages"] == []
