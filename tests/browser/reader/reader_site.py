"""A small site whose clauses have terms, controls and lists, and what is asked of its page."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from tests.site.building import build

MKDOCS = """\
site_name: Test
site_url: https://example.com/
theme: {name: material, font: false%s}
plugins: [search, engross]
nav: [{Home: index.md}, {Agreement: agreement.md}, {Rules: rules.md}]
"""
DOCUMENTS = """\
sets: [{id: main, title: Main, agreement: agreement, incorporates: [rules]}]
documents:
  - {id: agreement, title: The Agreement, kind: agreement, file: agreement.md, numbering: true}
  - {id: rules, title: Rules of Use, kind: url-terms, file: rules.md}
"""
AGREEMENT = """\
# The Agreement

This agreement binds the person who accepts it (“Customer”).

## Definitions

- **“Affiliate”** means any entity under the Control of Customer.
- **“Control”** means ownership of more than half of the votes.
- **“Services”** means what is offered to Customer and each Affiliate.

## Use

Customer uses the Services as it wishes. The Services are for Customer and each Affiliate alone.

### Notice

Any notice is written.

### Restrictions

Customer will not

(a) copy the Services; or
(b) let others reach the Services
    (i) for harm; or
    (ii) to place calls, except
        (A) to an Affiliate.

## Ending

Customer may end this (a) at the end of a month, or (b) at once where the Services fail. See Restrictions.

### Notice

1. As before.
2. With a reason, of these:
    - a fault;
    - a fee.

These days count:

| When | What |
| --- | --- |
| Day 1 | all |
"""
RULES = """\
# Rules of Use

## Conduct

The Services are for work. “Abuse” means harm done to the Services. Abuse is not allowed.
"""
FILES = {
    "docs/documents.yml": DOCUMENTS,
    "docs/agreement.md": AGREEMENT,
    "docs/rules.md": RULES,
    "docs/index.md": "# Home\n\nWhat the Services are. [To the rules](rules.md).\n",
}
FILLER = "".join(f"\n## Further {number}\n\n" + "Words that fill the page. " * 60 + "\n" for number in range(1, 7))
COPYING = ["clipboard-read", "clipboard-write"]
DESK = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


def built(folder: Path, features: str = "") -> Path:
    for name, content in {**FILES, "mkdocs.yml": MKDOCS % features}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content + (FILLER if name.endswith("agreement.md") else ""), encoding="utf-8")
    built = build(folder)
    assert built.status == 0, built.messages
    return built.site


def term(page: Page, clause: str, words: str) -> Locator:
    return page.locator(f'[id="{clause}"]').get_by_role("link", name=words, exact=True).first


def control(page: Page, clause: str) -> Locator:
    return page.locator(f':is(.eg-link, .eg-marker)[href$="#{clause}"]')


def definition(page: Page, words: str) -> Locator:
    return page.get_by_role("dialog", name=f"Definition: {words}")


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName")
    return found


def copied(page: Page, clause: str, what: str) -> str:
    control(page, clause).click()
    page.get_by_role("menuitem", name=f"Copy {what}").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("copied"))
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


# Definitions in place


def options(page: Page) -> None:
    """Open the options for reading."""
    page.locator("summary", has_text="Reading options").click()
