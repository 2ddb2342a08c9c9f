"""A preview of the draft: what it shows whatever is wrong, what is not yet posted, and that nothing of it gets out."""

import json
import re
from pathlib import Path

import pytest
from building import DAY, Built, build
from posting import note, write_history

pytestmark = pytest.mark.slow

CANARY = "heliotrope"
"""A word of what is not yet posted."""

DRAFT_ONLY = ("gone", "policy", "front")
"""Documents of the draft that cannot be read."""


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    """The site with a history, drafts with every kind of mistake, and two notes that could be posted."""
    folder = tmp_path_factory.mktemp("draft")
    write_history(folder)
    grounds = "[{ground: law, cites: Act 13}]"
    kinder = note("rules", f"The rules are **{CANARY}** still.", grounds=grounds)
    (folder / "docs/changes/kind-rules.md").write_text(kinder, "utf-8")
    edit(folder, "docs/terms/rules.md", "very kind", f"very kind and {CANARY}")
    renamed = note("models", f"Small One is now {CANARY}.", material="false", effective="2026-12-01")
    (folder / "docs/changes/renamed.md").write_text(renamed, "utf-8")
    edit(folder, "docs/models.yml", "Small One", f"Small {CANARY}")
    edit(folder, "docs/models.yml", "deprecated: 2026-05-01", "deprecated: 2026-05-01, replacement: large-1")
    edit(folder, "docs/models.yml", "    name: Large 1", "    lifecycle: {retires: 2026-02-01}\n    name: Large 1")
    edit(folder, "docs/agreement.md", "Either party may end it.", f"Nobody may end it, {CANARY} or not.")
    (folder / "docs/policy.md").write_text("# Policy\n\nRaw <b>HTML</b>.\n\n<script>alert(1)</script>\n", "utf-8")
    (folder / "docs/front.md").write_text("---\n\n# by hand\ntitle: A\n---\n\n# Front\n\nText.\n", "utf-8")
    (folder / "docs/robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    (folder / "docs/form.html").write_text("<html><head><title>Form</title></head><body></body></html>", "utf-8")
    settings = folder / "docs/documents.yml"
    more = "".join(f"  - {{id: {name}, title: T, kind: policy, file: {name}.md}}\n" for name in DRAFT_ONLY)
    settings.write_text(settings.read_text("utf-8") + more, "utf-8")
    edit(folder, "mkdocs.yml", "{engross: {check: false}}", "{engross: {edition: !ENV [ENGROSS_EDITION, auto]}}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        patch.setenv("ENGROSS_EDITION", "draft")
        return folder, build(folder)


def banner(built: Built, page: str) -> str:
    """The banner and the findings at the top of a page, as text without markup."""
    top = built.page(page).partition("eg-preview")[2].partition("eg-about")[0].partition("<h1")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", top).split())


def test_a_draft_with_mistakes_is_built_whole_and_fails(draft: tuple[Path, Built]) -> None:
    _, built = draft
    assert built.status == 1
    shown = "\n".join(built.messages)
    assert "docs/policy.md:3:5: raw HTML is not allowed" in shown
    assert "there is no file gone.md" in shown
    assert "the text differs from agreement@5, and no change note names agreement" in shown
    assert (
        "the site was built, but there are mistakes in these documents: gone, policy, front, models"
        in built.messages[-1]
    )
    for page in ("index", "agreement/index", "terms/rules/index", "changes/index", "policy/index", "gone/index"):
        assert (built.site / f"{page}.html").is_file(), page


def test_a_document_that_cannot_be_read_shows_its_mistakes_and_its_source(draft: tuple[Path, Built]) -> None:
    _, built = draft
    shown = banner(built, "policy/index.html")
    assert "This document cannot be read." in shown
    assert "docs/policy.md:3:5" in shown
    assert "Rule: raw-html" in shown
    text = built.page("policy/index.html").partition('data-engross-text="policy"')[2]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in built.page("policy/index.html")
    assert "there is no file gone.md" in banner(built, "gone/index.html")
    assert "may be settings or text" in banner(built, "front/index.html")
    assert "# by hand\ntitle: A\n" in built.page("front/index.html").partition("data-engross-text")[2]


def test_a_model_list_with_a_mistake_is_shown_with_it(draft: tuple[Path, Built]) -> None:
    _, built = draft
    assert "large-1 is itself retired on that day" in banner(built, "models/index.html")
    assert f"Small {CANARY}" in built.page("models/index.html")


def test_a_change_without_a_note_is_a_finding_with_a_note_to_paste(draft: tuple[Path, Built]) -> None:
    _, built = draft
    shown = banner(built, "agreement/index.html")
    assert shown.count("no change note names agreement") == 1
    assert "docs/agreement.md:23:1" in shown
    assert "documents: [agreement]" in shown
    assert 'href="../not-posted/agreement/6/from-5/"' in built.page("agreement/index.html")
    assert CANARY in built.page("not-posted/agreement/6/from-5/index.html")
    assert "finding" not in banner(built, "terms/rules/index.html")
    # It is on the page of posted changes too, apart from those that could be posted.
    listed = built.page("changes/index.html").partition("data-engross-undescribed")[2].partition("</section>")[0]
    assert re.findall(r'<li><a href="([^"]+)">', listed)[0] == "../agreement/"
    assert '<a href="../not-posted/agreement/6/from-5/">See what changed</a>' in listed
    assert "<strong>Not yet posted</strong>" in listed
    assert "terms/rules" not in listed


def test_pending_notes_are_listed_as_they_will_be_posted(draft: tuple[Path, Built]) -> None:
    _, built = draft
    html = built.page("changes/index.html")
    slugs = re.findall(r'<div class="eg-change-body" id="change\.([a-z0-9.-]+)"', html)
    assert slugs[:3] == ["kind-rules", "renamed", "coming"]
    first, second = (html.split(f'id="change.{slug}"')[1].split("</details>")[0] for slug in slugs[:2])
    assert "<strong>Not yet posted</strong>" in first
    assert 'Effective, if posted now, <time datetime="2026-09-21T14:13:20Z">' in first
    assert 'Effective, if posted now, <time datetime="2026-12-01T00:00:00Z">' in second
    assert f"The rules are <strong>{CANARY}</strong> still." in first
    assert "The law requires it (cites Act 13)" in first
    for address in ("../terms/rules/", "../not-posted/rules/3/from-2/", "../rules/versions/2/"):
        assert f'href="{address}"' in first
        assert (built.site / "changes" / address / "index.html").is_file()
    assert "Not yet posted" not in html.split('id="change.coming"')[1]
    assert 'id="change.kind-rules"' in built.page("terms/rules/index.html")
    assert 'id="change.renamed"' not in built.page("terms/rules/index.html")
    # The filters know them too.
    (style,) = {name for name in built.files() if "engross-filters" in name and name.split("/")[-1] in html}
    assert "rules.material" in built.page(style)


def test_every_page_says_that_it_is_a_draft_and_hides_from_search_engines(draft: tuple[Path, Built]) -> None:
    _, built = draft
    pages = [name for name in built.files() if name.endswith(".html")]
    assert len(pages) > 40
    for name in pages:
        html = built.page(name)
        head = html.partition("</head")[0]
        assert re.search(r'<meta name="robots" content="[^"]*noindex', head), name
        assert "Content-Security-Policy" in head, name
        assert "application/atom+xml" not in head, name
        # A self-contained copy of a posted version is a file to keep, and a file of the site's own stays as it is.
        if not re.search(r"versions/\d+\.html$|^form\.html$", name):
            assert "Draft, not posted" in html, name
    assert "X-Robots-Tag: noindex" in built.page("_headers")
    assert built.page("robots.txt") == "User-agent: *\nDisallow: /\n"
    assert not [name for name in built.files() if name.startswith(("feeds/", "sitemap"))]


def test_links_of_a_preview_hold(draft: tuple[Path, Built]) -> None:
    _, built = draft
    for name in ("changes/index.html", "agreement/index.html", "not-posted/rules/3/from-2/index.html", "404.html"):
        for link in set(re.findall(r'href="(?!https:|data:)([^"#]+)', built.page(name))):
            path = built.site / link.lstrip("/") if link.startswith("/") else (built.site / name).parent / link
            assert path.exists(), (name, link)


def test_pending_changes_are_in_no_search_index_and_no_file_for_programs(draft: tuple[Path, Built]) -> None:
    _, built = draft
    index = json.loads(built.page("search/search_index.json"))["docs"]
    assert not [one for one in index if "Not yet posted" in one["text"] or "finding in this draft" in one["text"]]
    for name in ("manifest.json", "upcoming.json"):
        assert CANARY not in built.page(name)
        assert "kind-rules" not in built.page(name)


def test_the_published_site_has_nothing_of_what_is_not_posted(
    draft: tuple[Path, Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = draft
    monkeypatch.setenv(*next(iter(DAY.items())))
    monkeypatch.setenv("ENGROSS_EDITION", "in-force")
    # Documents that cannot be read were never posted: nothing of them is published.
    early = build(folder, "early")
    assert early.status == 0
    for path in early.site.rglob("*"):
        assert path.is_dir() or not any(one in path.read_bytes() for one in (CANARY.encode(), b"alert(1)")), path
    assert not {"policy", "front", "gone"} & {path.name for path in early.site.iterdir()}
    settings = folder / "docs/documents.yml"
    lines = settings.read_text("utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not re.search(r"id: (gone|policy|front),", line)), "utf-8")
    # Otherwise these would be ordinary pages of the site.
    (folder / "docs/policy.md").unlink()
    (folder / "docs/front.md").unlink()
    (folder / "docs/front.md").write_text("---\n\n# by hand\ntitle: A\n---\n\n# Front\n\nText.\n", "utf-8")
    (folder / "docs/robots.txt").unlink()
    edit(folder, "mkdocs.yml", "strict: true", "strict: false")
    built = build(folder, "published")
    assert built.status == 0
    for path in built.site.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert CANARY.encode() not in data, path
            # The schema of words.yml lists all words that pages can show.
            assert b"Draft, not posted" not in data or path.name == "words.schema.json", path
    assert "not-posted" not in {path.name for path in built.site.iterdir()}
    assert (built.site / "feeds/changes.xml").is_file()
    assert "Sitemap:" in built.page("robots.txt")
