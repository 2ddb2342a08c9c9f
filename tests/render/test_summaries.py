"""Summaries of posted notes: Markdown without addresses of its own, links resolved or dropped."""

import pytest

from engross.model import Change, ChangeClass, Source
from engross.render.changes.note_html import plain_summary, render_summary, text_summary


def note(summary: str) -> Change:
    """A note with that summary, indented, after its facts."""
    text = f"---\ndocuments: [rules]\n---\n\n  {summary}\n\n"
    source = Source("note.md", text, text.encode())
    return Change("note", ("rules",), ChangeClass.EDITORIAL, False, None, "Ann", summary, source, "")


def lead(target: str) -> str | None:
    return {"../a.md": "a/", "https://x.example/": "https://x.example/"}.get(target)


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("Words *and* **more**.", "<p>Words <em>and</em> <strong>more</strong>.</p>\n"),
        ("See [A](../a.md), [gone](../gone.md).", '<p>See <a href="a/">A</a>, gone.</p>\n'),
        ("<https://x.example/>", '<p><a href="https://x.example/">https://x.example/</a></p>\n'),
        ("![A picture](../gone.png)", "<p>A picture</p>\n"),
        ("# Top\n\nText.", "<h4>Top</h4>\n<p>Text.</p>\n"),
        ("- One\n- Two & “three”", "<ul>\n<li>One</li>\n<li>Two &amp; “three”</li>\n</ul>\n"),
        ("3. Three\n4. Four", '<ol>\n<li value="3">Three</li>\n<li value="4">Four</li>\n</ol>\n'),
        ("(a) one\n(b) two", '<ol class="eg-lettered">\n<li>(a) one</li>\n<li>(b) two</li>\n</ol>\n'),
        ("> Said.", "<blockquote>\n<p>Said.</p>\n</blockquote>\n"),
        ("```\ncode < more\n```", "<pre><code>code &lt; more\n</code></pre>\n"),
        (
            "| A | B |\n| --- | --- |\n| 1 | 2 |",
            "<table>\n<thead>\n<tr><th>A</th><th>B</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td>2</td></tr>\n"
            "</tbody>\n</table>\n",
        ),
        ("You may (a) read, and (b) write.", "<p>You may (a) read, and (b) write.</p>\n"),
    ],
)
def test_a_summary_as_html(written: str, html: str) -> None:
    assert render_summary(note(written), lead) == html


def test_the_beginning_of_a_summary_is_cut_after_a_word() -> None:
    assert plain_summary(note("One two, three\n\n- four (a) five")) == "One two, three four (a) five"
    assert plain_summary(note("One two, three four"), most=10) == "One two …"


def test_as_plain_text() -> None:
    text = """\
You pay *sooner*, see [the guide](https://example.com/guide) and [the terms](../agreement.md).

### What to do

1. Pay **here**:
   - by card
   - by transfer
2. Wait.

| Old | New |
| --- | --- |
| 30 days | `20` days |
"""
    assert (
        text_summary(note(text))
        == """\
You pay sooner, see the guide (https://example.com/guide) and the terms.

What to do

1. Pay here:
   - by card
   - by transfer
2. Wait.

Old | New
30 days | 20 days"""
    )
