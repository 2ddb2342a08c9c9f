"""A site that shows what is in force publishes nothing of `docs/` that was not posted, wherever it is written."""

import base64
import gzip
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from building import AGREEMENT, MKDOCS, MODELS, RULES, Built, build, write_site
from posting import DOCUMENTS_POSTED, POSTED_SITE, note, post
from pypdf import PdfReader

from engross.corpus import copy_path

pytestmark = pytest.mark.slow

CANARY = "quenzil"
"""In every text, name and comment that was not posted, followed by its place."""

PICTURED = RULES.replace("## Conduct\n", "![Flow](img/flow.png)\n\n## Conduct\n")
OLD = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)
NEW = b"\x89PNG quenzil-replaced " * 3
OWN = OLD + b"of the site"

REGISTERS = """\
  - {id: subs, title: Sub-processors, kind: register, register: subprocessors, file: subs.yml, changes: changes.md}
  - {id: prices, title: Prices, kind: register, register: prices, file: prices.yml, changes: changes.md}
  - id: sites
    title: Sites
    kind: register
    file: sites.yml
    register: {columns: [{id: name, label: Name}, {id: phone, label: Telephone, contractual: false}]}
"""
LISTED = DOCUMENTS_POSTED + REGISTERS
SUBS = "rows:\n  - {id: a, entity: Ann, activity: Mail, data: Mail, location: DE, address: Hall 1, start: 2025-01-01}\n"
PRICES = "rows:\n  - {id: hour, item: Hour, unit: hour, amount: '1.50', currency: EUR, since: 2025-01-01}\n"
SITES = "rows:\n  - {id: hh, name: Hamburg, phone: '1'}\n"

SETTINGS = (
    LISTED.replace("title: The Agreement", "title: Quenzil-title Agreement")
    .replace("title: Main,", "title: Quenzil-set,")
    .replace("incorporates: [rules, models]", "incorporates: [rules, models, quenzil-id]")
    .replace("file: terms/rules.md,", "file: terms/quenzil-renamed.md, published: quenzil-address/,")
    .replace("policy: Posted on this page.", "policy: Quenzil-policy., notice_days: 30")
    .replace("title: It is reasonable", "title: Quenzil-ground")
    .replace("id: models, title: Model list,", "id: models, title: Quenzil-models,")
    .replace("documents:\n", "# quenzil-comment in settings\ndocuments:\n")
    .replace("title: Sub-processors", "title: Quenzil-subs")
    .replace("label: Telephone", "label: Quenzil-label")
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
    # A column that is no part of the contract needs no note, and is posted with the next release.
    "docs/subs.yml": SUBS.replace("Hall 1", "Quenzil-hall").replace("Ann", "Quenzil-entity") + "  # quenzil-comment\n"
    + "  - {id: quenzil-sub, entity: Quenzil, activity: Mail, data: Mail, location: DE, start: 2027-06-01}\n",
    "docs/prices.yml": PRICES + PRICES.replace("rows:\n", "").replace("hour", "quenzil-price"),
    "docs/sites.yml": SITES.replace("'1'", "quenzil-phone") + "  - {id: quenzil-site, name: Quenzil-site}\n",
    "docs/licences/0123456789ab.txt": "The quenzil licence of a model to come.\n",
    "docs/quenzil-list.yml": MODELS.replace("Small 1", "Quenzil-small"),
    "docs/quenzil-new.md": "# Quenzil-new\n\n## Quenzil-section\n\nQuenzil-text.\n",
    "docs/changes/quenzil-note.md": note(
        "agreement, rules, models, quenzil-id, quenzil-list, subs, prices, sites", "Quenzil-summary.",
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
CONFIG = MKDOCS.replace("check: false", "check: true, formats: [html, md, akn, pdf, docx]").replace(
    "strict: true", "repo_url: https://github.com/a/b"
)
NAV = "  - Quenzil-nav: quenzil-new.md\n  - Quenzil-group: [quenzil-list.md, terms/quenzil-renamed.md]\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("unposted")
    posted: dict[str, str | bytes | None] = {
        "docs/terms/rules.md": PICTURED,
        "docs/terms/img/flow.png": OLD,
        "docs/img/logo.png": OWN,
        "docs/index.md": "# Home\n\n![Logo](img/logo.png)\n",
        "docs/models.yml": LICENSED,
        f"docs/{copy_path(LICENCE_HASH)}": LICENCE,
        "docs/documents.yml": LISTED,
        "docs/subs.yml": SUBS,
        "docs/prices.yml": PRICES,
        "docs/sites.yml": SITES,
        "mkdocs.yml": CONFIG,
    }
    write_site(folder, {**POSTED_SITE, **posted})
    post(folder, 0, "first", note("agreement, rules, models, subs, prices, sites", "First."))
    pending = {**PENDING, "mkdocs.yml": f"{CONFIG}  - In force: in-force.md\n{NAV}"}
    write_site(folder, {**POSTED_SITE, **posted, **pending})
    return build(folder)


@pytest.fixture(scope="module")
def unreadable(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same site as a host publishes it, when hardly a text in the docs can be read."""
    folder = tmp_path_factory.mktemp("unreadable") / "site"
    shutil.copytree(built.site.parent, folder, ignore=shutil.ignore_patterns("site"))
    config = (folder / "mkdocs.yml").read_text("utf-8").replace("check: true", "check: true, edition: in-force")
    html, broken = "\nA <quenzil-tag>.\n", "  - {quenzil-row: [}\n"
    mistakes = {
        "mkdocs.yml": config,
        "docs/agreement.md": f"{WORDS}\n![A](img/quenzil%20space.png) ![B](img/quenzil.bmp)\n{html}",
        "docs/models.yml": LICENSED + broken,
        "docs/quenzil-list.yml": MODELS + broken,
        "docs/subs.yml": SUBS + broken,
        "docs/changes/quenzil-note.md": f"Quenzil-summary.\n{html}",
        "docs/changes/quenzil-own.agreement.md": str(PENDING["docs/changes/quenzil-own.agreement.md"]) + html,
    }
    for name, text in mistakes.items():
        (folder / name).write_text(text, "utf-8")
    for name in ("quenzil space.png", "quenzil.bmp"):
        (folder / "docs/img" / name).write_bytes(NEW)
    (folder / "docs/quenzil-new.md").write_bytes(b"# Quenzil-new\n\nQuenzil caf\xe9.\n")
    return build(folder)


def contents(site: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all files of a site, of what is packed in them, and the texts of PDF files."""
    for path in sorted(site.rglob("*")):
        name, data = path.relative_to(site).as_posix(), path.read_bytes() if path.is_file() else b""
        yield name, gzip.decompress(data) if path.suffix == ".gz" else data
        if path.suffix in (".docx", ".zip"):
            packed = ZipFile(path)
            yield from ((f"{name}/{one}", packed.read(one)) for one in packed.namelist())
        if path.suffix == ".pdf":
            reader = PdfReader(path)
            words = [*(page.extract_text() for page in reader.pages), str(reader.metadata), str(reader.attachments)]
            yield f"{name} as text", "\n".join(words).encode()


def leaks(site: Path) -> Iterator[str]:
    """Where the canary is: names of files, with what is around it."""
    coded = [base64.b64encode(b"quenzil-replaced"[at:])[4:16] for at in range(3)]
    for name, data in contents(site):
        if CANARY in name.lower():
            yield f"the name {name}"
        for found in re.finditer(rb".{0,40}quenzil.{0,30}", data, re.IGNORECASE | re.DOTALL):
            yield f"{name}: {found[0]!r}"
        yield from (f"{name}: a picture in base64" for one in coded if one in data)


def test_nothing_that_was_not_posted_is_published(built: Built) -> None:
    assert built.status == 0
    assert [message for message in built.messages if not message.startswith("engross: docs/")] == []
    assert not any("changes/" in message and "schema" in message for message in built.messages), built.messages
    assert len(list(leaks(built.site.parent / "docs"))) > 30
    assert list(leaks(built.site)) == []


def test_nothing_is_published_of_texts_that_cannot_be_read(unreadable: Built) -> None:
    assert (unreadable.status, list(leaks(unreadable.site))) == (0, [])
    assert (unreadable.site / "terms/img/flow.png").read_bytes() == OLD
    assert (unreadable.site / "img/logo.png").read_bytes() == OWN


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
