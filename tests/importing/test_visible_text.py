"""The visible text of what others publish: the same for two states that a reader cannot tell apart."""

from io import BytesIO

import pytest

from engross.common import EngrossError
from engross.importing import visible_text

PAGE = "<!DOCTYPE html><body><nav>menu</nav><main><h1>Licence</h1>{}</main></body>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>You  may\n use <b>it</b>.", "You may use it.\n"),
        ("<p>One<br>two<script>x()</script><style>p{}</style><!-- no -->", "One\ntwo\n"),
        ("<table><tr><td>a</td><th>b</th></tr></table>", "a\nb\n"),
        ("<ol><li>one<ul><li>inner</ul><li>two</ol>", "one\ninner\ntwo\n"),
        ("<pre>1. One\n   goes on\n\n2. Two</pre>after", "1. One goes on\n2. Two\nafter\n"),
        ("<p hidden>no</p><p style='display: none'>no</p><p>so\u00adft\u200b \u202eyes", "soft yes\n"),
        ("<p>&copy; 2026 &amp; later", "© 2026 & later\n"),
    ],
)
def test_a_page(html: str, text: str) -> None:
    assert visible_text(PAGE.format(html).encode(), "x", "text/html") == f"Licence\n{text}"


@pytest.mark.parametrize(
    ("data", "media", "text"),
    [
        (b"  1. One\n  goes on\n \n2. Two\r\n", "text/plain", "1. One goes on\n2. Two\n"),
        (b"<html><body>as typed</body>", "text/plain", "<html><body>as typed</body>\n"),
        (b"<!-- x --><html><body><p>read</body>", "", "read\n"),
        (b"\xef\xbb\xbf# Title\n\n*one*\n", "text/markdown", "# Title\n*one*\n"),
        ("The “café” is a place of many letters.".encode("cp1252"), "", "The “café” is a place of many letters.\n"),
        (b" \n\n", "text/plain", ""),
    ],
)
def test_plain_text(data: bytes, media: str, text: str) -> None:
    assert visible_text(data, "x", media) == text


def test_a_pdf() -> None:
    from pypdf import PdfWriter

    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(file)
    assert visible_text(file.getvalue(), "x") == ""
    with pytest.raises(EngrossError, match="x: the PDF cannot be read"):
        visible_text(b"%PDF-1.7 nothing", "x")


@pytest.mark.parametrize("data", [b"a\x00b", b"\x89PNG\r\n\x1a\n", ("<div>" * 5000).encode() + b"x"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(EngrossError):
        visible_text(data, "x", "text/html")


def test_many_comments_are_read_once() -> None:
    comments = b" <!-- -- > -->\n" * 50_000
    assert visible_text(comments + b"<Body><p>read", "x") == "read\n"
    assert visible_text(comments + b"x", "x").endswith("> --> x\n")
    assert visible_text(b"<!--" * 50_000 + b"<html>", "x").endswith("<html>\n")
