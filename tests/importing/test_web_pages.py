# ruff: noqa: E501 (sources are easier to read on one line)
"""Web pages: the main element, what is removed, lists, tables, footnotes, links, encodings, what is refused."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.importing import Choices, Imported, import_source, report_lines
from engross.importing.encodings import decode_foreign
from engross.importing.importer import finish
from engross.importing.web_page import read_web_page

CASES = Path(__file__).parents[1] / "cases" / "importing"
WORDS = "These words make the page long enough to be a document."


def imported(page: str | bytes, select: str = "") -> Imported:
    data = page.encode() if isinstance(page, str) else page
    choices = Choices(select=select, title="Terms")
    return finish(read_web_page(data, "page.html", choices), "page.html", "page", choices)


def text(body: str) -> str:
    """The Markdown of a page with this body, without its title, after a check that no word was lost."""
    one = imported(f"<body><main>{body}<p>{WORDS}</main>")
    assert one.report.differences == (), list(report_lines(one.report))
    return one.markdown.removeprefix("# Terms\n\n").replace(f"\n\n{WORDS}\n", "").replace(f"{WORDS}\n", "")


def remarks(body: str) -> str:
    return "\n".join(report_lines(imported(f"<body><main>{body}<p>{WORDS}</main>").report))


def refusals(page: str | bytes, select: str = "") -> list[str]:
    with pytest.raises(EngrossError) as failure:
        imported(page, select)
    return [str(one) for one in failure.value.diagnostics]


def test_text_before_the_body() -> None:
    """It opens a body of its own in the parser that counts the words; what is before it is reported as lost."""
    one = imported(f"<html>{{% include head.html %}}<body><p>{WORDS}</body></html>")
    assert WORDS in one.markdown
    assert [difference for difference in report_lines(one.report) if "include head" in difference]


@pytest.mark.parametrize("source", sorted((CASES / "sources").iterdir()), ids=lambda path: path.name)
def test_golden_results(source: Path) -> None:
    one = import_source(source, source.stem, Choices())
    report = "\n".join(report_lines(one.report)).replace(f"{source.parent.as_posix()}/", "") + "\n"
    assert one.markdown == (CASES / f"{source.stem}.md").read_text("utf-8")
    assert report == (CASES / f"{source.stem}.report.txt").read_text("utf-8")
    assert one.report.differences == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("one<div>two</div>three", "one\n\ntwo\n\nthree"),
        ("<p>one<br>two", "one\\\ntwo"),
        ("<p>one<br><br>two", "one\n\ntwo"),
        ("<p>one:<br>(a) two<br>1.1 three", "one:\n\n(a) two\n\n1.1 three"),
        ("<p>a <b>b </b>c<i>d</i>", "a **b** c*d*"),
        ("<p><b><p>one</b> two", "one two"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**"),
        ('<b style="font-weight:normal"><p>one</b>', "one"),
        ('<p><span style="font-weight: 700; font-style: italic">one</span>', "***one***"),
        ("<p>x<sup>2</sup> y<sub>i</sub> <s>old</s>", "x<sup>2</sup> y<sub>i</sub> ~~old~~"),
        ("<p>&lt;b&gt; *x* &amp;amp; [y](z) 1_000_", "\\<b> \\*x\\* \\&amp; [y\\](z) 1_000\\_"),
        ("<ul><li>one<li>two<ul><li>in</ul></ul>", "- one\n\n- two\n\n    - in"),
        ("<ol type=A><li>one<li>two</ol>", "A. one\n\nB. two"),
        ('<ol start=9 type=i><li>one<li value="20">two</ol>', "ix. one\n\nxx. two"),
        ("<ol reversed><li>one<li>two</ol>", "2. one\n\n1. two"),
        ('<ol style="list-style-type: lower-alpha"><li>one</ol>', "a. one"),
        ("<ol type=a start=0><li>one</ol>", "0. one"),
        ("<ol><li>1.1 one<li>1.2 two</ol>", "1.1 one\n\n1.2 two"),
        ("<ul><li>(a) one<li>(b) two</ul>", "(a) one\n\n(b) two"),
        ("<h2>A</h2><h5>B</h5><h5>C</h5>", "## A\n\n### B\n\n### C"),
        ("<h2><span class=box>1</span>Fees and taxes</h2>x<h2><span>2</span> Law</h2>", "## 1 Fees and taxes\n\nx\n\n## 2 Law"),
        ("<blockquote>one<p>two</blockquote>", "> one\n>\n> two"),
        ("<details><summary>More</summary>text</details>", "**More**\n\ntext"),
        ("<dl><dt>Fee<dd>means money.<dt>Tax<dd>A tax.</dl>", "**Fee** means money.\n\n**Tax**\n\nA tax."),
        ("<p>say <q>yes</q>", "say “yes”"),
        ("<p>one<wbr>two&shy;three&#8203;four", "onetwothreefour"),
        ('<p><a name="x"></a><a href="javascript:alert(1)">go</a> <a href="https://e.example/?a=1&amp;b=(2)">x</a>',
         "go [x](https://e.example/?a=1&b=%282%29)"),
    ],
)  # fmt: skip
def test_elements(body: str, expected: str) -> None:
    assert text(body) == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<tr><th>A<th>B<tr><td>1<td>2", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td rowspan=2>A<td>B<tr><td>C", "| A | B |\n| --- | --- |\n|  | C |"),
        ("<tr><th colspan=2>A<tr><td>1<td>2|3", "| A |  |\n| --- | --- |\n| 1 | 2\\|3 |"),
        ("<tr><th>A<th>B<tr><td colspan=900>1", "| A | B |\n| --- | --- |\n| 1 |  |"),
        ("<tr><th>A<th>B<tr><td rowspan=0>1<td>2<tr><td>3", "| A | B |\n| --- | --- |\n| 1 | 2 |\n|  | 3 |"),
        ("<tr><th>A<th>B<tr><td>1<br>2<td><p>3<p>4", "| A | B |\n| --- | --- |\n| 1<br>2 | 3<br>4 |"),
        ("<tr><td>1.<td>one<tr><td>2.<td>two", "1. one\n\n2. two"),
        ("<tr><td><h2>One</h2>text<td>side", "## One\n\ntext\n\nside"),
        ("<tr><td>a<td>b<tr>stray<td>c<td>d", "stray\n\n| a | b |\n| --- | --- |\n| c | d |"),
    ],
)
def test_tables(table: str, expected: str) -> None:
    one = imported(f"<body><main><table>{table}</table><p>{WORDS}</main>")
    assert expected in one.markdown
    if "stray" not in table:
        assert one.report.differences == ()


def test_a_link_within_the_page_keeps_the_anchor_of_its_heading() -> None:
    body = '<h2 id="s1">One</h2><p>See <a href="#s2">two</a>, <a href="#p">p</a>.<a name="s2"></a><h2>Two</h2><p id="p">x y'
    assert text(body) == "## One\n\nSee [two](#s2), p.\n\n## Two {#s2}\n\nx y"
    assert "a link within the page leads to no heading (#p); its words stay: “p” — line 1, column 63" in remarks(body)


def test_a_footnote_may_be_in_a_list_or_in_a_paragraph() -> None:
    body = (
        '<p>one<a href="#n1" id="r1"><sup>1</sup></a> two<sup><a href="#_ftn2" name="_ftnref2">[2]</a></sup>'
        '<ol><li id="n1">First. <a href="#r1">^</a></ol><p><a href="#_ftnref2" name="_ftn2">[2]</a> Second.</p>'
    )
    one = imported(f"<body><main>{body}<p>{WORDS}</main>")
    assert one.report.differences == ()
    assert one.markdown == f"# Terms\n\none[^1] two[^2]\n\n{WORDS}\n\n[^1]: First.\n\n[^2]: Second.\n"


def test_without_landmarks_the_part_with_the_text_is_found() -> None:
    menu = "<ul>" + "".join(f'<li><a href="/{at}">Page {at} of the site</a>' for at in range(60)) + "</ul>"
    page = f"<body><div class=menu>{menu}</div><div><div class=c><h1>Terms</h1>{'<p>Some words of a clause.' * 40}</div></div>"
    one = imported(page)
    assert "Page 3" not in one.markdown
    assert "dropped: outside the document: “Page 0 of the site" in "\n".join(report_lines(one.report))
    assert "guessed: <div> is taken as the document; choose another part with --select" in "\n".join(
        report_lines(one.report)
    )


def test_a_title_outside_the_part_with_the_text_stays() -> None:
    one = imported(f"<body><div><h1>The Title</h1></div><div>{'<p>Some words of a clause.' * 40}</div>")
    assert one.markdown.startswith("# The Title\n")


def test_short_bold_paragraphs_become_headings_where_there_are_none() -> None:
    body = "".join(f"<p><b>{at}. Part</b><p>Words of the part.<p>{at}.1 More." for at in (1, 2, 3))
    assert "## 2. Part\n\nWords of the part." in text(body)
    assert "3 short paragraphs, all bold or in capitals, are taken as headings" in remarks(body)


@pytest.mark.parametrize(
    ("selector", "part"),
    [("#b", "second"), (".x > p", "third"), ("main section:nth-of-type(1)", "first")],
)
def test_a_selector_chooses_the_part(selector: str, part: str) -> None:
    page = (
        "<body><main><section>first has more than five words<p>x</section><!-- <p> --><section id=b>second has more than "
        "five words<p>y</section></main><div class=x><p>third has more than five words</div>"
    )
    one = imported(page, selector)
    assert part in one.markdown
    assert one.report.differences == ()
    assert sum(word in one.markdown for word in ("first", "second", "third")) == 1


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("#none", "page.html: the selector #none chooses nothing in this page"),
        (
            "p",
            "page.html:1:13: the selector p chooses 2 elements, this one first; choose one of them, for example with",
        ),
        ("p[", "page.html: p[ is no CSS selector"),
        ("#empty", "page.html: the part of the page that #empty selects has no text"),
    ],
)
def test_a_selector_that_does_not_choose_one_part_is_refused(selector: str, message: str) -> None:
    page = f"<body><main><p>{WORDS}</p><p>two</p><b id=empty></b></main>"
    assert refusals(page, selector)[0].startswith(message)


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ("<iframe src='https://v.example'></iframe>", "<iframe> is another page or program in the page"),
        ("<video src=a.mp4></video>", "<video> is a medium"),
        ("<input type=text>", "<input> is a field of a form"),
        ("<math><mi>x</mi></math>", "<math> is a formula"),
        ("<bdo dir=rtl>abc</bdo>", "<bdo> is text whose direction is reversed"),
        ("<table>" + "<tr>" + "<td rowspan=60000 colspan=1000>x" * 300 + "</table>", "the merged cells of this table"),
    ],
)
def test_what_a_contract_cannot_contain_is_refused_with_its_place(element: str, message: str) -> None:
    found = refusals(f"<body>\n<main><p>{WORDS}</p>\n {element}</main>")
    assert found[0].startswith(f"page.html:3:2: {message}")


def test_invisible_frames_and_pictures_of_trackers_are_left_out() -> None:
    assert text('<p>one<iframe height="1" src="x"></iframe><img width=1 src="https://t.example/x.gif">') == "one"


def test_a_page_without_text_is_refused() -> None:
    script = "<script>" + "render();" * 100 + "</script>"
    assert "the page has no text of its own: its scripts write it" in refusals(f"<body><div id=root></div>{script}")[0]
    assert refusals("<body><p></p>") == ["page.html: the page has no text"]


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        (f"{WORDS} Grüße „hier“ – €".encode("cp1252"), "Windows-1252"),
        (b'<meta charset="iso-8859-1">' + "Grüße „hier“ – €".encode("cp1252"), "CP1252"),
        (b'<meta charset="iso-8859-1">' + "Grüße „hier“ – €".encode(), "UTF-8"),
        ("\ufeffGrüße „hier“ – €".encode("utf-16-le"), "UTF-16-LE"),
        (b"\xef\xbb\xbf" + "Grüße „hier“ – €".encode(), "UTF-8"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">' + "契約書".encode("shift_jis"),
            "SHIFT_JIS",
        ),
    ],
)
def test_encodings(page: bytes, encoding: str) -> None:
    decoded = decode_foreign(page, "page.html", page=True)
    assert decoded.encoding == encoding
    assert decoded.text.endswith(("Grüße „hier“ – €", "契約書"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7 ...", "this file is a PDF, whatever its name says"),
        (b"PK\x03\x04....", "this file is a Word file or another archive"),
        (b"text\x00more", "this file contains NUL bytes"),
        (b'<meta charset="klingon">x', "the page says that its encoding is klingon, which is unknown"),
        (b'<meta charset="hex">zz', "hex is not an encoding of text"),
        (bytes(range(128, 256)) * 20, "byte 0x80 is not UTF-8"),
        (b"<p>" + WORDS.encode() + b"<p title='x", "the tag <p never ends"),
        (b"<div>" * 100_000 + b"x", "elements nest more than 200 deep here"),
        (b"x" * (32 * 1024 * 1024 + 1), "a page of more than 32 MB is not read"),
    ],
)
def test_files_that_are_no_pages_are_refused_in_one_line(data: bytes, message: str) -> None:
    found = refusals(data)
    assert len(found) == 1
    assert "\n" not in found[0]
    assert message in found[0]


@pytest.mark.parametrize(
    "make",
    [
        lambda count: "<p>x" * count,
        lambda count: "<table>" + "<tr><td>x<td>y" * count,
        lambda count: "<script>x</script>" * count + WORDS,
        lambda count: "<!--" * count + WORDS,
        lambda count: WORDS + "<? <! </ < &" * count,
        lambda count: "<ul>" + "<li><a href='#x'>one two</a> three" * count,
        lambda count: "<p>x<br>" + "(a) y<br>" * count,
        lambda count: "<p>" + "<a href='#n'>1</a>" * count + "<li id=n>note <a href='#r'>^</a>" + WORDS,
    ],
)
def test_large_and_strange_pages_are_read(make: Callable[[int], str]) -> None:
    one = imported(f"<body><main><p>{WORDS}</p>{make(2_000)}</main>")
    assert one.report.differences == ()
    assert WORDS in one.markdown


@pytest.mark.parametrize(("module", "select"), [("lxml.html", ""), ("bs4", "main")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, module: str, select: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    assert 'pip install "engross[html]"' in refusals(f"<main><p>{WORDS}</main>", select)[0]
