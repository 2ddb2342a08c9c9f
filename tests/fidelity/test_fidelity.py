"""Law 1 by example: pages that have the same words as their source, and pages that differ in all known ways."""

from pathlib import Path

import pytest

from engross.fidelity.compare import check_page
from engross.model import Diagnostic, Severity, Source

CASES = Path(__file__).parent.parent / "cases/fidelity"


def source(text: str) -> Source:
    return Source("docs/terms.md", text, text.encode())


def page(html: str) -> str:
    return (
        f'<!doctype html><html><head><title>T</title></head><body><div data-engross-text="t">{html}</div></body></html>'
    )


def check(markdown: str, html: str) -> Diagnostic | None:
    return check_page(source(markdown), page(html))


EQUAL = {
    "words": ("You may not.", "<p>You may not.</p>"),
    "nothing at all": ("", ""),
    "a paragraph over two lines": ("one\ntwo", "<p>one\ntwo</p>"),
    "any run of blanks is one": ("one  two\n\n\nthree", "<p> one \t two\f</p>\r\n<p>three </p>"),
    "a minified page": ("one\n\ntwo", "<p>one<p>two"),
    "inline tags part no words": ("ex*am*ple", "ex<em>am</em>ple"),
    "heading": ("# Title\n\n## Part ##", "<h1>Title</h1><h2>Part</h2>"),
    "heading with a figure": ("# C#\n\n## a # b #c", "<h1>C#</h1><h2>a # b #c</h2>"),
    "no heading": ("#one\n\n####### seven", "<p>#one</p><p>####### seven</p>"),
    "underlined heading": ("Title\n=====\n\nPart\nof it\n---", "<h1>Title</h1><h2>Part of it</h2>"),
    "thematic breaks": ("a\n\n* * *\n\nb\n\n_____", "<p>a</p><hr><p>b</p><hr/>"),
    "line breaks in cells": (
        "| a |\n|---|\n| 1 Main Street<br>London<BR />UK |\n| `x<br>y` \\<br> |",
        "<table><tr><th>a<tr><td>1 Main Street<br>London<br>UK<tr><td><code>x&lt;br&gt;y</code> &lt;br&gt;</table>",
    ),
    "attributes of headings": (
        "# Terms {-}\n\n## Fees {#fees .unnumbered} ##\n\nLate\nfees {#late}\n---\n\n## A {b}\n\n## C{-}\n\n## {#d}",
        "<h1>Terms</h1><h2>Fees</h2><h2>Late fees</h2><h2>A {b}</h2><h2>C{-}</h2><h2>{#d}</h2>",
    ),
    "quote with lazy line": ("> one\ntwo\n> three", "<blockquote><p>one two three</p></blockquote>"),
    "quote in a quote": ("> a\n> > b\n>\n> c", "<blockquote>a<blockquote>b</blockquote>c</blockquote>"),
    "bullets": ("- a\n- b\n  c\n\n      d\n* e", "<ul><li>a<li>b c<p>d</ul><ul><li>e</ul>"),
    "no bullet in a sentence": ("nine -\n- ten", "<p>nine -</p><ul><li>ten</li></ul>"),
    "ordered list": ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    "ordered list from 3": ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
    "ordered list with a gap": ("1. a\n3. b\n4. c", '<ol><li>a<li value="3">b<li>c</ol>'),
    "counting left to Markdown": ("1. a\n1. b\n1. c", "<ol><li>a</li><li>b</li><li>c</li></ol>"),
    "two lists by their marks": ("1. a\n1) b", "<ol><li>a</li></ol><ol><li>b</li></ol>"),
    "nested lists": ("1. a\n   1. b\n   2. c\n2. d", "<ol><li>a<ol><li>b<li>c</ol><li>d</ol>"),
    "bullets within ordered": ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</ul></li><li>c</ol>"),
    "a year is no item": ("in\n2024. It", "<p>in 2024. It</p>"),
    "an item that is a number": ("- 1986\\. Good", "<ul><li>1986. Good</ul>"),
    "enumerated": (
        "(a) one\n(b) two",
        "<ol data-engross-enumerated><li>(a) one<li>(b) two</ol>",
    ),
    "enumerated, nested, no ordinals": (
        "(a) one\n    (i) two\n    (ii) three\n(b) four",
        '<ol data-engross-enumerated=""><li><a href="#a">(a)</a> one<ol class="x" data-engross-enumerated>'
        "<li>(i) two</li><li>(ii) three</li></ol></li><li>(b) four</li></ol>",
    ),
    "markup does not reach from item to item": (
        "(a) 2 * 3*\n(b) *c",
        "<ol data-engross-enumerated><li>(a) 2 * 3*<li>(b) *c</ol>",
    ),
    "or it does": ("as *said in (a) and\n(b) above*, so", "<p>as <em>said in (a) and (b) above</em>, so</p>"),
    "indented lines are no code": ("a\n\n        b *c*", "<p>a</p><p>b <em>c</em></p>"),
    "deep lines begin blocks": ("(a) these:\n    - one\n    - two", "<p>(a) these:</p><ul><li>one<li>two</ul>"),
    "deep lists": (
        "these:\n\n    - one\n    - two\n      - three",
        "<p>these:</p><ul><li>one<li>two<ul><li>three</ul></ul>",
    ),
    "table": (
        "| a | b |\n|---|:-:|\n| c\\|d | `e` |\n| f |",
        "<table><thead><tr><th>a<th>b</thead><tr><td>c|d</td><td><code>e</code></td></tr><tr><td>f<td></table>",
    ),
    "table without outer pipes": ("a | b\n--- | ---\nc | d", "<table><tr><th>a<th>b<tr><td>c<td>d</table>"),
    "no table": ("a | b\n--- | --- | ---", "<p>a | b --- | --- | ---</p>"),
    "fence": ("```js\nif (a < *b*) `c`\n```", '<pre><code class="language-js">if (a &lt; *b*) `c`\n</code></pre>'),
    "fence in tildes, not closed": ("~~~~\n~~~\n# a", "<pre><code>~~~\n# a</code></pre>"),
    "code span": ("a `` b`c `` d `` ` `` ``e", "<p>a <code>b`c</code> d <code>`</code> ``e</p>"),
    "code span keeps markup": ("`*a* \\* &amp; [b](c)`", "<code>*a* \\* &amp;amp; [b](c)</code>"),
    "emphasis": ("*a* **b** ***c*** _d_ __e__", "<em>a</em> <b>b</b> <i><b>c</b></i> <em>d</em> <b>e</b>"),
    "emphasis around quotes": ("**“Fees”** means; “*a*”", "<strong>“Fees”</strong> means; “<em>a</em>”"),
    "emphasis nests": ("*a **b** c* **d *e* f**", "<em>a <b>b</b> c</em> <b>d <em>e</em> f</b>"),
    "emphasis in words": ("un*frigging*believable", "un<em>frigging</em>believable"),
    "no emphasis": ("2 * 3 * 4 snake_case_word ** a ** b*", "<p>2 * 3 * 4 snake_case_word ** a ** b*</p>"),
    "struck text": ("~~a~~ ~b~ c~~", "<p><s>a</s> ~b~ c~~</p>"),
    "superscript and subscript": ("10<sup>2</sup> CO<sub>2</sub>", "<p>10<sup>2</sup> CO<sub>2</sub></p>"),
    "escapes": ("\\*a\\* \\[b\\] \\\\ \\a 1\\.", "<p>*a* [b] \\ \\a 1.</p>"),
    "hard breaks": ("a  \nb\\\nc", "<p>a<br>b<br />\nc</p>"),
    "backslash at the end": ("a\\", "<p>a\\</p>"),
    "entities": (
        "&copy; &#8212; &#x2014; &amp;lt; &nosuch; &copy 5",
        "<p>© — &mdash; &amp;lt; &amp;nosuch; &amp;copy 5</p>",
    ),
    "entities of the page": ("a “b” — c", "<p>a &ldquo;b&#8221; &#x2014; c</p>"),
    "no-break space": ("§\u00a05 &nbsp;x", "<p>§&nbsp;5 &#160;x</p>"),
    "soft hyphen": ("con\u00adtract", "<p>con&shy;tract</p>"),
    "link": ('see [the *AUP*](aup.md "The (AUP)")!', 'see <a href="../aup/" title="The (AUP)">the <em>AUP</em></a>!'),
    "link with parentheses": ("[a](b(c)d) [e](<f g>) [h](i 'j') [k]()", "<a>a</a> <a>e</a> <a>h</a> <a>k</a>"),
    "no link": ("[a] (b) [c](d e) [LINK] [x]: y", "<p>[a] (b) [c](d e) [LINK] [x]: y</p>"),
    "reference links": (
        "[a][B] [b] [b][] [c][d]\n\n[b]: /url\n  'a\n  title'\n\nend",
        '<p><a href="/url">a</a> <a>b</a> <a>b</a> [c][d]</p><p>end</p>',
    ),
    "image": ("a ![the *logo* &amp;](x.png) b", 'a <img alt="the logo &amp;" src="x.png"/> b'),
    "image in a link": ("[![a](b)](c)", "<a href=c><img src=b alt=a></a>"),
    "autolinks": ("<https://a.b/?c=d&e> <x@y.z> <not one>", "<a>https://a.b/?c=d&amp;e</a> <a>x@y.z</a> &lt;not one>"),
    "comments": ("a <!-- b --> c\n\n<!-- d\n\n# e -->\n\nf<!-- -->g", "<p>a c</p><p>fg</p><!-- h -->"),
    "front matter": ("---\ntitle: A\n# b\nlist:\n  - c\n---\n\nd", "<p>d</p>"),
    "no front matter": ("---\n\nSome text\n\n---", "<hr><p>Some text</p><hr>"),
    "tabs": ("-\ta\n\n\tb\n\n>\tc", "<ul><li>a<p>b</ul><blockquote>c</blockquote>"),
    "CJK": ("第一条　**定義**とは\n、", "<p>第一条　<strong>定義</strong>とは\n、</p>"),
    "CJK, no emphasis": ("**定義。**とは", "<p>**定義。**とは</p>"),
    "generated label": ("## Term", '<h2><span data-engross-generated class="n">4.2 </span>Term</h2>'),
    "generated button within": (
        "a b",
        "<p>a <span data-engross-generated=''><span>x</span><button>copy</button></span>b</p>"
        "<details data-engross-generated><summary>x</summary><p>y</details>",
    ),
    "scripts, styles, templates": (
        "a b",
        "a<script>if (x<y) '</p>'</script><style>p{}</style><template><p>c</template> b<script>d</script>",
    ),
    "hidden elements": ("a", '<p>a<span hidden>b</span><i aria-hidden="true"></i></p>'),
    "attributes with all in them": ("a b", "<p title=\"<p>'x' > y\" data-x='\"<b>' data-y=z\">a</p> b"),
    "comment of the page": ("a b", "a <!-- <p>x</p> > -- --> b<!--> <!---> <!doctype x> <?y?>"),
    "capitals": ("a\n\n1. b", "<P>a</P><OL><LI>b</OL>"),
    "a nested element of the same name": ("a b c", "<div>a</div> b <div><div>c</div></div>"),
    "less than": ("a < b <3 &", "a < b <3 &"),
}


@pytest.mark.parametrize(("markdown", "html"), EQUAL.values(), ids=EQUAL)
def test_says_the_same(markdown: str, html: str) -> None:
    assert check(markdown, html) is None


DIFFERENT = {
    "word dropped": ("You may not copy.", "<p>You may copy.</p>"),
    "word added": ("You may copy.", "<p>You may not copy.</p>"),
    "word changed": ("You shall pay.", "<p>You should pay.</p>"),
    "order swapped": ("You and We", "<p>We and You</p>"),
    "number changed": ("within 30 days", "<p>within 60 days</p>"),
    "comma dropped": ("a, b", "a b"),
    "case changed": ("the Services", "the services"),
    "blank lost": ("would make", "wouldmake"),
    "blank added": ("cannot", "can not"),
    "blocks glued": ("a\n\nb", "<span>a</span><span>b</span>"),
    "paragraph dropped at the end": ("a\n\nb", "<p>a</p>"),
    "paragraph dropped at the start": ("a\n\nb", "<p>b</p>"),
    "paragraph twice": ("a", "<p>a</p><p>a</p>"),
    "text added at the end": ("a", "<p>a b</p>"),
    "everything dropped": ("a", ""),
    "list number changed": ("3. a", '<ol start="2"><li>a</ol>'),
    "list number lost": ("3. a", "<ol><li>a</ol>"),
    "number of an item": ("1. a\n3. b", "<ol><li>a<li>b</ol>"),
    "number of a nested item": ("- a\n  4. b", "<ul><li>a<ol><li>b</ol></ul>"),
    "counting differently": ("1. a\n1. b", '<ol><li>a<li value="1">b</ol>'),
    "ordered made bullets": ("1. a", "<ul><li>a</ul>"),
    "bullets made ordered": ("- a", "<ol><li>a</ol>"),
    "list reversed": ("1. a\n2. b", "<ol reversed><li>a<li>b</ol>"),
    "letters for numbers": ("1. a", '<ol type="a"><li>a</ol>'),
    "enumerator numbered as well": ("(a) b", "<ol><li>(a) b</ol>"),
    "enumerator lost": ("(a) b", "<ol data-engross-enumerated><li>b</ol>"),
    "enumerator changed": ("(b) x", "<ol data-engross-enumerated><li>(a) x</ol>"),
    "entity changed": ("a &mdash; b", "a &ndash; b"),
    "entity read twice": ("&amp;lt;", "<p>&lt;</p>"),
    "entity of the page without semicolon": ("a &copy b", "a &copy b"),
    "no-break space made blank": ("§\u00a05", "<p>§ 5</p>"),
    "blank made no-break space": ("§ 5", "<p>§&nbsp;5</p>"),
    "no-break space lost at the end": ("a\u00a0", "<p>a</p>"),
    "soft hyphen added": ("contract", "con&shy;tract"),
    "zero width space added": ("contract", "con&#8203;tract"),
    "homoglyph": ("Customer", "Сustomer"),
    "ligature": ("office", "oﬃce"),
    "composed otherwise": ("caf\u00e9", "cafe\u0301"),
    "quotes made typographic": ('"Fees"', "“Fees”"),
    "literal asterisk dropped": ("2 * 3", "<p>2 3</p>"),
    "escaped asterisk dropped": ("\\*a\\*", "<em>a</em>"),
    "unpaired asterisk dropped": ("**a*", "<strong>a</strong>"),
    "literal asterisk after an enumerator": ("(a) 2 * 3", "(a) 2 3"),
    "sign after an enumerator dropped": ("(b) > 50 percent", "<li>(b) <blockquote>50 percent</blockquote>"),
    "dash after an enumerator dropped": ("(a) - b", "<li>(a) <ul><li>b</ul>"),
    "markup shown": ("**a**", "<p>**a**</p>"),
    "heading mark shown": ("## a", "<p>## a</p>"),
    "bullet shown": ("- a", "<p>- a</p>"),
    "pipe shown": ("| a |\n|---|\n| b |", "<p>| a |</p><p>| b |</p>"),
    "underscore dropped": ("snake_case_word", "snake<em>case</em>word"),
    "bracket dropped": ("[LINK]", "<p>LINK</p>"),
    "link shown as typed": ("[a](b)", "<p>[a](b)</p>"),
    "link text lost": ("a [b](c)", '<p>a <a href="c"></a></p>'),
    "title shown": ('[a](b "c")', "<a>a</a> c"),
    "backslash dropped": ("a\\b", "ab"),
    "backtick dropped": ("a ` b", "a b"),
    "alternative text changed": ("![a](b)", '<img alt="c" src=b>'),
    "alternative text lost": ("![a](b)", "<img src=b>"),
    "cell dropped": ("| a | b |\n|---|---|\n| c | d |", "<table><tr><th>a<th>b<tr><td>c<td></table>"),
    "cell beyond the last column": ("| a |\n|---|\n| c | d |", "<table><tr><th>a<tr><td>c</table>"),
    "cells glued": ("| ab | c |\n|---|---|", "<table><tr><th>a<th>bc</table>"),
    "code changed": ("`a`", "<code>b</code>"),
    "fence dropped": ("```\na\n```", ""),
    "reference definition shown": ("[a]\n\n[a]: b", "<p><a>a</a></p><p>[a]: b</p>"),
    "comment shown": ("a <!-- b -->", "a &lt;!-- b --&gt;"),
    "comment that hides the rest": ("a <!-- b\n\nc", "<p>a</p>"),
    "front matter shown": ("---\na: b\n---\nc", "<p>a: b</p><p>c</p>"),
    "text taken for front matter": ("---\nSome text\n---\nc", "<p>c</p>"),
    "label not marked as generated": ("## Term", '<h2><span class="n">4.2 </span>Term</h2>'),
    "text marked as generated": ("a b", "a <span data-engross-generated>b</span>"),
    "generated is but a value": ("a b", 'a <i title=" data-engross-generated ">x</i> b'),
    "text hidden": ("a b", "a <span hidden>b</span>"),
    "text in a comment": ("a b", "a <!-- b -->"),
    "text in a script": ("a b", "a <script>b</script>"),
    "text after the element": ("a b", "a</div><div>b"),
    "text swallowed by an attribute": ("a b", 'a <i title="> b'),
    "an element never closed": ("a b", "a <span data-engross-generated> b"),
    "NUL in both": ("a\0b", "<p>a\0b</p>"),
    "NUL in the page": ("ab", "<p>a\0b</p>"),
    "NUL in the source": ("a\0b", "<p>a\ufffdb</p>"),
}


@pytest.mark.parametrize(("markdown", "html"), DIFFERENT.values(), ids=DIFFERENT)
def test_says_something_else(markdown: str, html: str) -> None:
    found = check(markdown, html)
    assert found is not None
    assert (found.rule, found.severity, found.path) == ("text-differs", Severity.ERROR, "docs/terms.md")


MESSAGES = {
    "missing": (
        "# Use\n\nYou may **not** copy it.",
        "<h1>Use</h1><p>You may copy it.</p>",
        "docs/terms.md:3:11: the page does not have the text of the source: words are missing. "
        "Source: “Use You may ⟦not⟧ copy it.”; page: “Use You may ⟦⟧ copy it.”",
    ),
    "added": (
        "You may copy it.",
        "<p>You may not ever copy it.</p>",
        "docs/terms.md:1:9: the page does not have the text of the source: words are added. "
        "Source: “You may ⟦⟧ copy it.”; page: “You may ⟦not ever⟧ copy it.”",
    ),
    "changed": (
        "- a\n- pay within\n  30 days, or else",
        "<ul><li>a<li>pay within 60 days, or else</ul>",
        "docs/terms.md:3:3: the page does not have the text of the source: words are changed. "
        "Source: “a pay within ⟦30⟧ days, or else”; page: “a pay within ⟦60⟧ days, or else”",
    ),
    "by name": (
        "see §\u00a05 here",
        "see § 5 here",
        "docs/terms.md:1:6: the page does not have the text of the source: words are changed. "
        "Source: “see ⟦§\u00a05⟧ here”; page: “see ⟦§ 5⟧ here” "
        "(the source has U+00A0 NO-BREAK SPACE, the page a blank)",
    ),
    "at the end": (
        "a\n\nb c",
        "<p>a</p>",
        "docs/terms.md:3:1: the page does not have the text of the source: words are missing. "
        "Source: “a ⟦b c⟧”; page: “a ⟦⟧”",
    ),
    "after the end": (
        "a\n\nb",
        "<p>a</p><p>b</p><p>c</p>",
        "docs/terms.md:3:2: the page does not have the text of the source: words are added. "
        "Source: “a b ⟦⟧”; page: “a b ⟦c⟧”",
    ),
    "a number": (
        "a\n\n> 3. b",
        "<p>a</p><blockquote><ol><li>b</ol></blockquote>",
        "docs/terms.md:3:3: the page does not have the text of the source: words are changed. "
        "Source: “a ⟦3.⟧ b”; page: “a ⟦1.⟧ b”",
    ),
    "behind an entity and a link": (
        "&amp; [x](y) \\*z* w",
        "&amp; x *z* v",
        "docs/terms.md:1:19: the page does not have the text of the source: words are changed. "
        "Source: “& x *z* ⟦w⟧”; page: “& x *z* ⟦v⟧”",
    ),
    "in a cell": (
        "| a | b |\n|---|---|\n| c \\| d | e |",
        "<table><tr><th>a<th>b<tr><td>c | x<td>e</table>",
        "docs/terms.md:3:8: the page does not have the text of the source: words are changed. "
        "Source: “a b c | ⟦d⟧ e”; page: “a b c | ⟦x⟧ e”",
    ),
}


@pytest.mark.parametrize(("markdown", "html", "message"), MESSAGES.values(), ids=MESSAGES)
def test_message_says_where_and_what(markdown: str, html: str, message: str) -> None:
    assert str(check(markdown, html)) == message


def test_context_is_short() -> None:
    words = [f"word{number}" for number in range(2000)]
    found = check(" ".join(words), " ".join(words).replace("word1000 ", "").replace("word1500", "other"))
    assert found is not None
    assert "⟦word1000⟧ word1001 " in found.message
    assert "other" not in found.message
    assert len(found.message) < 400


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>a</p>", "no element"),
        ("", "no element"),
        ("<script>'<div data-engross-text>a</div>'</script>", "no element"),
        ('<p title="data-engross-text">a</p>', "no element"),
        ("<div data-engross-text>a</div><div data-engross-text>a</div>", "2 elements"),
        ("<div data-engross-text>a<div data-engross-text></div></div>", "2 elements"),
    ],
)
def test_exactly_one_element_holds_the_text(html: str, count: str) -> None:
    found = check_page(source("a"), html)
    assert found is not None
    assert (found.rule, found.line, found.column) == ("text-differs", 0, 0)
    assert found.message.startswith(f"the page has {count} with data-engross-text")


def test_what_is_outside_the_element_does_not_count() -> None:
    html = "<nav>Home</nav><article class=x data-engross-text=t><p>a</p></article><footer>b<div>c</div></footer>"
    assert check_page(source("a"), html) is None
    assert (
        check_page(source("a"), html.upper().replace("DATA-ENGROSS-TEXT", "data-engross-text").replace("A<", "a<"))
        is None
    )


def test_a_contract_of_everything() -> None:
    markdown = (CASES / "everything.md").read_text(encoding="utf-8")
    html = (CASES / "everything.html").read_text(encoding="utf-8")
    assert check(markdown, html) is None
