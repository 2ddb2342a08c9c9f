"""A site that shows what is in force publishes nothing of `docs/` that was not posted, wherever it is written."""

import base64
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import AGREEMENT, MKDOCS, MODELS, RULES, Built, build, write_site
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post

pytestmark = pytest.mark.slow

CANARY = "quenzil"
"""In every text, name and comment that was not posted, followed by its place."""

PICTURED = RULES.replace("## Conduct\n", "![Flow](img/flow.png)\n\n## Conduct\n")
OLD = b"\x89PNG as posted"
NEW = b"\x89PNG quenzil-replaced " * 3
SHARED = b"\x89PNG quenzil is the name of the company"
GIVEN = "[{ground: law, cites: Act 12}]"


def with_pending(folder: Path) -> None:
    """Change everything that can change, with valid notes, and post nothing."""
    docs = folder / "docs"
    documents = (
        DOCUMENTS_POSTED.replace("title: The Agreement", "title: Quenzil-title Agreement")
        .replace("title: Main,", "title: Quenzil-set,")
        .replace("file: terms/rules.md,", "file: terms/quenzil-renamed.md, published: quenzil-address/,")
        .replace("policy: Posted on this page.", "policy: Quenzil-policy., notice_days: 30")
        .replace("title: It is reasonable", "title: Quenzil-ground")
        .replace("id: models, title: Model list,", "id: models, title: Quenzil-models,")
        .replace("documents:\n", "# quenzil-comment in settings\ndocuments:\n")
        + "  - {id: quenzil-id, title: Quenzil-new, kind: policy, file: quenzil-new.md, description: Quenzil-about.}\n"
        + "  - {id: quenzil-list, title: Quenzil-list, kind: catalogue, file: quenzil-list.yml}\n"
        + "baseline: quenzil-baseline.json\n"
    )
    (docs / "documents.yml").write_text(documents, "utf-8")
    (docs / "quenzil-baseline.json").write_text('{"baseline": 1, "findings": []}\n', "utf-8")
    words = AGREEMENT.replace("Either party", "Either quenzil-clause party").replace("## End", "## Quenzil-heading")
    words = words.replace("“Term”", "“Quenzil-term Term”").replace("the first year", "the quenzil-definition year")
    (docs / "agreement.md").write_text(words, "utf-8")
    (docs / "agreement.md").write_text(f"{words}\n![Quenzil-alt](img/quenzil-own.png)\n", "utf-8")
    (docs / "terms/rules.md").unlink()
    pictured = PICTURED.replace("Be kind", "Be quenzil-kind").replace(
        "../agreement.md#restrictions.h.iv", "../agreement.md"
    )
    (docs / "terms/quenzil-renamed.md").write_text(f"{pictured}\n![Plan](img/quenzil-plan.png)\n", "utf-8")
    (docs / "terms/img/flow.png").write_bytes(NEW)
    (docs / "terms/img/quenzil-plan.png").write_bytes(NEW)
    (docs / "img").mkdir()
    (docs / "img/quenzil-own.png").write_bytes(NEW)
    (docs / "models.yml").write_text(
        MODELS.replace("Maker & Co", "Quenzil-maker").replace("models:\n", "models:\n  # quenzil-comment in models\n")
        + "  - id: quenzil-model\n    name: Quenzil-row\n    provider: Other\n    eula: {spdx: MIT}\n"
        "    modalities: {in: [text], out: [text]}\n",
        "utf-8",
    )
    (docs / "quenzil-list.yml").write_text(MODELS.replace("Small 1", "Quenzil-small"), "utf-8")
    (docs / "quenzil-new.md").write_text("# Quenzil-new\n\n## Quenzil-section\n\nQuenzil-text.\n", "utf-8")
    every = "agreement, rules, models, quenzil-id, quenzil-list"
    pending = note(
        every, "Quenzil-summary.", grounds=GIVEN, reference="quenzil-reference", sets="[main]", effective="2027-06-01",
        anchors='{"agreement#end": agreement#quenzil-heading}',
    )  # fmt: skip
    (docs / "changes/quenzil-note.md").write_text(pending, "utf-8")
    own = note("agreement", "Quenzil-beside.", own_text="[agreement]", effective="2027-01-01")
    (docs / "changes/quenzil-own.md").write_text(own, "utf-8")
    (docs / "changes/quenzil-own.agreement.md").write_text(AGREEMENT.replace("Either", "Quenzil-other"), "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("unposted")
    # The texts have drafting findings, which fail a strict build.
    config = MKDOCS.replace("check: false", "check: true").replace("strict: true", "repo_url: https://github.com/a/b")
    write_site(folder, {**POSTED_SITE, "docs/terms/rules.md": PICTURED, "mkdocs.yml": config})
    (folder / "docs/terms/img").mkdir()
    (folder / "docs/terms/img/flow.png").write_bytes(OLD)
    post(folder, 0, "first", note("agreement, rules, models", "First."))
    with_pending(folder)
    nav = "  - Quenzil-nav: quenzil-new.md\n  - Quenzil-group: [quenzil-list.md, terms/quenzil-renamed.md]\n"
    (folder / "mkdocs.yml").write_text(f"{config}  - In force: in-force.md\n{nav}", "utf-8")
    return build(folder)


def leaks(site: Path) -> Iterator[str]:
    """Where the canary is: names of files, with what is around it."""
    coded = [base64.b64encode(b"quenzil-replaced"[at:])[4:16] for at in range(3)]
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if CANARY in name.lower():
            yield f"the name {name}"
        data = path.read_bytes() if path.is_file() else b""
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        for found in re.finditer(rb".{0,40}quenzil.{0,30}", data, re.IGNORECASE | re.DOTALL):
            yield f"{name}: {found[0]!r}"
        yield from (f"{name}: a picture in base64" for one in coded if one in data)


def test_nothing_that_was_not_posted_is_published(built: Built) -> None:
    assert built.status == 0
    assert [said for said in built.messages if not said.startswith("engross: docs/")] == []
    assert not any("changes/" in said and "schema" in said for said in built.messages), built.messages
    assert len(list(leaks(built.site.parent / "docs"))) > 30
    assert list(leaks(built.site)) == []


def test_what_was_posted_is_published_at_its_address(built: Built) -> None:
    assert (built.site / "terms/img/flow.png").read_bytes() == OLD
    assert "The Agreement" in built.page("agreement/index.html")
    assert "Be kind" in built.page("terms/rules/index.html")
    assert "Maker &amp; Co" in built.page("models/index.html")
