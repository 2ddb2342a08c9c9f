"""Plain text: headings, typed labels, wrapped lines, divided words, pages, columns; what is refused."""

import pytest

from engross.common import EngrossError
from engross.importing import Choices, Imported, report_lines
from engross.importing.importer import finish
from engross.importing.plain_text import read_plain_text

CHOICES = Choices(title="Terms")
WRAPPED = "\n".join(
    ["This paragraph has lines that an editor has wrapped at a column, which is", "the same everywhere."] * 3
)


def imported(text: str | bytes) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return finish(read_plain_text(data, "terms.txt", CHOICES), "terms.txt", "terms", CHOICES)


def markdown(text: str) -> str:
    one = imported(f"{WRAPPED}\n\n{text}\n")
    assert one.report.differences == (), list(report_lines(one.report))
    return one.markdown.partition("everywhere.\n\n")[2].rpartition("everywhere.\n\n")[2].removesuffix("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fees\n----\nText.", "## Fees\n\nText."),
        ("FEES AND TAXES\n\nText.", "## FEES AND TAXES\n\nText."),
        ("1. Fees\n\nText.\n\n2. Law\n\nText.", "## 1. Fees\n\nText.\n\n## 2. Law\n\nText."),
        ("1. Pay the fees.\n\n2. Obey the law.", "1. Pay the fees.\n\n2. Obey the law."),
        ("Section 4. Fees\n\nText.", "## Section 4. Fees\n\nText."),
        (
            "(a) one;\n(b) two:\n    (i) three;\n    (ii) four.",
            "(a) one;\n\n(b) two:\n\n    (i) three;\n\n    (ii) four.",
        ),
        ("(a) One.\n\n    More.\n\nOut.", "(a) One.\n\n    More.\n\nOut."),
        ("* one\n* two", "- one\n- two"),
        ("1.1 Fees are due at the end of each month, as the order form says, and in\neuro.", None),
        ("The agree-\nment. Agreement.", "The agreement. Agreement."),
        ("A non-\nexclusive right.", "A non-exclusive right."),
        ("Example ApS\nSome Street 1\nCopenhagen", "Example ApS\\\nSome Street 1\\\nCopenhagen"),
        ("Signed: _______\n\n* * *\n\nEnd.", "Signed: _______\n\n***\n\nEnd."),
        ("a *b* <c> [d](e) # f", "a \\*b\\* \\<c> [d\\](e) # f"),
    ],
)
def test_text(text: str, expected: str | None) -> None:
    assert markdown(text) == (expected if expected is not None else " ".join(text.split()))


def test_lines_of_printed_pages_are_dropped_and_their_sentences_joined() -> None:
    page = "{}\n\nAcme Terms                                Page {}\n\f\nAcme Terms Version 2\n\n"
    body = page.format("The fees are due at the end of each month, and the Customer pays the", 1)
    one = imported(f"{WRAPPED}\n\n{body}taxes.\n\n{page.format('More.', 2)}End.\n")
    assert one.report.differences == ()
    assert "and the Customer pays the taxes." in one.markdown
    assert "Version 2" not in one.markdown
    assert "Page" not in one.markdown
    assert "dropped: 4 lines of printed pages (numbers, headers, footers)" in "\n".join(report_lines(one.report))


def test_numbers_between_pages_are_dropped_only_if_they_count() -> None:
    counted = imported("one\n\n1\n\ntwo\n\n2\n\nthree\n\n3\n\nfour")
    assert "\n2\n" not in counted.markdown
    assert counted.report.differences == ()
    assert "\n7\n" in imported("one\n\n3\n\ntwo\n\n7\n\nthree\n\n8\n\nfour").markdown


def test_a_table_of_contents_is_dropped() -> None:
    lines = "\n".join(f"{at}. Part {at} ........ {at}" for at in range(1, 5))
    one = imported(f"Table of Contents\n\n{lines}\n\nText of the terms.")
    assert one.markdown == "# Terms\n\nText of the terms.\n"
    assert one.report.differences == ()


def test_columns_are_kept_as_lines_and_named() -> None:
    one = imported("Text.\n\nPlan     Price\n----     -----\nBasic    EUR 5\nFull     EUR 9")
    assert "Plan Price\\\nBasic EUR 5\\\nFull EUR 9" in one.markdown
    assert (
        "guessed: lines in columns, which may be a table, are kept as lines; write them as a table — line 3"
        in "\n".join(report_lines(one.report))
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "terms.txt: it has no text to import"),
        (b"\x89PNG\r\n", "terms.txt: this file is a picture, whatever its name says"),
        (b"x" * (16 * 1024 * 1024 + 1), "terms.txt: a text of more than 16 MB is not read; divide it"),
        (b"caf\xe9 \x81 more words", "terms.txt:1:4: byte 0xE9 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(EngrossError) as failure:
        imported(data)
    assert str(failure.value).startswith(message)


def test_windows_texts_are_read_and_named() -> None:
    one = imported("Text with “quotes” and a lot of other words.".encode("cp1252"))
    assert "“quotes”" in one.markdown
    assert "guessed: the text is not UTF-8; it is read as Windows-1252" in "\n".join(report_lines(one.report))


@pytest.mark.parametrize("line", ["x-\n", "(a) x\n", "1\n\n", "\f", "- x\n", "A  .... 1\n", "=====\n"])
def test_large_and_strange_texts_are_read(line: str) -> None:
    assert imported("Text.\n\n" + line * 3000 + "\n\nEnd of the text.").markdown.endswith("End of the text.\n")
