"""Terms and references on the pages of a real build: links, addresses, where definitions are used, and findings."""

import re
from pathlib import Path

import pytest
from building import MKDOCS, build, write_site

from engross.render.pages import defined_terms

pytestmark = pytest.mark.slow

AGREEMENT = """\
# The Agreement

The terms set out here (together, the “Agreement”) bind “Us” and You. Start reading at Definitions.

## Definitions

- **“Customer Data”** means what Customer sends.
- **“Services”** means what We run.

## Use

The Services hold Customer Data, subject to Restrictions. Each Service keeps Customer Data apart.

### Restrictions

You will not (a) copy the Services, or (b) share Customer
Data.
"""

RULES = "# Rules of Use\n\n## Conduct\n\nThe Services are for work. See Restrictions and Restrictions (b).\n"
INDEX = "# Home\n\nOur Services hold `Services` and Customer Data. The Services are good.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terms")
    write_site(folder, {"docs/agreement.md": AGREEMENT, "docs/terms/rules.md": RULES, "docs/index.md": INDEX})
    assert build(folder).status == 0
    return folder / "site"


def links(html: str, kind: str) -> list[tuple[str, str]]:
    return [
        (found[1], re.sub(r"\s+", " ", found[2]))
        for found in re.finditer(rf'<a class="{kind}" href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    ]


def test_every_use_is_a_link_to_its_definition(site: Path) -> None:
    html = (site / "agreement/index.html").read_text("utf-8")
    found = links(html, "eg-term")
    assert ("#definitions.customer-data", "Customer Data") in found
    assert ("#definitions.services", "Service") in found
    assert [text for _, text in found].count("Customer Data") == 3
    for address, _ in found:
        assert f'id="{address.removeprefix("#")}"' in html


def test_only_the_first_use_on_a_page_is_a_tab_stop(site: Path) -> None:
    html = (site / "agreement/index.html").read_text("utf-8")
    uses = re.findall(r'<a class="eg-term" href="#([^"]*)"([^>]*)>', html)
    assert [anchor for anchor, marks in uses if "tabindex" not in marks] == list(dict.fromkeys(a for a, _ in uses))


def test_what_was_used_before_in_a_section_is_marked_so(site: Path) -> None:
    html = (site / "agreement/index.html").read_text("utf-8")
    use = html[html.index('id="use.p1"') : html.index('id="restrictions"')]
    found = re.findall(r'<a class="eg-term" href="#definitions.([^"]*)"([^>]*)>', use)
    assert [(name, "data-again" in marks) for name, marks in found] == [
        ("services", False), ("customer-data", False), ("services", True), ("customer-data", True),
    ]  # fmt: skip


def test_a_definition_in_running_text_has_an_address(site: Path) -> None:
    html = (site / "agreement/index.html").read_text("utf-8")
    assert 'id="opening.agreement"' in html


def test_references_lead_to_clauses_of_other_documents(site: Path) -> None:
    html = (site / "terms/rules/index.html").read_text("utf-8")
    found = links(html, "eg-ref")
    assert ("../../agreement/#restrictions", "Restrictions") in found
    assert ("../../agreement/#restrictions.b", "Restrictions (b)") in found
    assert ("../../agreement/#definitions.services", "Services") in links(html, "eg-term")


def test_a_definition_says_where_it_is_used(site: Path) -> None:
    html = (site / "agreement/index.html").read_text("utf-8")
    item = html[html.index('id="definitions.services"') : html.index('id="use"')]
    assert "Used 4 times" in item
    (uses,) = re.findall(r'<a class="eg-used" hidden [^>]*href="\.\./defined-terms/#([^"]*)">Used 4 times', item)
    listed = (site / "defined-terms/index.html").read_text("utf-8")
    entry = listed[listed.index(f'id="{uses}"') :]
    assert 'href="../terms/rules/#conduct.p1">Conduct</a>' in entry[: entry.index("</dd>")]


def test_defined_terms_from_a_to_z(site: Path) -> None:
    html = (site / "defined-terms/index.html").read_text("utf-8")
    terms = re.findall(r'<dt id="[^"]*"><a href="([^"]*)">(.*?)</a></dt>', html)
    assert [name for _, name in terms] == ["Agreement", "Customer Data", "Services"]
    assert terms[1][0] == "../agreement/#definitions.customer-data"


def test_an_ordinary_page_links_the_first_use_of_each_term(site: Path) -> None:
    html = (site / "index.html").read_text("utf-8")
    assert links(html, "eg-term") == [
        ("agreement/#definitions.services", "Services"),
        ("agreement/#definitions.customer-data", "Customer Data"),
    ]
    assert "<code>Services</code>" in html


def test_linking_can_be_turned_off(tmp_path: Path) -> None:
    mkdocs = MKDOCS.replace("check: false", "check: false, link_terms: false")
    folder = tmp_path
    write_site(
        folder,
        {"mkdocs.yml": mkdocs, "docs/agreement.md": AGREEMENT, "docs/terms/rules.md": RULES, "docs/index.md": INDEX},
    )
    assert build(folder).status == 0
    assert "eg-term" not in (folder / "site/agreement/index.html").read_text("utf-8")
    assert not (folder / "site/defined-terms").exists()


def test_a_drafting_mistake_fails_a_strict_build(tmp_path: Path) -> None:
    mkdocs = MKDOCS.replace("{engross: {check: false}}", "engross")
    text = AGREEMENT + "\nAs Section 47 says, the the end.\n"
    folder = tmp_path
    write_site(folder, {"mkdocs.yml": mkdocs, "docs/agreement.md": text, "docs/terms/rules.md": RULES})
    built = build(folder)
    assert built.status == 1
    message = "\n".join(built.messages)
    assert "docs/agreement.md:19:4: Restrictions" in message
    assert "[missing-reference]" in message
    assert "[repeated-word]" in message


def test_many_terms_are_on_pages_by_letter(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defined_terms, "LIMIT", 1_000)
    monkeypatch.setattr(defined_terms, "LONGEST", 200)
    write_site(tmp_path, {"docs/agreement.md": AGREEMENT, "docs/terms/rules.md": RULES, "docs/index.md": INDEX})
    assert build(tmp_path).status == 0
    published = (site / "defined-terms/index.html").read_text("utf-8")
    folder = tmp_path / "site/defined-terms"
    index = (folder / "index.html").read_text("utf-8")
    addresses = re.findall(r'<dt id="([^"]*)">', published)
    assert len(addresses) == 3
    for address in addresses:
        # Without a script, the anchor is that of a link to the page that has the term.
        (link,) = re.findall(rf'<li id="{re.escape(address)}"><a href="([^"#]*)#{re.escape(address)}">', index)
        page = (folder / link / "index.html").read_text("utf-8")
        assert f'<dt id="{address}">' in page
        assert page.count("<dt ") < len(addresses)
        assert 'href="../../"' in page
    anchors = re.findall(r'id="([^"]*letter-[^"]*)"', published)
    assert anchors == re.findall(r'id="([^"]*letter-[^"]*)"', index)
    (script,) = re.findall(r'<script src="([^"]*engross-terms[^"]*)" defer>', index)
    assert (folder / script).is_file()
    services = next(path for path in folder.glob("*/s/index.html")).read_text("utf-8")
    assert "The first use in each document:" in services
    assert 'href="../../../terms/rules/#conduct.p1">Conduct</a>' in services


def test_few_terms_are_on_one_page(site: Path) -> None:
    assert [path.name for path in (site / "defined-terms").iterdir()] == ["index.html"]
    assert not [*site.glob("**/engross-terms*")]
