"""Lists of a contract bear the numbers that were typed, at any depth, under any theme, on paper and in what is shown
over a page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from test_search import ask
from tests.site.building import AGREEMENT, MKDOCS, RULES, build, write_site

LISTS = """
## Works

The “Works” means:

1. the first,
2. the second:

    2. its second,
    3. its third:
        1. roof,
        2. walls:
            1) slate,
            2) lead:

                7. gutters.
- In a list of points:
    1. the floor:

        4) the boards, and

        5) the joists.

## Words

The Works begin.
"""
TYPED = ["1.", "2.", "2.", "3.", "1.", "2.", "1)", "2)", "7.", "•", "1.", "4)", "5)"]
STYLES = Path(__file__).parent.parent.parent / "templates" / "assets"
DESK = {"width": 1280, "height": 900}


def site_in(folder: Path, theme: str) -> Path:
    mkdocs = MKDOCS.replace("{name: material, font: false}", f"{{name: {theme}}}")
    if theme == "material":
        mkdocs = MKDOCS
    write_site(folder, {"mkdocs.yml": mkdocs, "docs/agreement.md": AGREEMENT + LISTS})
    built = build(folder)
    assert built.status == 0
    return built.site


def shown(page: Page) -> list[str]:
    """The numbers before items as the browser draws them: those of the clause Works."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    names, stack = [], [nodes[0]]
    while stack:
        node = stack.pop()
        if node["role"]["value"] == "ListMarker":
            names.append(node["name"]["value"].strip())
        stack.extend(by_id[child] for child in reversed(node["childIds"]) if child in by_id)
    # Other lists of the page come before.
    first = next((at for at in range(len(names)) if names[at : at + 4] == TYPED[:4]), names.index("1."))
    return names[first : first + len(TYPED)]


@pytest.mark.parametrize("theme", ["material", "readthedocs", "mkdocs"])
def test_every_level_bears_the_numbers_that_were_typed(
    theme: str, tmp_path: Path, serve: Callable, visit: Callable
) -> None:
    page: Page = visit(serve(site_in(tmp_path, theme)) + "agreement/", viewport=DESK).page
    assert shown(page) == TYPED
    page.emulate_media(media="print")
    assert shown(page) == TYPED


def test_a_version_and_the_definition_shown_in_place_say_the_same(
    tmp_path: Path, serve: Callable, visit: Callable
) -> None:
    site = site_in(tmp_path, "material")
    base = serve(site)
    page: Page = visit(base + "agreement/", viewport=DESK).page
    page.locator("#words ~ p .eg-term", has_text="Works").hover()
    box = page.locator(".eg-definition:popover-open")
    expect(box).to_contain_text("gutters")
    styles = box.locator("ol").evaluate_all("(all) => all.map((one) => getComputedStyle(one).listStyleType)")
    assert styles == ["decimal", "decimal", "decimal", "eg-bracket", "decimal"]
    text = page.locator("[data-engross-text]").inner_html()
    (site / "kept.html").write_text(
        f"<!doctype html><style>{(STYLES / 'engross-archive.css').read_text()}</style><div class=text>{text}</div>"
    )
    assert shown(visit(base + "kept.html", viewport=DESK).page) == TYPED


CLAUSES = """
## Use

**2.1.** The tenant pays. “Sum” means what clause 2.2 says.

**2.2.** The tenant shall, as 2.1 says:

1. pay,
2. repair:
    1. walls,
    2. roof:
        1. lead,
        2. tiles.

(a) first, and

(b) second.

**2.3** “Order” means an order.

**2.4. Notices.** A notice is written, see 2.2.
"""


def test_the_clause_whose_number_is_asked_for_is_found_first(tmp_path: Path, serve: Callable, visit: Callable) -> None:
    write_site(tmp_path, {"docs/terms/rules.md": RULES + CLAUSES})
    built = build(tmp_path)
    assert built.status == 0
    page: Page = visit(serve(built.site), viewport=DESK).page
    queries = {
        "2.1": "use.2-1",
        "2.2": "use.2-2",
        "2.3": "use.order",
        "2.4": "use.notices",
    }
    found = [[hit["location"] for hit in one["hits"]] for one in ask(page, built.site, queries)]
    assert [best[:1] for best in found] == [[f"terms/rules/#{anchor}"] for anchor in queries.values()]
