"""A Word file that was exported, edited and merged back: changed clauses change, and all others keep their bytes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, reject, settings, strategies as st
from lxml import etree
from tests.exporting.copies import copy_of
from tests.exporting.word_reading import W, part
from tests.redline.texts import contracts, edited, tree

from engross.common import EngrossError
from engross.exporting import docx_bytes
from engross.exporting.word.package import About
from engross.exporting.word.redline_file import tracked_changes
from engross.importing import origin_of
from engross.importing.carry_over import spliced
from engross.importing.edited_word import ids_of, with_signs
from engross.importing.markdown_writer import write_markdown
from engross.importing.values import Choices
from engross.importing.word.reader import read_word
from engross.importing.word_check import document_words
from engross.model import ClauseKind
from engross.record import sha256
from engross.redline import Line, Outline, Unit, UnitReader, of_nodes, redline
from engross.text import decode

from .edited_files import TERMS, archive, changed, merged

AT = datetime(2026, 1, 2, tzinfo=UTC)


def read_back(text: str) -> list[str]:
    """The words of a text as an export and an import give them back; the example is passed over if they differ."""
    tree(text)
    try:
        data = docx_bytes(copy_of(text))
    except EngrossError:
        reject()
    reading = read_word(data, "read.docx", Choices())
    read = tree(write_markdown(reading.blocks).markdown)
    # An item without text is a number alone, which an import leaves out; a link may have one for its words.
    assume(not any(clause.kind is ClauseKind.ITEM and not clause.inline.text for clause in read.walk()))
    words = document_words(read)
    assume(words == document_words(tree(text)))
    return words


@settings.get_profile("costly")
@given(contracts.map("\n\n".join))
def test_a_file_that_nobody_edited_changes_no_byte(text: str) -> None:
    text = f"# Terms\n\n{text}"
    read_back(text)
    result = merged(docx_bytes(copy_of(text)), text)
    assert result.data == text.encode()
    assert not result.touched
    assert not result.untracked


@settings.get_profile("costly")
@given(edited())
def test_any_edit_without_tracking_gives_the_edited_words(pair: tuple[str, str]) -> None:
    old, new = (f"# Terms\n\n{text}" for text in pair)
    read_back(old)
    words = read_back(new)
    result = merged(docx_bytes(copy_of(new)), old)
    assert document_words(tree(result.data.decode())) == words


@settings.get_profile("costly")
@given(edited(), st.booleans())
def test_any_tracked_edit_gives_the_words_of_either_side(pair: tuple[str, str], accept: bool) -> None:
    old, new = (f"# Terms\n\n{text}" for text in pair)
    words = read_back(old), read_back(new)
    data = tracked_changes(redline(old, new), About("Terms", "en", AT), "Ada", AT)
    result = merged(data, old, tracked="track" if accept else "reject")
    assert document_words(tree(result.data.decode())) == words[accept]


@pytest.fixture(scope="module")
def exported() -> bytes:
    return docx_bytes(copy_of(TERMS))


def text(words: str) -> str:
    return f'<w:t xml:space="preserve">{words}</w:t></w:r>'


def tracked(kind: str, words: str, author: str = "Jane Doe") -> str:
    """A tracked change as Word writes it, with marks of revisions and of the spelling checker."""
    name = "delText" if kind == "del" else "t"
    return (
        f'<w:{kind} w:id="900" w:author="{author}" w:date="2026-09-01T10:00:00Z"><w:r w:rsidR="00A1B2C3">'
        f'<w:{name} xml:space="preserve">{words}</w:{name}></w:r></w:{kind}><w:proofErr w:type="spellStart"/>'
    )


def test_the_file_says_which_text_it_has(exported: bytes) -> None:
    origin = origin_of(exported, "terms.docx")
    source = copy_of(TERMS).parts[0].document.source
    assert source is not None
    assert (origin.document, origin.version, origin.source) == ("terms", "draft", sha256(source.data))


def test_tracked_words_of_several_authors_change_their_clauses_alone(exported: bytes) -> None:
    data = changed(
        exported,
        (
            text("Opening words."),
            f"{text('Opening ')}{tracked('del', 'words')}{tracked('ins', 'lines', 'Omar')}"
            f'<w:smartTag w:element="x"><w:r>{text(".")}</w:smartTag>',
        ),
        (text("inner; and"), f"{text('inner')}{tracked('ins', ' and outer')}<w:r>{text('; and')}"),
    )
    result = merged(data)
    expected = TERMS.replace("Opening words.", "Opening lines.").replace("inner; and", "inner and outer; and")
    assert result.data.decode() == expected
    assert [line for _, line in result.touched] == [3, 12]
    assert not result.untracked
    assert merged(data, tracked="reject").data.decode() == TERMS


def test_edits_without_tracking_are_named(exported: bytes) -> None:
    data = changed(
        exported,
        (text("other."), text("others.")),
        (text("Third."), f"{text('Third')}{tracked('ins', ' and last')}<w:r>{text('.')}"),
    )
    result = merged(data)
    assert result.data.decode() == TERMS.replace("other.", "others.").replace("Third.", "Third and last.")
    assert result.untracked == ("Fees (b)(ii)",)


def test_an_inserted_item_renumbers_those_after_it(exported: bytes) -> None:
    start = part(exported)
    item = next(one for one in start.iter(f"{W}p") if "".join(one.itertext()) == "Second:")
    xml = etree.tostring(item).decode()
    inside = re.sub(r"<w:bookmark[^>]*>", "", xml.replace("Second:", "New one."))
    before = '<w:p><w:pPr><w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="0"/>'
    found = re.search(r"<w:p><w:pPr>(?:(?!<w:p>).)*Second:", archive(exported))
    assert found is not None
    assert found[0].startswith(before)
    result = merged(changed(exported, (found[0], f"{inside}{found[0]}")))
    expected = TERMS.replace("(c) Third.", "(d) Third.").replace("(b) Second:", "(b) New one.\n\n(c) Second:")
    assert result.data.decode() == expected


def test_the_text_in_the_docs_has_changed_elsewhere_since(exported: bytes) -> None:
    data = changed(exported, (text("other."), text("others.")))
    current = TERMS.replace("It begins.", "It begins today.")
    assert merged(data, current=current).data.decode() == current.replace("other.", "others.")


def test_a_conflict_names_its_clause_and_line(exported: bytes) -> None:
    data = changed(exported, (text("other."), text("others.")))
    current = TERMS.replace("other.", "another one.")
    with pytest.raises(EngrossError) as failure:
        merged(data, current=current)
    (found,) = failure.value.diagnostics
    assert str(found) == (
        "docs/terms.md:14:1: Fees (b)(ii): the Word file changes a clause that the text in the docs changes as "
        "well; in Word: “(ii) others.”; in the docs: “(ii) another one.”"
    )


def test_line_ends_and_byte_order_mark_stay(exported: bytes) -> None:
    source = "\ufeff" + TERMS.replace("\n", "\r\n")
    base = docx_bytes(copy_of(source))
    result = merged(changed(base, (text("other."), text("others."))), source)
    assert result.data == source.replace("other.", "others.").encode()


def test_a_file_without_ids_is_compared_by_its_text(exported: bytes) -> None:
    plain = re.sub(r"<w:bookmark(Start|End)[^>]*>", "", archive(exported))
    data = changed(exported, (archive(exported), plain.replace("other.", "others.")))
    assert merged(data, known=False).data.decode() == TERMS.replace("other.", "others.")


def test_a_deleted_clause_is_named(exported: bytes) -> None:
    paragraphs = re.split(r"(?=<w:p>|<w:p )", archive(exported))
    (gone,) = [one for one in paragraphs if text("Second:") in one]
    result = merged(changed(exported, (gone, re.sub(r"^.*?</w:p>", "", gone, flags=re.S))))
    assert result.deleted == ("Fees (b)",)


def test_a_clause_with_an_id_is_the_same_whatever_its_words(exported: bytes) -> None:
    data = changed(exported, (text("Second:"), text("Nothing that was here before is left of it, not a word:")))
    with_ids, without = (
        merged(data),
        merged(re_zipped(data, lambda xml: re.sub(r"<w:bookmark(Start|End)[^>]*>", "", xml))),
    )
    assert with_ids.data == without.data
    assert with_ids.touched == (("Fees (b)", 10),)


def test_ids_are_those_of_the_clauses(exported: bytes) -> None:
    def units(data: bytes) -> tuple[Unit, ...]:
        markdown = write_markdown(read_word(data, "read.docx", Choices()).blocks).markdown
        return UnitReader().read(decode(markdown.encode(), "read.md"), tree(markdown)).units

    found = ids_of(units(exported), units(with_signs(exported)))
    names = {units(exported)[at].body.split()[0]: one for at, one in found.items()}
    assert names["(a)"] == "n4"
    assert len(set(found.values())) == len(found) > 10


def re_zipped(data: bytes, edit: Callable[[str], str]) -> bytes:
    return changed(data, (archive(data), edit(archive(data))))


def test_another_document_is_refused() -> None:
    other = docx_bytes(copy_of("# Lease\n\nThe tenant rents the house and its garden for three years."))
    with pytest.raises(EngrossError, match="hardly a word in common with docs/terms"):
        merged(other, known=False)


def test_comments_and_authors_are_in_the_review_alone(exported: bytes) -> None:
    result = merged(changed(exported, (text("Third."), f"{text('Third.')}{tracked('ins', ' Done.')}")))
    assert b"Jane" not in result.data
    assert "Jane Doe" in result.review


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_damaged_files_are_refused(data: bytes) -> None:
    with pytest.raises(EngrossError):
        merged(data)


def imported(text: str) -> str:
    """A text that was exported as a Word file, imported again."""
    return write_markdown(read_word(docx_bytes(copy_of(text)), "read.docx", Choices()).blocks).markdown


def shown(text: str) -> list[Line]:
    """What a text shows, line by line. Rules have no words; neighbouring quotations are one; no heading level is left
    out.
    """
    lines = list(of_nodes(Outline().nodes(tree(text))))
    ranks = sorted({0, *(line.level for line in lines)})
    return [
        line._replace(depth=0, level=ranks.index(line.level))
        for line in lines
        if line.kind not in (ClauseKind.RULE, ClauseKind.QUOTE)
    ]


def whole(blocks: list[str]) -> str:
    """A document with one title, and with links that lead somewhere."""
    text = "\n\n".join(f"#{block}" if block.startswith("# ") else block for block in blocks)
    return f"# Terms\n\n{text}".replace("(u)", "(https://example.com/)")


@settings.get_profile("costly")
@given(contracts)
def test_export_and_import_keep_every_word(blocks: list[str]) -> None:
    text = whole(blocks)
    words = document_words(tree(text))
    assert document_words(tree(imported(text))) == words


@settings.get_profile("costly")
@given(contracts)
def test_export_and_import_keep_the_tree(blocks: list[str]) -> None:
    # Preformatted text and a table of a single cell are paragraphs after an import, as from any Word file.
    text = whole([block for block in blocks if "```" not in block and not is_one_cell(block)])
    read_back(text)
    assert shown(imported(text)) == shown(text)


def is_one_cell(block: str) -> bool:
    return block.startswith("|") and (block.count("\n") == 1 or not re.search(r"[^|\s-]", block.split("\n")[0]))


@pytest.mark.parametrize("words", ["(30)", "30.", "(a)", "iv)", "**(b)**"])
@pytest.mark.parametrize("target", ["https://example.com/a/", "#terms"])
@pytest.mark.parametrize(
    "around", ["{}", "(a) first\n\n{}\n\n(b) second", "> {}", "- a\n\n  {}", "{} days", "{} and {}"]
)
def test_a_link_that_reads_like_a_number_stays_a_link(words: str, target: str, around: str) -> None:
    text = f"# Terms\n\n{around.replace('{}', f'[{words}]({target})')}\n\nAnother paragraph.\n"
    new = text.replace("Another", "Some other")
    assert merged(docx_bytes(copy_of(new)), text, site="https://example.com/").data.decode() == new


def test_links_to_the_site_itself_stay_those_of_the_source(exported: bytes) -> None:
    data = changed(
        exported, ("https://example.com/", "https://example.com/terms/law/"), part="word/_rels/document.xml.rels"
    )
    assert merged(data, site="https://example.com/").data.decode() == TERMS
    assert "(https://example.com/terms/law/)" in merged(data).data.decode()


@pytest.mark.parametrize(
    ("ours", "old", "new", "expected"),
    [
        ("See [the law][law] and\n**it**.", "See [the law](u) and **it**.", "See [the act](u) and **it**.",
         "See [the act][law] and\n**it**."),
        ("A **bold word** here.", "A **bold word** here.", "A **bold** here.", "A **bold** here."),
        ("A **bold** one.", "A **bold** one.", "A one.", "A one."),
        ("A [bold](u.md) one.", "A bold one.", "A one.", None),
        ("See [Model list](models.md) now.", "See Model list now.", "See Model register now.",
         "See [Model register](models.md) now."),
        ("(b)   two\n  lines <!-- why -->", "(b) two lines", "(c) two more lines",
         "(c)   two more\n  lines <!-- why -->"),
    ],
)  # fmt: skip
def test_words_are_replaced_within_the_markup(ours: str, old: str, new: str, expected: str | None) -> None:
    assert spliced(ours, old, new) == expected
