"""Summaries of posted notes: Markdown without addresses of its own, links resolved or dropped."""

import pytest

from engross.render.changes.note_html import plain_summary, render_summary


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
    assert render_summary(written, "note.md", lead) == html


def test_the_beginning_of_a_summary_is_cut_after_a_word() -> None:
    assert plain_summary("One two, three\n\n- four (a) five", "note.md") == "One two, three four (a) five"
    assert plain_summary("One two, three four", "note.md", most=10) == "One two …"
