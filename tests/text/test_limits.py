"""Bad and huge input: refused at its place, or read in linear time."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from engross.common.errors import EngrossError
from engross.fidelity.source_text import read_source_text
from engross.model import Clause, ClauseKind
from engross.text import decode, front_matter, parse, read_source
from texts_once import forget_texts

DEEP = "lists and quotes are nested more than 50 deep here; use fewer levels"


def refusal(text: str | bytes) -> str:
    with pytest.raises(EngrossError) as caught:
        parse(decode(text if isinstance(text, bytes) else text.encode(), "t.md"))
    return str(caught.value)


def tree(text: str) -> Clause:
    return parse(decode(text.encode(), "t.md"))


def depth(root: Clause) -> int:
    return 1 + max((depth(child) for child in root.children), default=0)


def indented(marker: str, step: int) -> Callable[[int], str]:
    return lambda levels: "\n".join(f"{' ' * step * level}{marker} x" for level in range(levels))


NESTED = {
    "quotes": (lambda levels: ">" * levels + " x", (1, 51)),
    "bullets on a line": (lambda levels: "- " * levels + "x", (1, 101)),
    "numbers on a line": (lambda levels: "1. " * levels + "x", (1, 151)),
    "bullets by indentation": (indented("-", 2), (51, 101)),
    "numbers by indentation": (indented("1.", 3), (51, 151)),
    "letters by indentation": (indented("(a)", 4), (51, 201)),
    "letters by little indentation": (indented("(a)", 2), (51, 101)),
    "quotes and bullets": (lambda levels: "> - " * (levels // 2) + "> " * (levels % 2) + "x", (1, 101)),
}


@pytest.mark.parametrize("name", NESTED)
def test_nesting_beyond_fifty_is_refused_and_never_cut_off(name: str) -> None:
    nested, (line, column) = NESTED[name]
    for levels in (49, 50):
        root = tree(nested(levels))
        texts = [clause.inline.text for clause in root.walk() if clause.inline.text]
        assert texts == ["x"] * len(texts)
        assert len(texts) == (1 if line == 1 else levels)
        assert depth(root) > levels
    assert refusal(nested(51)) == f"t.md:{line}:{column}: {DEEP}"
    assert refusal(nested(1000)).endswith(DEEP)


def test_items_in_quotes_count_towards_the_depth() -> None:
    lines = (f"{'> ' * level}(a) x\n{'> ' * level}\n{'> ' * level}    (i) y\n{'> ' * level}" for level in range(60))
    assert refusal("\n".join(lines)).endswith(DEEP)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# T\n\nCaf\xe9", "t.md:3:4: not UTF-8: byte 0xE9; save the file as UTF-8"),
        (b"\xff\xfea\x00", "t.md:1:1: not UTF-8: byte 0xFF; save the file as UTF-8"),
        (b"\xef\xbb\xbfa\r\n\rb\xff", "t.md:3:2: not UTF-8: byte 0xFF; save the file as UTF-8"),
        (b"a\nb\x00c", "t.md:2:2: the character U+0000 cannot be shown on a page; delete it"),
        (b"a\x0cb", "t.md:1:2: the character U+000C cannot be shown on a page; delete it"),
        (b"a\x1b[0m", "t.md:1:2: the character U+001B cannot be shown on a page; delete it"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, message: str) -> None:
    assert refusal(data) == message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EngrossError) as missing:
        read_source(tmp_path / "no.md", "docs/no.md")
    assert (
        str(missing.value) == "docs/no.md: there is no such file; check the name in documents.yml, or restore the file"
    )
    with pytest.raises(EngrossError) as folder:
        read_source(tmp_path, "docs")
    assert str(folder.value) == "docs: this is a folder, not a file"


def test_byte_order_mark_and_line_ends_are_accepted() -> None:
    plain = tree("# T\n\n(a) one\n(b) two\n")
    for data in (
        b"\xef\xbb\xbf# T\n\n(a) one\n(b) two\n",
        b"# T\r\n\r\n(a) one\r\n(b) two\r\n",
        b"# T\r\r(a) one\r(b) two\r",
    ):
        assert parse(decode(data, "t.md")) == plain


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "JaVaScript:alert(1)", "java&#x0A;script:x", "java&Tab;script:x", "&#1;javascript:x",
        "javascript&colon;x", "javascript&#58;x", "<javascript:x y>", "java%0ascript:x",
        "data:text/html,x", "DATA:text/html;base64,xx", "vbscript:x", "file:///etc/passwd", "blob:x",
        "&#x6A;avascript:x", "&amp;#106;avascript:x",
    ],
)  # fmt: skip
def test_unsafe_links_are_refused_at_their_place(target: str) -> None:
    for text in (
        f"# T\n\nSee [here]({target}).",
        f"# T\n\nSee ![x]({target}).",
        f"# T\n\nSee [here].\n\n[here]: {target}",
    ):
        message = refusal(text)
        assert message.startswith("t.md:3:5: a link may not use "), text
        assert message.endswith(": (allowed: http, https, mailto, tel, or an address within the site)")
    assert refusal(f"- x\n\n  > **[x]({target})**").startswith("t.md:3:7: ")


@pytest.mark.parametrize(
    "target", ["https://a.example/b:c", "HTTP://x", "mailto:a@b.c", "tel:+1", "a.md#b", "#c", "../d/", "?q"]
)
def test_other_links_are_kept(target: str) -> None:
    (mark,) = tree(f"[x]({target})").children[0].inline.marks
    assert mark.target == target


def test_every_refusal_is_reported_at_once_in_the_order_of_the_text() -> None:
    text = "# T\n\n<b>x</b>\n\n[a](data:x)\n\n| a |\n|---|\n| b | c |\n\n<!-- open\n\n[d]: e\n"
    assert [line.split(": ")[0] for line in refusal(text).splitlines()] == [
        "t.md:3:1", "t.md:3:5", "t.md:5:1", "t.md:9:7", "t.md:11:1", "t.md:13:1",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n", "---\na: b\n---\n", "---\n---", "<!-- x -->"])
def test_there_may_be_no_text(text: str) -> None:
    root = tree(text)
    assert root.kind is ClauseKind.DOCUMENT
    assert not [clause for clause in root.walk() if clause.inline.text]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("---\na: b\n---\nx", "---\na: b\n---\n"),
        ("---\na: b\n---", "---\na: b\n---"),
        ("---\na:\n  - b\n\n# c\nd-e: f\n---  \nx", "---\na:\n  - b\n\n# c\nd-e: f\n---  \n"),
        ("---\n# c\n#d: e\na: b\n---\nx", "---\n# c\n#d: e\na: b\n---\n"),
        ("---\n# Terms\n---\nx", ""),
        ("---\n# Terms\n\na: b\n---\nx", ""),
        ("---\na: b\nx", ""),
        ("---\n\na: b\n---\nx", ""),
        ("---\nText.\n---\nx", ""),
        ("---\n1. which:\n---\nx", ""),
        ("---\nThe parties:\n---\nx", ""),
        ("---\nNote: this\n\nis text.\n\n---\nx", ""),
        ("x\n---\na: b\n---", ""),
        ("---\n---", ""),
    ],
)
def test_front_matter(text: str, head: str) -> None:
    assert front_matter(decode(text.encode(), "t.md")) == head


@pytest.mark.parametrize("head", ["# c\na: b", "a: b"])
def test_both_readings_agree_on_front_matter(head: str) -> None:
    source = decode(f"---\n{head}\n---\n\nText.\n".encode(), "t.md")
    assert read_source_text(source.text).front == len(front_matter(source).rstrip())


def test_a_sealed_text_keeps_a_comment_before_its_first_key() -> None:
    """Generation 3 read it as a heading."""
    assert front_matter(decode(b"---\n# c\na: b\n---\nx", "t.md", reader=3)) == ""


AGREEMENT = """## Restrictions

Customer will not, under Section 4.2(b), (a) copy **the Services**, (b) sell them, or (c) let others use them.

(a) copy, modify, or [create](x.md) derivative works of the Services;
(b) use the Services
    (i) for High Risk Activities; or
    (ii) in violation of the AUP; and

- **“Fees”** means the fees that are due within thirty (30) days.
- **“Taxes”** means all taxes.

"""
GROWING: dict[str, Callable[[int], str]] = {
    "open brackets": lambda size: "[" * (size // 20),
    "stars": lambda size: "*" * size,
    "stars between letters": lambda size: "a*" * (size // 2),
    "images in images": lambda size: "![" * (size // 40),
    "enumerators on a line": lambda size: "(a) " * (size // 8),
    "run-in items": lambda size: "It may " + "(a) stop, or (b) go on. It must " * (size // 40),
    "items": lambda size: "(a) x\n" * (size // 12),
    "doubtful items": lambda size: "(h) x\n(i) x\n" * (size // 24),
    "wrapped items": lambda size: "x\n(a) y (c)\n" * (size // 12),
    "items with a stop": lambda size: "a. x\nb. x\n" * (size // 20),
    "open comments": lambda size: "<!--\n\n" * (size // 12),
    "blanks before a closing mark": lambda size: "# x" + " " * size + "y#",
    "blanks between items": lambda size: "(a)" + " " * size + "x (b) y",
    "references": lambda size: "It (a) is " + "Section 4(a), " * (size // 14) + "(b) so.",
    "headings": lambda size: "# General\n\n## General\n\n" * (size // 48),
    "contract": lambda size: AGREEMENT * (size // len(AGREEMENT)),
}


def seconds(text: str) -> float:
    forget_texts()
    began = time.process_time()
    with suppress(EngrossError):
        tree(text)
    return time.process_time() - began


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "contract" else [pytest.mark.long]) for name in GROWING]
)
def test_time_grows_with_length(name: str) -> None:
    grown, size = GROWING[name], 5_000
    once = min(seconds(grown(size)) for _ in range(2))
    # A quadratic step would make this 16 times as long; machines that are busy with other things may double it.
    assert min(seconds(grown(4 * size)) for _ in range(2)) < 9 * once + 0.1


def test_deep_brackets_keep_their_text() -> None:
    assert tree("[" * 5000).children[0].inline.text == "[" * 5000
    assert tree("*" * 20_000 + "x").children[0].inline.text == "*" * 20_000 + "x"
    assert tree("![" * 300 + "x" + "](y)" * 300).children[0].inline.text.count("x") == 1


@pytest.mark.long
@pytest.mark.slow
def test_ten_megabytes_work() -> None:
    # Its clauses are about as long as those of the agreement in docs/.
    section = AGREEMENT + "The Services give Customer inference from Models by way of an interface. " * 40 + "\n\n"
    copies = 10_000_000 // len(section)
    root = tree(section * copies)
    assert len(root.children) == copies
    assert root.children[-1].anchor == f"restrictions-{copies}"


def test_a_number_of_many_digits_is_read() -> None:
    text = "1.1 a\n" + "9" * 5000 + ".1 b\n"
    assert [clause.number for clause in parse(decode(text.encode(), "x.md")).children] == ["1.1"]


@pytest.mark.parametrize(
    ("text", "reader", "label"),
    [
        ("# Terms\n\n**2. Fees.** Due.", 4, "2. Fees"),
        ("# Terms\n\n**2. Fees.** Due.", 3, "Terms: 2. Fees"),
        ("# Terms\n\n**Fees.** Due.", 4, "Fees"),
        ("# Terms\n\n“**Fees**” means money.", 4, "“Fees”"),
        ("# Terms\n\n“**Fees**” means money.", 3, "Terms “Fees”"),
        ("**2. Fees.** Due.\n\n## Cap\n\nNone.", 4, "2. Fees"),
        ("**Fees.** Due.\n\n## Cap\n\nNone.", 4, "Opening: Fees"),
        ("## Cap\n\n**2. Fees.** Due.\n\n## Term\n\nNone.", 4, "Cap: 2. Fees"),
    ],
)
def test_labels_of_titled_paragraphs(text: str, reader: int, label: str) -> None:
    root = parse(decode(text.encode(), "t.md", reader=reader))
    assert [clause.label for clause in root.walk() if clause.name and clause.kind is ClauseKind.PARAGRAPH] == [label]
