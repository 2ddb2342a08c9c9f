"""`engross probe`: what is found on a live site that is not as it should be. The site is the tour's, on its own day."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.monitoring.live import SITE, Live

from browser_windows import serving
from engross.cli import main, probe as probe_command
from engross.common import EngrossError
from engross.model import Severity
from engross.monitoring import Expected, Probed, address_probe, page_policies, probe_site
from engross.monitoring.permanent_addresses import of_description, of_sitemap
from engross.record import Record, ask, open_record

TOUR = Path(__file__).parents[2] / "examples/tour"
BUILT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOON = BUILT + timedelta(hours=1)
NOTICED = datetime(2026, 12, 5, tzinfo=UTC)
"""The first of the days for which the tour has announced a change that was not withdrawn."""
"""When the next announced change of the tour takes effect."""
SAFE = {"x-content-type-options": "nosniff", "content-security-policy": "object-src 'none'; frame-ancestors 'self'"}


@pytest.fixture
def live(tour_site: Path) -> Live:
    return Live(tour_site, sent=dict(SAFE))


def probe(live: Live, *, every_address: bool = False, **expected: Any) -> Probed:
    return probe_site(SITE, Expected(**{"at": SOON, **expected}), live.ask, every_address=every_address)


def found(live: Live, **expected: Any) -> list[tuple[str, str]]:
    """The findings of a quick probe: rule and message."""
    return [(one.rule, one.message) for one in probe(live, **expected).findings]


def test_a_site_that_is_well(live: Live) -> None:
    record = open_record(TOUR / "record")
    probed = probe(live, every_address=True, entries=record.entries, name="the record here")
    assert probed.findings == ()
    assert (probed.site, probed.as_of, probed.entries) == (SITE, "2026-11-20T12:00:00Z", len(record.entries))
    assert probed.head == record.head
    asked = {name for _, name in live.asked}
    # Each kind of permanent address, the earlier address of a document, and a retired one.
    for name in (
        "agreement/versions/", "agreement/versions/11/", "agreement/versions/11/from-10/", "agreement/versions/3.md",
        "agreement/versions/3.html", "agreement/versions/3.json", "models/versions/2.yml",
        "agreement/versions/compare/",
        "changes/first-posting/", "changes/entry.49/", "acceptable-use/", "terms/acceptable-use/", "terms/preview/",
        "feeds/changes.xml", "acceptance/sets/corvane.json", "schemas/manifest.schema.json", "record/hashes.json",
        "models/models.json", "defined-terms/", "",
    ):  # fmt: skip
        assert name in asked, name
    assert probed.asked > 300


def test_every_page_of_the_record_is_asked(live: Live) -> None:
    probe(live, every_address=True)
    asked = {name for _, name in live.asked}
    pages = {
        path.parent.relative_to(live.folder).as_posix() + "/" for path in live.folder.glob("*/versions/**/index.html")
    }
    # A version that withdraws or restores has more redlines than that from the version before.
    assert {name for name in pages - asked if "/from-" not in name} == set()
    assert len(pages) > 100


def ledger(live: Live, entries: int) -> bytes:
    return b"".join((live.folder / "record/ledger.jsonl").read_bytes().splitlines(keepends=True)[:entries])


def rolled_back(live: Live, entries: int) -> None:
    """The site has an older ledger, as after a roll back."""
    data = ledger(live, entries)
    head = json.loads(data.splitlines()[-1])["hash"]
    manifest = json.loads(live.text("manifest.json"))
    live.changed |= {
        "record/ledger.jsonl": data,
        "manifest.json": json.dumps({**manifest, "ledger": {"entries": entries, "head": head}}).encode(),
    }


def test_the_live_record_is_compared(live: Live) -> None:
    record = open_record(TOUR / "record")
    last = len(record.entries)
    here = {"entries": record.entries, "name": "the record here"}
    assert found(live, **here) == []
    (problem,) = found(live, entries=record.entries[:-1], name="the record here")
    assert problem[0] == "live-record"
    assert f"the live site has {last} entries, the record here has {last - 1}: fetch the newest" in problem[1]
    (problem,) = found(live, entries=(*record.entries[:-2], record.entries[-1]), name="old.jsonl")
    assert f"entry {last - 1} is not the one in old.jsonl" in problem[1]
    rolled_back(live, last - 1)
    (problem,) = found(live, **here)
    assert (
        f"the live site has {last - 1} entries, the record here has {last}: what was posted last is not live"
        in problem[1]
    )
    # Without another copy, a ledger that was cut at its end is a chain like any other.
    assert found(live) == []


def test_a_live_ledger_that_contradicts_itself(live: Live) -> None:
    live.changed["record/ledger.jsonl"] = ledger(live, 50)
    (problem,) = (one for one in found(live) if one[0] == "live-record")
    assert "the two are from different builds" in problem[1]
    live.changed["record/ledger.jsonl"] = ledger(live, 54).replace(b"2026-11-03T10:00:00Z", b"2026-11-03T10:00:01Z")
    here = {"entries": open_record(TOUR / "record").entries, "name": "here"}
    assert [rule for rule, _ in found(live, **here)] == ["record"]


def test_a_site_that_is_not_built_any_more(live: Live) -> None:
    assert found(live, at=BUILT + timedelta(hours=26)) == []
    ((rule, message),) = found(live, at=BUILT + timedelta(hours=27))
    assert (rule, message.split(" (")[0]) == ("live-build", "the site was built 27 hours ago")
    ((rule, message),) = found(live, at=BUILT - timedelta(days=1))
    assert (rule, "is in the future: unset SOURCE_DATE_EPOCH" in message) == ("live-build", True)


def test_an_announced_change_that_has_not_taken_effect(live: Live) -> None:
    just_after = NOTICED + timedelta(minutes=30)
    assert [rule for rule, _ in found(live, at=NOTICED - timedelta(seconds=1))] == ["live-build"]
    messages = dict(found(live, at=just_after))
    assert messages["live-announced"].startswith(
        "what was announced for 2026-12-05T00:00:00Z has not taken effect on the live site (subprocessors): "
        "it was built before"
    )
    assert "live-announced" not in dict(found(live, at=just_after, grace=timedelta(minutes=60)))


def test_a_manifest_that_shows_another_version(live: Live) -> None:
    manifest = json.loads(live.text("manifest.json"))
    manifest["documents"][0]["in_force"]["version"] -= 1
    live.changed["manifest.json"] = json.dumps(manifest).encode()
    ((rule, message),) = found(live)
    assert (rule, message) == (
        "live-announced",
        "agreement: it shows version 9 as in force, and its ledger says version 10",
    )


def test_permanent_addresses_that_do_not_answer(live: Live) -> None:
    live.changed |= {"changes/first-posting/": None, "agreement/versions/3.md": None}
    problems = probe(live, every_address=True).findings
    assert {(one.rule, one.path) for one in problems} == {
        ("live-address", f"{SITE}agreement/versions/3.md"),
        ("live-address", f"{SITE}changes/first-posting/"),
    }
    assert all("it answers 404 Not Found, and this address is permanent" in one.message for one in problems)


def test_a_description_that_is_gone_is_one_of_them(live: Live) -> None:
    live.changed |= {"openapi.json": None, "sitemap.xml": None}
    problems = probe(live, every_address=True).findings
    assert [one.path for one in problems] == [f"{SITE}openapi.json", f"{SITE}sitemap.xml"]


def test_an_address_that_fails_once_is_asked_again(live: Live) -> None:
    tries: list[str] = []

    def fails_once(name: str) -> bool:
        tries.append(name)
        return name == "changes/first-posting/" and tries.count(name) == 1

    live.silent = fails_once
    assert probe(live, every_address=True).findings == ()


def test_a_host_that_falls_silent_is_not_asked_for_ever(live: Live) -> None:
    live.silent = lambda name: "versions/" in name
    problems = probe(live, every_address=True).findings
    assert any("the host has stopped answering" in one.message for one in problems)
    assert len(live.asked) < 200


def test_a_host_that_answers_everything(live: Live) -> None:
    live.missing = 200
    (problem,) = (one for one in probe(live, every_address=True).findings if one.rule == "live-address")
    assert "the host answers 200 for an address that does not exist" in problem.message


def test_a_host_that_refuses_short_requests(live: Live) -> None:
    live.head = 405
    assert probe(live, every_address=True).findings == ()
    assert ("GET", "agreement/versions/3.md") in live.asked


@pytest.mark.parametrize(
    ("sent", "rule", "output"),
    [
        ({}, "live-headers", "does not send x-content-type-options, content-security-policy; hosts that read _headers"),
        (
            {**SAFE, "content-security-policy": "object-src 'none'"},
            "live-headers",
            "content-security-policy with frame-anc",
        ),
        ({**SAFE, "cache-control": "public, max-age=86400"}, "live-caching", "may see the old page for that long"),
        ({**SAFE, "cache-control": "immutable"}, "live-caching", "Cache-Control is 'immutable'"),
    ],
)
def test_headers_that_a_host_should_set_are_warnings(live: Live, sent: dict[str, str], rule: str, output: str) -> None:
    live.sent = sent
    findings = probe(live).findings
    assert {(one.rule, one.severity) for one in findings} == {(rule, Severity.WARNING)}
    assert output in findings[-1].message


@pytest.mark.parametrize(
    "sent",
    ["default-src 'self'; frame-ancestors 'self'", "script-src 'none'; frame-ancestors 'self'",
     "object-src 'none'; frame-ancestors 'self', script-src 'self'"],
)  # fmt: skip
def test_a_policy_of_the_host_that_breaks_pages(live: Live, sent: str) -> None:
    live.sent["content-security-policy"] = sent
    assert any("the host's policy forbids what the page uses: script-src" in message for _, message in found(live))


@pytest.mark.parametrize(
    "sent",
    [
        "default-src * data: 'unsafe-inline'; frame-ancestors 'self'",
        "frame-ancestors 'none'",
        "img-src https: data:; frame-ancestors *",
    ],
)
def test_a_policy_of_the_host_that_allows_pages(live: Live, sent: str) -> None:
    live.sent["content-security-policy"] = sent
    assert found(live) == []


def test_the_policy_in_the_file_for_hosts_allows_all_pages(live: Live) -> None:
    lines = live.text("_headers").splitlines()
    live.sent = {key.strip().lower(): value.strip() for key, value in (line.split(":", 1) for line in lines[1:])}
    assert found(live) == []


def test_a_host_that_adds_a_script(live: Live) -> None:
    page = live.text("agreement/index.html").replace("</body>", "<script>track()</script></body>")
    live.changed["agreement/"] = page.encode()
    ((rule, message),) = found(live)
    assert (rule, "its policy does not fit its scripts" in message) == ("live-policy", True)
    live.changed["agreement/"] = live.text("agreement/index.html").replace("Content-Security-Policy", "x").encode()
    assert [rule for rule, _ in found(live)] == ["live-policy"]


def test_types_of_files(live: Live) -> None:
    live.types = {".html": "text/plain", ".json": "text/html"}
    messages = [message for rule, message in found(live) if rule == "live-headers"]
    assert "its Content-Type is 'text/html', and must contain json" in messages[0]
    assert "must contain text/html" in messages[1]


@pytest.mark.parametrize(
    "manifest",
    [b"[]", b"", b"{}", b"\xff", b"[" * 100_000, b'{"as_of": "soon"}', b'{"as_of": [], "ledger": 3, "documents": 1}'],
)
def test_a_manifest_that_is_none(live: Live, manifest: bytes) -> None:
    live.changed["manifest.json"] = manifest
    with pytest.raises(EngrossError) as failure:
        probe(live)
    assert failure.value.diagnostics[0].rule == "outside"


def test_a_site_that_engross_did_not_make(live: Live) -> None:
    live.changed["manifest.json"] = None
    with pytest.raises(EngrossError, match="it answers 404 Not Found; name the address of a site that Engross made"):
        probe(live)


@pytest.mark.parametrize(
    "description",
    [[], {}, {"paths": 1}, {"paths": {"/{a}/x": 1, "/{version}.json": {"get": []}}},
     {"paths": {"/{a}": {"get": {"parameters": [{"name": "a", "schema": {"enum": 5}}]}}}}],
)  # fmt: skip
def test_a_description_that_is_not_understood_is_skipped(description: Any) -> None:
    assert list(of_description(description, Record(Path(), "x"))) == []


def test_a_site_without_a_folder_for_each_page(live: Live) -> None:
    live.changed |= {"agreement/": None, "agreement.html": (live.folder / "agreement/index.html").read_bytes()}
    assert probe(live, every_address=True).findings == ()


def test_a_sitemap_of_another_site() -> None:
    text = "<loc>https://a.example/terms/x/</loc><loc>https://a.example/y/</loc><loc>https://a.example/terms/</loc>"
    assert list(of_sitemap(text, "https://a.example/terms/")) == ["x/", ""]


def test_the_command(tour_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_command, "now", lambda: SOON)
    run = CliRunner().invoke
    monkeypatch.chdir(tmp_path)
    with serving(tour_site) as address:
        alone = run(main, ["probe", address, "--quick"])
        entries = len(open_record(TOUR / "record").entries)
        assert (alone.exit_code, f"{entries} entries" in alone.stdout) == (0, True)
        assert run(main, ["probe", address, "--quick", "--strict"]).exit_code == 1
        copy = run(
            main, ["probe", address, "--against", str(TOUR / "record/ledger.jsonl"), "--quick", "--format", "json"]
        )
        output = json.loads(copy.stdout)
        assert (copy.exit_code, output["asked_at"], output["summary"]["errors"]) == (0, "2026-11-20T13:00:00Z", 0)
        short = ask(f"{address}manifest.json", method="HEAD")
        assert (short.status, short.data, short.headers["content-type"]) == (200, b"", "application/json")
        (tmp_path / "short.jsonl").write_bytes((tour_site / "record/ledger.jsonl").read_bytes()[:-1])
        assert run(main, ["probe", address, "--against", "short.jsonl"]).exit_code == 1
        assert run(main, ["probe", address, "--against", "missing.jsonl"]).exit_code == 2
        monkeypatch.chdir(TOUR)
        assert f"{entries} entries, as in the record here\n" in run(main, ["probe", address, "--quick"]).stdout
        (cut_site := tmp_path / "cut").joinpath("record").mkdir(parents=True)
        for name in ("manifest.json", "record/ledger.jsonl"):
            data = (tour_site / name).read_bytes()
            cut_site.joinpath(name).write_bytes(data.replace(b'"seq":3,', b'"seq":4,'))
    with serving(cut_site) as altered:
        said = run(main, ["probe", altered, "--quick"]).stdout
        assert ("no sound ledger" in said, "as in the record here" in said) == (True, False)
    gone = run(main, ["probe", address, "--format", "json"])
    output = json.loads(gone.stdout)
    assert (gone.exit_code, output["diagnostics"][0]["rule"], output["as_of"]) == (2, "outside", "")
    assert run(main, ["probe", "ftp://example.com"]).exit_code == 2


def test_a_sitemap_with_something_that_is_no_address(live: Live) -> None:
    live.changed["sitemap.xml"] = f"<loc>https://[x/</loc><loc>{SITE}gone/</loc>".encode()
    problems = probe(live, every_address=True).findings
    assert [one.path for one in problems] == [f"{SITE}sitemap.xml", f"{SITE}gone/"]
    assert "https://[x/ is not an address" in problems[0].message


@pytest.mark.parametrize("versions", ["", "/{version}"])
def test_a_description_of_too_many_addresses(live: Live, versions: str) -> None:
    parameters = [{"name": f"p{at}", "schema": {"enum": list(range(100))}} for at in range(8)]
    path = "".join(f"/{{p{at}}}" for at in range(8)) + versions
    live.changed["openapi.json"] = json.dumps({"paths": {path: {"get": {"parameters": parameters}}}}).encode()
    (problem,) = probe(live, every_address=True).findings
    assert (problem.path, "more than 100,000 addresses" in problem.message) == (f"{SITE}openapi.json", True)


def test_a_character_that_no_address_can_have(live: Live) -> None:
    manifest = json.loads(live.text("manifest.json"))
    manifest["documents"][0]["published"] = "x\ud800/"
    live.changed["manifest.json"] = json.dumps(manifest).encode()
    assert [one.path for one in probe(live).findings] == [f"{SITE}x%ED%A0%80/"]


def test_a_host_that_is_too_slow(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_probe, "LONGEST", timedelta())
    (problem,) = probe(live, every_address=True).findings
    assert "the host answers too slowly" in problem.message
    assert len(live.asked) < 100


def test_a_source_in_a_policy_that_is_no_address() -> None:
    assert not page_policies._allows(["https:"], "https://[x", SITE)
