"""A site that shows what is in force publishes nothing of `docs/` that was not posted, wherever it is written."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import AGREEMENT, MKDOCS, MODELS, RULES, Built, build, write_site
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post

from engross.corpus import copy_path

pytestmark = pytest.mark.slow

CANARY = "quenzil"
"""In every text, name and comment that was not posted, followed by its place."""

PICTURED = RULES.replace("## Conduct\n", "![Flow](img/flow.png)\n\n## Conduct\n")
OLD = b"\x89PNG as posted"
NEW = b"\x89PNG quenzil-replaced " * 3
OWN = b"\x89PNG of the site"

SETTINGS = (
    DOCUMENTS_POSTED.replace("title: The Agreement", "title: Quenzil-title Agreement")
    .replace("title: Main,", "title: Quenzil-set,")
    .replace("incorporates: [rules, models]", "incorporates: [rules, models, quenzil-id]")
    .replace("file: terms/rules.md,", "file: terms/quenzil-renamed.md, published: quenzil-address/,")
    .replace("policy: Posted on this page.", "policy: Quenzil-policy., notice_days: 30")
    .replace("title: It is reasonable", "title: Quenzil-ground")
    .replace("id: models, title: Model list,", "id: models, title: Quenzil-models,")
    .replace("documents:\n", "# quenzil-comment in settings\ndocuments:\n")
    + "  - {id: quenzil-id, title: Quenzil-new, kind: policy, file: quenzil-new.md, description: Quenzil-about.}\n"
    + "  - {id: quenzil-list, title: Quenzil-list, kind: catalogue, file: quenzil-list.yml}\n"
    + "baseline: quenzil-baseline.json\n"
)
WORDS = (
    AGREEMENT.replace("Either party", "Either quenzil-clause party")
    .replace("## End", "## Quenzil-heading")
    .replace("“Term”", "“Quenzil-term Term”")
    .replace("the first year", "the quenzil-definition year")
    + "\n![Quenzil-alt](img/quenzil-own.png) ![Logo](img/logo.png) and [more](quenzil-new.md).\n"
)
KINDER = PICTURED.replace("Be kind", "Be quenzil-kind").replace("../agreement.md#restrictions.h.iv", "../agreement.md")
LICENCE = "You may do anything.\n"
LICENCE_HASH = hashlib.sha256(LICENCE.encode()).hexdigest()
LICENSED = MODELS.replace(
    "{spdx: MIT, retrieved: 2026-01-31}",
    f"{{spdx: MIT, retrieved: 2026-01-31, sha256: {LICENCE_HASH}, copy: {copy_path(LICENCE_HASH)}, "
    "quotes: [{about: Commercial use, words: You may do anything, place: The first line}]}",
)
ROW = """\
  # quenzil-comment in models
  - id: quenzil-model
    name: Quenzil-row
    provider: Other
    eula: {spdx: MIT}
    modalities: {in: [text], out: [text]}
"""
PENDING: dict[str, str | bytes | None] = {
    "docs/documents.yml": SETTINGS,
    "docs/quenzil-baseline.json": '{"baseline": 1, "findings": []}\n',
    "docs/agreement.md": WORDS,
    "docs/terms/rules.md": None,
    "docs/terms/quenzil-renamed.md": f"{KINDER}\n![Plan](img/quenzil-plan.png)\n",
    "docs/terms/img/flow.png": NEW,
    "docs/terms/img/quenzil-plan.png": NEW,
    "docs/img/quenzil-own.png": NEW,
    "docs/img/quenzil-beside.png": NEW,
    "docs/models.yml": LICENSED.replace("Maker & Co", "Quenzil-maker") + ROW,
    "docs/licences/0123456789ab.txt": "The quenzil licence of a model to come.\n",
    "docs/quenzil-list.yml": MODELS.replace("Small 1", "Quenzil-small"),
    "docs/quenzil-new.md": "# Quenzil-new\n\n## Quenzil-section\n\nQuenzil-text.\n",
    "docs/changes/quenzil-note.md": note(
        "agreement, rules, models, quenzil-id, quenzil-list", "Quenzil-summary.",
        grounds="[{ground: law, cites: Quenzil-act}]", reference="quenzil-reference", sets="[main]",
        effective="2027-06-01", anchors='{"agreement#end": agreement#quenzil-heading}',
    ),
    "docs/changes/quenzil-own.md": note(
        "agreement", "Quenzil-beside.", own_text="[agreement]", effective="2027-01-01"
    ),
    "docs/changes/quenzil-own.agreement.md": AGREEMENT.replace(
        "Either", "Quenzil-other ![Beside](img/quenzil-beside.png)"
    ),
    **{
        f"docs/{name}": f"# Quenzil-left\n\nQuenzil-copy in {name}.\n"
        for name in ("agreement.md~", "#agreement.md#", "agreement.md.orig", "agreement.md.bak.txt",
                     "agreement_LOCAL_123.md", "terms/rules_BACKUP_7.md", "models.yml.rej", "documents.yml~")
    },
}  # fmt: skip
"""Everything that can change, with valid notes; nothing of it is posted."""

# The texts have drafting findings, which fail a strict build.
CONFIG = MKDOCS.replace("check: false", "check: true").replace("strict: true", "repo_url: https://github.com/a/b")
NAV = "  - Quenzil-nav: quenzil-new.md\n  - Quenzil-group: [quenzil-list.md, terms/quenzil-renamed.md]\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("unposted")
    posted = {
        "docs/terms/rules.md": PICTURED,
        "docs/terms/img/flow.png": OLD,
        "docs/img/logo.png": OWN,
        "docs/index.md": "# Home\n\n![Logo](img/logo.png)\n",
        "docs/models.yml": LICENSED,
        f"docs/{copy_path(LICENCE_HASH)}": LICENCE,
        "mkdocs.yml": CONFIG,
    }
    write_site(folder, {**POSTED_SITE, **posted})
    post(folder, 0, "first", note("agreement, rules, models", "First."))
    pending = {**PENDING, "mkdocs.yml": f"{CONFIG}  - In force: in-force.md\n{NAV}"}
    write_site(folder, {**POSTED_SITE, **posted, **pending})
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
    assert [message for message in built.messages if not message.startswith("engross: docs/")] == []
    assert not any("changes/" in message and "schema" in message for message in built.messages), built.messages
    assert len(list(leaks(built.site.parent / "docs"))) > 30
    assert list(leaks(built.site)) == []


def test_what_was_posted_is_published_at_its_address(built: Built) -> None:
    assert (built.site / "terms/img/flow.png").read_bytes() == OLD
    assert (built.site / "img/logo.png").read_bytes() == OWN
    assert "The Agreement" in built.page("agreement/index.html")
    assert "Be kind" in built.page("terms/rules/index.html")
    models = built.page("models/index.html")
    assert "Maker &amp; Co" in models
    assert (built.site / copy_path(LICENCE_HASH)).read_text("utf-8") == LICENCE
    assert f'href="../{copy_path(LICENCE_HASH)}"' in models
    assert (
        '<li>Commercial use: <q>You may do anything</q> <span class="eg-beside">quoted from MIT, The first line<'
        in models
    )
