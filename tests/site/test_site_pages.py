"""The pages of a site: addresses, navigation, tables of contents, links and downloads, as in MkDocs."""

import html
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from building import AGREEMENT, DOCUMENTS, MKDOCS, MODELS, RULES, Built, build, write_site
from jsonschema import Draft202012Validator

from engross.render import PAPER_STYLE
from engross.render.templates import asset

pytestmark = pytest.mark.slow

GENERATED = {"404.html", "defined-terms/index.html", "defined-terms.html", "in-force/index.html", "since/index.html"}
PAGES = {"index.html", "agreement/index.html", "terms/rules/index.html", "models/index.html", "changes/index.html"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The test site, with a repository to edit it in, notes and other YAML, and a front matter."""
    folder = tmp_path_factory.mktemp("site")
    repository = "repo_url: https://git.example/terms\nedit_uri: edit/main/docs/\n"
    extra = {
        "mkdocs.yml": MKDOCS + repository + "theme: {name: material, font: false, features: [content.action.edit]}\n",
        "docs/terms/rules.md": "---\nsearch: {boost: 2}\n---\n" + RULES,
        "docs/changes/2026-01.md": "---\nclass: minor\n---\nA note.\n",
        "docs/changes/template.yml": "a: b\n",
        "docs/other.YAML": "a: b\n",
    }
    extra["mkdocs.yml"] = extra["mkdocs.yml"].replace("theme: {name: material, font: false}\n", "", 1)
    write_site(folder, extra)
    made = build(folder)
    assert (made.status, made.messages) == (0, [])
    return made


def hrefs(page: str) -> set[str]:
    return {html.unescape(found) for found in re.findall(r'href="?([^" >]+)', page)}


def test_every_document_and_every_page_is_there(built: Built) -> None:
    assert {name for name in built.files() if name.endswith(".html")} - GENERATED == PAGES


def test_sources_notes_and_yaml_are_no_pages(built: Built) -> None:
    assert {name for name in built.files() if name.lower().endswith((".yml", ".yaml"))} == {"other.YAML"}, "theirs"
    assert not any(name.startswith("changes/2026") for name in built.files())
    assert {name for name in built.files() if name.endswith(".md")} == {
        "agreement/agreement.md",
        "terms/rules/rules.md",
    }


def test_titles_of_the_navigation_are_carried_over(built: Built) -> None:
    for name in PAGES:
        navigation = built.page(name)
        navigation = " ".join(re.sub(r"<[^>]*>", " ", navigation[navigation.index("md-nav--primary") :]).split())
        for title in ("Home", "The contract", "Rules", "List", "Changes"):
            assert f" {title} " in navigation, name
    assert "<title>The contract - Test</title>" in built.page("agreement/index.html")


def test_previous_and_next_follow_the_navigation(built: Built) -> None:
    page = built.page("agreement/index.html")
    assert '<link rel="prev" href="..">' in page
    assert '<link rel="next" href="../terms/rules/">' in page


def test_the_table_of_contents_has_every_section_with_its_number(built: Built) -> None:
    page = built.page("agreement/index.html")
    contents = page[page.index("md-nav--secondary") :]
    entries = re.findall(
        r'href="#([\w.-]+)" class="md-nav__link">\s*<span class="md-ellipsis">\s*(.*?)\s*</span>', contents, re.S
    )
    plain = [(anchor, re.sub(r"<[^>]*>", "", words).strip()) for anchor, words in dict(entries).items()]
    assert plain == [
        ("definitions", "1. Definitions"),
        ("use", "2. Use"),
        ("restrictions", "2.1 Restrictions"),
        ("end", "3. End"),
    ]
    assert '<span class="eg-number" data-engross-generated>2.1</span> Restrictions' in page


def test_edit_links_lead_to_the_source_of_each_page(built: Built) -> None:
    edit = "https://git.example/terms/edit/main/docs"
    assert f"{edit}/agreement.md" in hrefs(built.page("agreement/index.html"))
    assert f"{edit}/terms/rules.md" in hrefs(built.page("terms/rules/index.html"))
    assert f"{edit}/models.yml" in hrefs(built.page("models/index.html"))


def test_every_clause_can_be_addressed_and_links_to_itself(built: Built) -> None:
    page = built.page("agreement/index.html")
    anchors = re.findall(r'id="([^"]+)"', page[page.index("data-engross-text") : page.index("</article")])
    assert len(anchors) == len(set(anchors))
    wanted = {"restrictions.a", "restrictions.h.iv", "definitions.data", "definitions.term.b", "use", "end.t1.r1"}
    assert wanted <= set(anchors)
    assert {f"#{anchor}" for anchor in wanted} <= hrefs(page)


def test_links_lead_from_page_to_page_and_to_clauses(built: Built) -> None:
    assert {"agreement/#restrictions.h.iv", "models/#small-1"} <= hrefs(built.page("index.html"))
    assert "../../agreement/#restrictions.h.iv" in hrefs(built.page("terms/rules/index.html"))
    assert {"../terms/rules/#conduct", "https://example.com/"} <= hrefs(built.page("agreement/index.html"))


def test_each_page_says_what_its_document_is(built: Built) -> None:
    def about(name: str) -> str:
        found = re.search(r'<aside class="eg-about".*?</aside>', built.page(name), re.S)
        assert found
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[0])).split())

    assert about("agreement/index.html") == (
        "Incorporates Rules of Use , Model list "
        "Order of precedence The first listed prevails: Rules of Use this document "
        "Changes are posted on the page of posted changes"
    )
    assert about("terms/rules/index.html") == (
        "Incorporated by The Agreement Order of precedence The first listed prevails: this document The Agreement"
    )
    assert about("models/index.html") == "Incorporated by The Agreement"


def test_what_was_never_posted_says_on_every_page_that_it_is_not_in_force(built: Built) -> None:
    messages = "<strong>Draft.</strong> No version has been posted. This text is not in force."
    for name in ("agreement/index.html", "terms/rules/index.html", "models/index.html"):
        assert built.page(name).count(messages) == 1, name
    assert built.page("404.html").count(messages) == 3
    assert built.page("llms.txt").count("Draft. No version has been posted. This text is not in force.") == 3


def test_search_engines_read_what_a_document_is_about(built: Built) -> None:
    assert '<meta name="description" content="How to behave.">' in built.page("terms/rules/index.html")


def test_no_description_of_a_document_ends_an_attribute(tmp_path: Path) -> None:
    evil = """Terms" onmouseover=alert(1) x="'<script>alert(1)</script> & more"""
    listed = DOCUMENTS.replace("How to behave.", "'" + evil.replace("'", "''") + "'")
    front = f"---\nauthor: '{evil.replace(chr(39), chr(39) * 2)}'\n---\n"
    write_site(tmp_path, {"docs/documents.yml": listed, "docs/terms/rules.md": front + RULES})
    page = build(tmp_path).page("terms/rules/index.html")
    messages = [attributes["content"] for attributes in tags(page, "meta") if evil in (attributes.get("content") or "")]
    assert len(messages) == 3, "description, author, and what is shown where the page is shared"
    assert not [name for tag in ("meta", "script") for names in tags(page, tag) for name in names if name[:2] == "on"]
    assert "<script>alert" not in page


def tags(html: str, name: str) -> list[dict[str, str | None]]:
    """The attributes of each tag of a name, as a browser reads them."""
    found: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == name:
                found.append(dict(attrs))

    Reader().feed(html)
    return found


def test_downloads_are_the_source_byte_for_byte(built: Built) -> None:
    assert (built.site / "agreement/agreement.md").read_bytes() == AGREEMENT.encode()
    assert "agreement.md" in hrefs(built.page("agreement/index.html"))
    assert (built.site / "terms/rules/rules.md").read_bytes().endswith(RULES.encode())


def test_the_model_list_is_published_for_programs_with_its_schema(built: Built) -> None:
    published = json.loads(built.page("models/models.json"))
    schema = json.loads(built.page("models/models.schema.json"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(published)
    assert [model["id"] for model in published["models"]] == ["small-1", "large-1"]
    assert {"models.json", "models.csv", "models.schema.json", "models.filters.css"} <= hrefs(
        built.page("models/index.html")
    )


def test_no_page_has_styles_of_its_own_or_asks_another_host(built: Built) -> None:
    for name in PAGES:
        content = re.search(r"<article.*?</article>", built.page(name), re.S)
        assert content
        assert not re.search(r"<script\b(?! src=\"[./]*assets/)|<style\b|\sstyle=|\son\w+=", content[0]), name
        assert not re.search(r'(?:src=|<link[^>]*href=)"?https?://(?!example\.com/)', built.page(name)), name


def test_an_ordinary_page_stays_ordinary(tmp_path: Path) -> None:
    ordinary = "# Home\n\n<div markdown>raw *HTML*</div>\n\n(a) no enumeration\n\n!!! note\n    Admonished.\n"
    write_site(
        tmp_path, {"docs/index.md": ordinary, "mkdocs.yml": MKDOCS + "markdown_extensions: [admonition, md_in_html]\n"}
    )
    page = build(tmp_path).page("index.html")
    assert "<div>" in page
    assert "raw <em>HTML</em>" in page
    assert '<div class="admonition note">' in page
    assert "<p>(a) no enumeration</p>" in page
    assert "eg-about" not in page


def test_without_a_navigation_every_document_is_in_it(tmp_path: Path) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS.partition("nav:")[0]})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert {"agreement/", "models/", "terms/rules/", "changes/"} <= hrefs(built.page("index.html"))


def test_others_read_yaml_as_ever_after_a_build(built: Built) -> None:
    assert yaml.safe_load("[1, 2026-01-31]") == [1, date(2026, 1, 31)]


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs"])
def test_other_themes(tmp_path: Path, theme: str) -> None:
    write_site(tmp_path, {"mkdocs.yml": MKDOCS.replace("{name: material, font: false}", theme)})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert 'id="restrictions.h.iv"' in built.page("agreement/index.html")
    assert "The contract" in built.page("index.html")


def test_an_address_of_its_own(tmp_path: Path) -> None:
    addresses = DOCUMENTS.replace("file: terms/rules.md,", "file: terms/rules.md, published: regeln/für-alle/,")
    write_site(
        tmp_path, {"docs/documents.yml": addresses.replace("file: models.yml", "file: models.yml, published: a%20b/")}
    )
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert {
        "regeln/für-alle/index.html",
        "regeln/für-alle/rules.md",
        "a b/index.html",
        "a b/models.json",
    } <= built.files()
    assert not any(name.startswith(("terms/", "models/")) for name in built.files())
    assert "../regeln/f%C3%BCr-alle/#conduct" in hrefs(built.page("agreement/index.html"))
    assert "../../agreement/#restrictions.h.iv" in hrefs(built.page("regeln/für-alle/index.html"))
    assert "../a%20b/" in hrefs(built.page("agreement/index.html"))


def test_a_document_may_be_the_home_page(tmp_path: Path) -> None:
    home = DOCUMENTS.replace("file: agreement.md,", "file: index.md,")
    files = {
        "docs/documents.yml": home,
        "docs/index.md": AGREEMENT,
        "docs/agreement.md": None,
        "docs/terms/rules.md": RULES.replace("agreement.md", "index.md"),
        "mkdocs.yml": MKDOCS.replace("  - The contract: agreement.md\n", ""),
    }
    write_site(tmp_path, files)
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert 'id="restrictions.h.iv"' in built.page("index.html")
    assert built.page("index.md") == AGREEMENT
    assert "../../#restrictions.h.iv" in hrefs(built.page("terms/rules/index.html"))


def test_without_directories_for_pages(tmp_path: Path) -> None:
    twice = DOCUMENTS + "  - {id: more, title: More, kind: policy, file: more/rules.md, published: extra/more/}\n"
    write_site(
        tmp_path,
        {
            "mkdocs.yml": MKDOCS + "use_directory_urls: false\n",
            "docs/documents.yml": twice.replace("terms/rules.md,", "terms/rules.md, published: extra/rules/,"),
            "docs/more/rules.md": "# More\n\nMore.\n",
        },
    )
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    pages = {"index.html", "agreement.html", "extra/rules.html", "extra/more.html", "models.html", "changes.html"}
    assert {name for name in built.files() if name.endswith(".html")} - GENERATED == pages
    assert built.page("extra/rules.md") == RULES
    assert built.page("extra/more.md") == "# More\n\nMore.\n"
    assert {"agreement.html#restrictions.h.iv", "models.html#small-1"} <= hrefs(built.page("index.html"))
    assert {"models.json", "models.filters.css"} <= built.files() & hrefs(built.page("models.html"))


def test_two_sets_and_a_document_in_none(tmp_path: Path) -> None:
    documents = """\
sets:
  - {id: one, title: One, agreement: agreement, incorporates: [rules, models]}
  - {id: two, title: Two, agreement: second, incorporates: [rules]}
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md}
  - {id: second, title: Second Agreement, kind: agreement, file: second.md}
  - {id: rules, title: Rules of Use, kind: url-terms, file: terms/rules.md}
  - {id: models, title: Model list, kind: catalogue, file: models.yml}
  - {id: alone, title: Alone, kind: policy, file: alone.md}
  - {id: prices, title: Prices, kind: notice-only, published: "https://example.com/prices"}
"""
    write_site(
        tmp_path,
        {"docs/documents.yml": documents, "docs/second.md": "# Second\n\nTwo.\n", "docs/alone.md": "Untitled text.\n"},
    )
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    rules = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", built.page("terms/rules/index.html")))
    assert "Incorporated by The Agreement Incorporated by Second Agreement" in rules
    assert "Standalone: no agreement incorporates it" in built.page("alone/index.html")
    assert '<h1 class="eg-title">Alone</h1>' in built.page("alone/index.html")


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    def windows(text: str) -> bytes:
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    names = {"documents.yml": DOCUMENTS, "agreement.md": AGREEMENT, "terms/rules.md": RULES, "models.yml": MODELS}
    write_site(tmp_path, {f"docs/{name}": windows(text) for name, text in names.items()})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert (built.site / "agreement/agreement.md").read_bytes() == windows(AGREEMENT)
    assert 'id="restrictions.h.iv"' in built.page("agreement/index.html")


def test_templates_of_the_site_win(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "templates/about.html": "<aside>About {{ entry.title }}, by us.</aside>",
            "templates/assets/engross.css": ".ours {}\n",
        },
    )
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert "<aside>About The Agreement, by us.</aside>" in built.page("agreement/index.html")
    (style,) = (name for name in built.files() if re.fullmatch(r"assets/engross\.\w+\.css", name))
    assert built.page(style).startswith(".ours {}\n")
    assert built.page(style).endswith(asset(PAPER_STYLE).decode())
    assert f"../{style}" in hrefs(built.page("agreement/index.html"))


@pytest.mark.parametrize(
    ("template", "message"),
    [("{% if %}", "templates/about.html:1: "), ("\n{{ nothing }}", "templates/about.html:2: 'nothing' is undefined")],
)
def test_a_mistake_in_a_template_is_reported_with_its_line(tmp_path: Path, template: str, message: str) -> None:
    write_site(tmp_path, {"templates/about.html": template})
    built = build(tmp_path)
    assert built.status == 1
    assert any(messages.startswith(message) for messages in built.messages), built.messages


def test_days_are_those_of_the_time_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225599")  # one second before 2026 in UTC
    write_site(tmp_path, {"docs/documents.yml": "timezone: Asia/Tokyo\n" + DOCUMENTS})
    built = build(tmp_path)
    published = json.loads(built.page("models/models.json"))
    assert published["as_of"] == "2026-01-01"
    page = re.sub(r"<[^>]*>", "", built.page("models/index.html"))
    assert "As of 1 January 2026." in page
    assert "31 January 2026" in page


def test_a_document_that_mkdocs_leaves_out_by_habit_is_published(tmp_path: Path) -> None:
    documents = DOCUMENTS + "  - {id: more, title: More, kind: policy, file: templates/more.md}\n"
    write_site(tmp_path, {"docs/documents.yml": documents, "docs/templates/more.md": "# More\n\nMore.\n"})
    built = build(tmp_path)
    assert (built.status, built.messages) == (0, [])
    assert "templates/more/index.html" in built.files()
