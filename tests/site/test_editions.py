"""Which edition a build shows: the versions in force on its day or the draft, and its notices about that."""

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from building import AGREEMENT, DOCUMENTS, MODELS, Built, build, write_site

from engross.common import EngrossError
from engross.corpus.folders import find_folders
from engross.corpus.project import read_project
from engross.record import open_record, release
from engross.site.editions import choose_edition

FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALL = "agreement, rules, models"


def note(documents: str = ALL, effective: str = "immediately", *more: str, kind: str = "substantive") -> str:
    material = "material: true\n" if kind == "substantive" else ""
    lines = "".join(f"{line}\n" for line in more)
    head = f"documents: [{documents}]\nclass: {kind}\n{material}effective: {effective}\n"
    head += f"approved_by: Counsel\ntitle: A change\n{lines}"
    return f"---\n{head}---\n\nWhat changed.\n"


def post(folder: Path, at: datetime, files: Mapping[str, str]) -> None:
    """Write files, and release what they change."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert release(find_folders(folder), datetime.now(UTC), at)


def build_on(folder: Path, day: str, edition: str = "auto", *, check: bool = False) -> Built:
    said = f"engross: {{check: {str(check).lower()}, edition: {edition}}}"
    config = folder / "mkdocs.yml"
    before = config.read_text("utf-8")
    config.write_text(before.replace("engross: {check: false}", said), encoding="utf-8")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()))
    try:
        return build(folder)
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        config.write_text(before, encoding="utf-8")


CHANGED = AGREEMENT.replace("(a) copy;", "(a) copy or lend;").replace("## End\n", "## Ending\n")
ANNOUNCED = CHANGED.replace("Either party may end it.", "Either party may end it in writing.")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a history: posted, changed, and a change that is announced."""
    folder = tmp_path_factory.mktemp("editions")
    write_site(folder)
    post(folder, FIRST, {"docs/changes/first.md": note()})
    post(folder, FIRST.replace(month=2), {"docs/agreement.md": CHANGED, "docs/changes/second.md": note("agreement")})
    announced = {"docs/agreement.md": ANNOUNCED, "docs/changes/third.md": note("agreement", "2026-06-01")}
    post(folder, FIRST.replace(month=3), announced)
    return folder


@pytest.fixture(scope="module")
def built(place: Path) -> Built:
    return build_on(place, "2026-04-01", check=True)


@pytest.mark.slow
def test_the_page_shows_what_is_in_force_and_says_since_when(built: Built) -> None:
    assert built.messages == []
    page = built.page("agreement/index.html")
    assert "copy or lend" in page
    assert "in writing" not in page
    assert '<time datetime="2026-02-01T12:00:00Z">1 February 2026, 12:00 UTC</time>' in page
    assert 'href="versions/2/"' in page
    assert "eg-draft" not in page


def cited(page: str) -> dict[str, str]:
    """The attributes of the text's element."""
    found = re.search(r'<div class="eg-text" ([^>]*)>', page)
    assert found
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', found[1]))


@pytest.mark.slow
def test_the_text_has_what_a_citation_says_of_the_version(built: Built) -> None:
    said = cited(built.page("agreement/index.html"))
    assert len(said.pop("hash")) == 64
    assert said == {
        "engross-text": "agreement",
        "title": "The Agreement",
        "version": "2",
        "effective": "1 February 2026, 12:00 UTC",
        "address": "versions/2/",
    }


@pytest.mark.slow
def test_search_finds_nothing_but_what_is_in_force(built: Built) -> None:
    index = built.page("search/search_index.json")
    assert "copy or lend" in index
    assert "in writing" not in index, "announced"
    pages = {entry["location"].partition("#")[0] for entry in json.loads(index)["docs"]}
    posted = {"changes/first/", "changes/second/", "changes/third/"}
    assert pages == {"", "agreement/", "terms/rules/", "models/", "changes/", *posted}


def test_what_is_announced_is_on_the_page_with_its_day(built: Built) -> None:
    page = built.page("agreement/index.html")
    assert "Version 3 takes effect on" in page
    assert '<time datetime="2026-06-01T00:00:00Z">1 June 2026</time>' in page
    assert 'href="versions/3/"' in page


@pytest.mark.slow
def test_a_changed_clause_leads_to_its_history_and_a_renamed_heading_keeps_its_address(built: Built) -> None:
    page = built.page("agreement/index.html")
    assert page.count("Changed in version 2") == 2
    assert 'href="versions/clauses/#c' in page
    assert '<span id="end" data-engross-generated></span>' in page


@pytest.mark.slow
def test_the_ledger_is_published_as_it_was_on_the_day(place: Path, built: Built) -> None:
    ledger = (place / "record" / "ledger.jsonl").read_bytes()
    assert (built.site / "record" / "ledger.jsonl").read_bytes() == ledger
    early = build_on(place, "2026-01-15")
    assert "copy;" in early.page("agreement/index.html")
    assert (early.site / "record" / "ledger.jsonl").read_bytes() == b"".join(ledger.splitlines(keepends=True)[:4])


@pytest.mark.slow
def test_the_day_comes_and_what_was_announced_is_in_force(place: Path) -> None:
    page = build_on(place, "2026-06-01").page("agreement/index.html")
    assert "in writing" in page
    assert "takes effect on" not in page


@pytest.mark.slow
def test_the_draft_says_that_it_is_one(place: Path) -> None:
    page = build_on(place, "2026-04-01", "draft").page("agreement/index.html")
    assert "in writing" in page
    assert "eg-draft" in page
    assert "Read version 2, which is in force" in page
    assert cited(page) == {"engross-text": "agreement", "title": "The Agreement"}


@pytest.mark.slow
def test_before_anything_was_posted_the_draft_is_shown_and_named_as_one(place: Path) -> None:
    page = build_on(place, "2025-12-01").page("agreement/index.html")
    assert "in writing" in page
    assert "No version has been posted. This text is not in force." in page


@pytest.mark.slow
def test_a_text_that_changed_in_silence_fails_a_build_that_checks(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    (tmp_path / "docs" / "agreement.md").write_text(CHANGED, encoding="utf-8")
    built = build_on(tmp_path, "2026-04-01", check=True)
    assert built.status == 1
    assert any("unposted-change" in said for said in built.messages)
    assert not built.site.exists()


@pytest.mark.slow
def test_a_document_that_was_never_posted_is_left_out_of_what_is_in_force(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    faq = "  - {id: faq, title: Questions, kind: policy, file: faq.md}\n"
    (tmp_path / "docs" / "documents.yml").write_text(DOCUMENTS + faq, encoding="utf-8")
    (tmp_path / "docs" / "faq.md").write_text("# Questions\n\nNone.\n", encoding="utf-8")
    built = build_on(tmp_path, "2026-04-01", "in-force")
    assert (built.status, built.messages) == (0, [])
    assert not [name for name in built.files() if "faq" in name]


def test_nothing_can_be_in_force_where_nothing_was_posted(tmp_path: Path) -> None:
    write_site(tmp_path)
    record, drafts = open_record(tmp_path / "record"), read_project(tmp_path / "docs")
    with pytest.raises(EngrossError, match=r"agreement was never posted\. Write the first note"):
        choose_edition("in-force", "build", drafts, record, FIRST)


@pytest.mark.slow
def test_a_document_that_is_only_announced_has_a_page_that_says_so(tmp_path: Path) -> None:
    write_site(tmp_path)
    files = {
        "docs/changes/first.md": note("agreement, models"),
        "docs/changes/rules.md": note("rules", "2026-06-01"),
        "docs/agreement.md": AGREEMENT.replace("see the [rules](terms/rules.md#conduct) and", "see"),
    }
    post(tmp_path, FIRST, files)
    built = build_on(tmp_path, "2026-04-01", "in-force")
    assert built.messages == []
    page = built.page("terms/rules/index.html")
    assert "No version of this document is in force" in page
    assert "Version 1 takes effect on" in page
    assert "Be kind" not in page


@pytest.mark.slow
def test_a_document_that_moved_leaves_a_page_that_leads_on(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    moved = DOCUMENTS.replace("title: Rules of Use", "title: House Rules").replace(
        "file: terms/rules.md", "file: terms/rules.md, published: house-rules/"
    )
    post(tmp_path, FIRST.replace(month=2), {"docs/documents.yml": moved})
    built = build_on(tmp_path, "2026-04-01")
    assert built.messages == []
    assert "Be kind" in built.page("house-rules/index.html")
    left = built.page("terms/rules/index.html")
    assert 'content="0; url=../../house-rules/"' in left
    assert '<link rel="canonical" href="https://example.com/house-rules/">' in left
    assert '<link rel="stylesheet" href="../../assets/engross-archive.' in left
    assert "script-src 'self';" in left


@pytest.mark.slow
def test_a_record_that_was_altered_stops_the_build(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    sealed = next((tmp_path / "record" / "agreement").glob("*.md"))
    sealed.write_bytes(sealed.read_bytes() + b" ")
    built = build_on(tmp_path, "2026-04-01")
    assert built.status == 1
    assert any("entry 1 (post agreement@1): this sealed file was altered" in said for said in built.messages)


@pytest.mark.slow
def test_the_address_of_a_definition_in_running_text_outlives_its_name(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note(), "docs/agreement.md": AGREEMENT + "\nThe firm (“Quill”).\n"})
    files = {
        "docs/agreement.md": AGREEMENT + "\nThe firm (“Ostrelle”).\n",
        "docs/changes/name.md": note(
            "agreement", "immediately", 'anchors: {"agreement#end.quill": "agreement#end.ostrelle"}'
        ),
    }
    post(tmp_path, FIRST.replace(month=2), files)
    built = build_on(tmp_path, "2026-04-01")
    assert built.messages == []
    page = built.page("agreement/index.html")
    assert '<span id="end.quill" data-engross-generated></span>' in page
    assert 'id="end.ostrelle"' in page


@pytest.mark.long
@pytest.mark.slow
def test_the_address_of_a_model_that_was_taken_out_leads_to_another(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    files = {
        "docs/models.yml": "models:\n" + MODELS[MODELS.index("  - id: large-1") :],
        "docs/index.md": "# Home\n",
        "docs/changes/gone.md": note("models", "immediately", 'anchors: {"models#small-1": "models#large-1"}'),
    }
    post(tmp_path, FIRST.replace(month=2), files)
    built = build_on(tmp_path, "2026-04-01")
    assert built.messages == []
    assert re.search(r'<span id="small-1"></span>\s*<h2 id="large-1">', built.page("models/index.html"))


@pytest.mark.slow
def test_a_document_that_was_retired_leaves_a_page_that_leads_to_its_versions(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    without = "".join(line for line in DOCUMENTS.splitlines(keepends=True) if "id: rules" not in line)
    files = {
        "docs/documents.yml": without.replace("rules, models", "models").replace("[rules, agreement]", "[agreement]"),
        "docs/agreement.md": AGREEMENT.replace("see the [rules](terms/rules.md#conduct) and", "see"),
        "docs/changes/end.md": note("rules, agreement", "immediately", "sets: main\nreplaced_by: {rules: agreement}"),
    }
    (tmp_path / "docs/terms/rules.md").unlink()
    config = (tmp_path / "mkdocs.yml").read_text("utf-8")
    (tmp_path / "mkdocs.yml").write_text(config.replace("  - Rules: terms/rules.md\n", ""), "utf-8")
    post(tmp_path, FIRST.replace(month=2), files)
    built = build_on(tmp_path, "2026-04-01")
    assert built.messages == []
    left = built.page("terms/rules/index.html")
    assert "This document has not been in force since" in left
    assert '<time datetime="2026-02-01T12:00:00Z">1 February 2026, 12:00 UTC</time>' in left
    assert 'href="../../rules/versions/"' in left
    # Why, what replaces it, and its last text.
    assert re.search(r'<a href="../../changes/end/">[^<]+</a></p>\s*<blockquote>', left)
    assert 'Replaced by: <a href="../../agreement/">' in left
    assert '<a href="../../rules/versions/1/">Read the last text, version 1</a>' in left
    assert re.search(r"<dt>Replaced by</dt><dd>[^<]+: <a href=", built.page("changes/end/index.html"))
    assert "refresh" not in left


@pytest.mark.slow
def test_a_model_says_which_version_changed_it(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    changed = MODELS.replace("eula: {spdx: MIT, retrieved: 2026-01-31}", "eula: {spdx: Apache-2.0}")
    files = {"docs/models.yml": changed, "docs/changes/licence.md": note("models")}
    post(tmp_path, FIRST.replace(month=2), files)
    built = build_on(tmp_path, "2026-04-01")
    assert built.messages == []
    page = built.page("models/index.html")
    assert page.count("Changed in version 2") == 1
    assert 'href="versions/clauses/#c1"' in page


@pytest.mark.long
@pytest.mark.slow
def test_an_emergency_lets_drafting_warnings_of_a_draft_pass(tmp_path: Path) -> None:
    write_site(tmp_path)
    post(tmp_path, FIRST, {"docs/changes/first.md": note()})
    (tmp_path / "docs" / "agreement.md").write_text(AGREEMENT.replace("(a) copy;", "(a) copy the the text;"), "utf-8")
    for more, status in (((), 1), (("emergency: an order of a court",), 0)):
        second = note("agreement", "immediately", *more)
        (tmp_path / "docs" / "changes" / "second.md").write_text(second, "utf-8")
        built = build_on(tmp_path, "2026-02-01", "draft", check=True)
        assert (built.status, [one for one in built.messages if "“the the”" in one] != []) == (status, bool(status))


RETIRING = ("faq/index.html", "faq/versions/index.html", "faq/versions/1/index.html", "404.html")


@pytest.mark.long
@pytest.mark.slow
def test_a_document_stays_until_its_retirement_takes_effect(tmp_path: Path) -> None:
    write_site(tmp_path)
    faq = "  - {id: faq, title: Questions, kind: policy, file: faq.md}\n"
    files = {"docs/documents.yml": DOCUMENTS + faq, "docs/faq.md": "# Questions\n\nNone asked.\n"}
    post(tmp_path, FIRST, {**files, "docs/changes/first.md": note(f"{ALL}, faq")})
    (tmp_path / "docs" / "faq.md").unlink()
    post(
        tmp_path,
        FIRST.replace(month=2),
        {"docs/documents.yml": DOCUMENTS, "docs/changes/end.md": note("faq", "2026-06-01")},
    )
    before = build_on(tmp_path, "2026-04-01")
    pages = {name: " ".join(re.sub(r"<[^>]+>", "", before.page(name)).split()) for name in RETIRING}
    assert "None asked." in pages["faq/index.html"]
    assert "Announced. This document is no longer published from 1 June 2026." in pages["faq/index.html"]
    assert "Announced: This document is no longer published from 1 June 2026" in pages["404.html"]
    ends = "From 1 June 2026, this document is no longer published and no longer in force."
    assert ends in pages["faq/index.html"]
    assert ends in pages["faq/versions/1/index.html"]
    for name, text in pages.items():
        assert "has not been in force" not in text, name
        assert "ceased" not in text, name
    after = build_on(tmp_path, "2026-06-02")
    assert "None asked." not in after.page("faq/index.html")
    assert "faq/versions/" in after.page("faq/index.html")
