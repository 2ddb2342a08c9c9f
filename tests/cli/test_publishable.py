"""`check` and `release` refuse what a strict build would refuse, with its words; `diff`, `show` and `history` refuse
nothing that is sealed.
"""

from __future__ import annotations

import json

import pytest
from cli_play import AGREEMENT, Play, engross

TWO_WAYS = {
    "a list typed alike below a bare enumerator": "\n(a)\n1. a\n1.\n",
    "items over an underline": "\n(a) one\n(b) two\n===\n",
    "code below a bare enumerator": "\n(a)\n```\n*code*\n```\n",
}
AGREED = {
    "a table below a list's item": "\n- item\n| a | b |\n|---|---|\n| c | d |\n",
    "an underlined enumerator": "\n(c)\n===\n\nWords.\n",
    "an enumerator underlined with two hyphens": "\n(c)\n--\n\nWords.\n",
    "a row without a leading pipe": "\n(a) one\n\nx | y\n--|--\n(a) | z\n(b) |\n",
    "a table's head that begins with an enumerator": "\n(a) | y\n--|--\n(b) | z\n",
    "empty items": "\n(a)\n\n1. a\n\n1.\n",
    "lists typed alike below enumerators": "\n(a) one\n1. x\n\n(b) two\n1. y\n",
}
FRONT = {
    "an empty line first": "---\n\ntitle: A\n---\n",
    "a key in quotes": '---\n"title": A\n---\n',
    "a key of two words": "---\neffective date: 1 May\n---\n",
}
AGREED_FRONT = {
    "a comment first": "---\n# made by hand\ntitle: A\n---\n",
    "a blank before the colon": "---\ntitle : A\n---\n",
    "a list over two lines": "---\ntags: [a,\nb]\n---\n",
    "a list closed on a line of its own": "---\ntags: [\n  a\n]\n---\n",
    "text between two rules": "---\n\nThis is text: and more.\n\nNot: [settings\n\n---\n",
}


def refused(play: Play, text: str, *output: str) -> str:
    """The line with which both refuse a text; nothing is sealed."""
    play.write("docs/agreement.md", text)
    play.note("first", documents="agreement, data, models")
    checked, released = engross("check", "--rule", "text-differs,broken-link"), engross("release")
    assert (checked.exit_code, released.exit_code) == (1, 3)
    (line,) = [line for line in released.stderr.splitlines() if "docs/agreement.md" in line]
    line = line.removeprefix("error: ")
    assert line in checked.output
    assert all(part in line for part in output), line
    assert not play.record.entries
    return line


@pytest.mark.parametrize("text", TWO_WAYS.values(), ids=TWO_WAYS.keys())
def test_a_text_that_reads_in_two_ways_is_refused(play: Play, text: str) -> None:
    refused(play, AGREEMENT + text, "this can be read in two ways")


@pytest.mark.parametrize("front", FRONT.values(), ids=FRONT.keys())
def test_lines_that_may_be_settings_or_text_are_refused(play: Play, front: str) -> None:
    refused(play, front + AGREEMENT, "docs/agreement.md:1:1:", "may be settings or text")


@pytest.mark.parametrize(
    "text",
    [*(AGREEMENT + text for text in AGREED.values()), *(front + AGREEMENT for front in AGREED_FRONT.values())],
    ids=[*AGREED.keys(), *AGREED_FRONT.keys()],
)
def test_what_reads_in_one_way_is_accepted(play: Play, text: str) -> None:
    play.write("docs/agreement.md", text)
    assert engross("check", "--rule", "text-differs").exit_code == 0


LINKS = {
    "a file that is not there": ("[a](missing.md)", "contains a link 'missing.md', but the target is not found"),
    "a file elsewhere": ("[a](../b.md)", "contains a link '../b.md', but the target is not found"),
    "a picture": ("![a](pictures/a.png)", "contains a link 'pictures/a.png', but the target is not found"),
    "a change note": ("[a](changes/first.md)", "contains a link 'changes/first.md', but the target is not found"),
    "the settings": ("[a](documents.yml)", "contains a link 'documents.yml', but the target is not found"),
    "an anchor here": ("[a](#nowhere)", "contains a link '#nowhere', but there is no such anchor on this page."),
    "an anchor of a document": (
        "[a](terms/data.md#no)",
        "contains a link 'terms/data.md#no', but the doc 'terms/data.md' does not contain an anchor '#no'.",
    ),
    "an anchor of a page": (
        "[a](guide.md#no)",
        "contains a link 'guide.md#no', but the doc 'guide.md' does not contain an anchor '#no'.",
    ),
    "an absolute link": ("[a](/terms/)", "contains an absolute link '/terms/', it was left as is."),
    "a folder": ("[a](terms/)", "contains an unrecognized relative link 'terms/', it was left as is."),
}
STRICT = "validation: {anchors: warn, absolute_links: warn, links: {unrecognized_links: warn}}\n"
GUIDE = '# Guide\n\n## How it\'s done, *really*\n\nUnder\n-----\n\n<a id="by-hand"></a>\n\n## Own {#own}\n'


def linking(play: Play, link: str) -> str:
    play.write("mkdocs.yml", (play.root / "mkdocs.yml").read_text("utf-8") + STRICT)
    play.write("docs/guide.md", GUIDE)
    play.write("docs/logo.png", "")
    return f"{AGREEMENT}\nSee {link}.\n"


@pytest.mark.parametrize(("link", "output"), LINKS.values(), ids=LINKS.keys())
def test_a_link_that_leads_nowhere_is_refused(play: Play, link: str, output: str) -> None:
    text = linking(play, link)
    line = text.count("\n")
    assert refused(play, text, output).startswith(
        f"docs/agreement.md:{line}:{6 + link.count('!')}: Payment, paragraph 2: Doc file 'agreement.md' "
    )


@pytest.mark.parametrize("anchor", ["62-key-controls", "62_Key_Controls", "62-Key%2Dcontrols"])
def test_a_link_with_the_anchor_of_another_program_names_the_anchor_here(play: Play, anchor: str) -> None:
    play.write("docs/agreement.md", linking(play, f"[a](#{anchor})") + "\n## 6.2 Key controls\n\nNone.\n")
    result = engross("check", "--rule", "broken-link", "--format", "json")
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert found["fix"] == "#key-controls"


def test_of_two_headings_with_the_anchor_of_a_link_neither_is_named(play: Play) -> None:
    more = "\n## Key controls\n\nNone.\n\n## Key_controls\n\nNone.\n"
    play.write("docs/agreement.md", linking(play, "[a](#Key_Controls)") + more)
    (found,) = json.loads(engross("check", "--rule", "broken-link", "--format", "json").stdout)["diagnostics"]
    assert not found.get("fix")


@pytest.mark.parametrize(
    "link",
    [
        "[a](terms/data.md)", "[a](terms/data.md#keeping)", "[a](#payment)", "[a](#definitions.fee)", "[a](models.md)",
        "[a](guide.md#how-its-done-really)", "[a](guide.md#under)", "[a](guide.md#by-hand)", "[a](guide.md#own)",
        "![a](logo.png)", "[a](https://example.com/x)", "[a](mailto:a@b.example)", "[a](defined-terms.md)",
        "[a](in-force.md)", "[a](since.md)",
    ],
)  # fmt: skip
def test_a_link_that_leads_somewhere_is_accepted(play: Play, link: str) -> None:
    play.write("docs/agreement.md", linking(play, link))
    assert engross("check", "--rule", "broken-link").output == "no findings\n"


def test_what_a_site_lets_pass_is_let_pass(play: Play) -> None:
    text = linking(play, "[a](missing.md), [b](#no), [c](/x), [d](e/)")
    play.write("docs/agreement.md", text)
    assert engross("check", "--rule", "broken-link").exit_code == 1
    play.change(STRICT, "validation: {links: {not_found: info}}\n", "mkdocs.yml")
    assert engross("check", "--rule", "broken-link").exit_code == 0


def test_an_anchor_of_an_earlier_version_still_leads_somewhere(play: Play) -> None:
    play.write("docs/agreement.md", linking(play, "[a](#payment)"))
    play.posted()
    play.change("## Payment", "## Paying")
    assert engross("check", "--rule", "broken-link").exit_code == 0


def test_sealed_texts_are_compared_and_shown_whatever_today_s_code_says(play: Play) -> None:
    play.write("docs/agreement.md", AGREEMENT + TWO_WAYS["items over an underline"])
    play.posted()
    assert engross("show", "agreement@1").stdout.endswith("===\n")
    assert engross("history", "agreement").exit_code == 0
    play.write("docs/agreement.md", AGREEMENT)
    compared = engross("diff", "agreement@1", "agreement")
    assert compared.exit_code == 1
    assert "note: agreement@1 is compared as source text" in compared.stderr
    play.note("fix")
    assert engross("release").exit_code == 0, "the next version is text again"
    assert engross("verify").exit_code == 0


def test_a_link_of_another_document_to_what_goes_is_refused(play: Play) -> None:
    play.write("docs/guide.md", "# Guide\n")
    play.change("for a year.", "for a year, as [the guide](../guide.md) says.", "docs/terms/data.md")
    play.posted()
    (play.root / "docs/guide.md").unlink()
    play.change("final", "binding")
    play.note("next")
    refusal = engross("release")
    assert refusal.exit_code == 3
    assert "docs/terms/data.md:5:41: Keeping" in refusal.stderr
    assert "contains a link '../guide.md', but the target 'guide.md' is not found" in refusal.stderr
