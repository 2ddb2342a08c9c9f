"""The inputs of `redline`, its refusals, and its own verification."""

from dataclasses import replace

import pytest
from tests.redline.reading import find, lines_left, lines_of, read_page
from tests.redline.texts import tree

from engross.common.errors import EngrossError
from engross.model import Document, DocumentEntry, DocumentKind, Source
from engross.redline import (
    FactKind,
    Op,
    Redline,
    Side,
    State,
    accept,
    redline,
    reject,
    script_builder as builder_module,
)
from engross.redline.changes import english, find_changes
from engross.redline.counts import counts_in_words
from engross.redline.output.html_page import html_page, marks_style
from engross.redline.output.json import make_schema, schema
from engross.text import decode, parse

OLD = "# Terms\n\nCustomer will pay within 30 days.\n"
NEW = "# Terms\n\nCustomer will pay within 60 days.\n"
CATALOGUE = """\
# The models on offer.
models:
  - id: one
    name: One
    provider: Acme
    eula:
      spdx: MIT
    modalities: {in: [text], out: [text]}
    context_tokens: 4096
  - id: two
    name: Two
    provider: Acme
    eula: {spdx: Apache-2.0}
    modalities: {in: [text], out: [text]}
"""


def document(text: str, *, numbering: bool = False) -> Document:
    source = decode(text.encode(), "terms.md")
    entry = DocumentEntry("terms", "Terms", DocumentKind.POLICY, "terms.md")
    return Document(entry, source, parse(source, numbering=numbering))


def facts(script: Redline) -> set[FactKind]:
    return {fact.kind for top in script.blocks for block in top.walk() for fact in block.facts}


def test_texts_sources_documents_and_sides_say_the_same() -> None:
    sources = [decode(text.encode(), "terms.md") for text in (OLD, NEW)]
    sides = [Side("terms.md", text, parse(source)) for text, source in zip((OLD, NEW), sources, strict=True)]
    scripts = [
        redline(OLD, NEW),
        redline(*sources),
        redline(document(OLD), document(NEW)),
        redline(*sides),
        redline(OLD, sources[1]),
    ]
    assert len({script.blocks for script in scripts}) == 1
    assert {(reject(script), accept(script)) for script in scripts} == {(OLD, NEW)}


def test_a_source_is_given_back_as_its_bytes_are() -> None:
    data = "\ufeff# Terms  \r\n\r\nPay.\r".encode()
    script = redline(decode(data, "a.md"), decode(b"# Terms\n\nPay.\n", "b.md"))
    assert reject(script).encode() == data
    assert not script.is_visible
    assert not script.is_empty


def test_a_document_published_elsewhere_cannot_be_compared() -> None:
    elsewhere = replace(document(OLD), source=None)
    with pytest.raises(ValueError, match="published elsewhere"):
        redline(elsewhere, document(NEW))


@pytest.mark.parametrize("text", ["NUL \x00 here", "a lone \ud800 surrogate", "> " * 60 + "deep"])
def test_what_the_parser_refuses_is_refused(text: str) -> None:
    with pytest.raises(EngrossError):
        redline(OLD, text)


@pytest.mark.parametrize(
    "mistake",
    [
        "[x](javascript:alert(1))", "[chat](whatsapp://send)", "| A |\n| - |\n| 1 | surplus |",
        "[unused]: https://example.com", "A <u>word</u>.", "![far](https://example.com/far.png)", "Open <!-- comment",
    ],
)  # fmt: skip
def test_what_only_a_site_refuses_is_compared(mistake: str) -> None:
    script = redline(f"{mistake}\n\nThe fee is final.", f"{mistake}\n\nThe fee is due.")
    assert [(run.text, run.op.value) for block in script.blocks for run in block.runs if run.op is not Op.EQUAL] == [
        ("final", "deleted"), ("due", "inserted"),
    ]  # fmt: skip


def test_a_changed_cell_beyond_the_head_of_a_table_shows() -> None:
    table = "| A |\n| - |\n| 1 | {} |"
    assert redline(table.format("ten"), table.format("twelve")).is_visible


def test_a_row_too_short_for_a_column_of_another_row_has_no_cell_there() -> None:
    table = "| a | b |\n|---|--:|\n| c | d |\n"
    old, new = f"{table}| e | f | g |\n", f"{table}| h | i | j |\n| k | l |\n"
    main = find(read_page(html_page(redline(old, new))), "main")
    assert lines_left(main, "old") == lines_of(tree(old))
    assert lines_left(main, "new") == lines_of(tree(new))


def test_html_in_a_lone_text_is_read_through() -> None:
    script = redline("<b>Pay</b> now, <i>please</i>.", "Pay <u>now</u>, please.")
    assert not script.is_visible
    assert accept(script) == "Pay <u>now</u>, please."


@pytest.mark.parametrize("spoil", ["segments", "blocks"])
def test_a_wrong_script_is_never_given(spoil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_first(script: Redline) -> Redline:
        return replace(script, **{spoil: getattr(script, spoil)[1:]})

    monkeypatch.setattr(builder_module, "Redline", lambda *args, **more: without_first(Redline(*args, **more)))
    with pytest.raises(EngrossError, match="self-check"):
        redline(OLD, NEW)


def test_generated_numbers_that_change_are_reported() -> None:
    before = document("# T\n\n## A\n\nText of a.\n\n## B\n\nText of b.\n", numbering=True)
    after = document("# T\n\n## A\n\nText of a.\n\n## New\n\nMore text here.\n\n## B\n\nText of b.\n", numbering=True)
    script = redline(before, after)
    assert FactKind.RENUMBERED in facts(script)
    assert "<del><span" in html_page(script)


def test_an_edit_within_a_moved_clause_is_just_the_edit() -> None:
    section = "## Notices\n\nNotices must be in writing and sent to the address on the Order.\n"
    rest = "## Fees\n\nCustomer pays the Fees within 30 days of an invoice.\n\n## Law\n\nThe law of Ireland holds.\n"
    script = redline(f"{rest}\n{section}", f"{section.replace('writing', 'English')}\n{rest}")
    assert [move.number for move in script.moves] == [1]
    moved = [block for block in script.blocks if block.state is State.MOVED_HERE]
    assert [run.text for block in moved for run in block.runs if run.op is not Op.EQUAL] == ["writing", "English"]
    assert script.counts.words_inserted == script.counts.words_deleted == 1
    assert (script.counts.sections_moved, script.counts.clauses_moved) == (1, 0)


def test_paragraphs_without_a_heading_that_move_together_are_not_a_section() -> None:
    old = "the.\n\nthe.\n\nthe.\n\nthe the the the the.\n\n---\n\nthe.\n\nthe.\n\n---\n\nthe the the the."
    new = "the.\n\nthe.\n\n---\n\nthe.\n\nthe.\n\n---\n\nthe the the the.\n\nthe the the the the."
    counts = redline(old, new).counts
    assert (counts.sections_moved, counts.clauses_moved) == (0, 2)


def test_unrelated_texts_are_replaced_as_a_whole() -> None:
    old = "# Fox\n\n" + "\n\n".join(f"The quick fox number {n} jumps over lazy dogs." for n in range(30))
    new = "# Sale\n\n" + "\n\n".join(f"Payment {n} is due by wire in advance to us." for n in range(40))
    states = [block.state for block in redline(old, new).blocks]
    assert states == [State.DELETED] * 31 + [State.INSERTED] * 41


def test_a_field_of_a_model_is_a_clause() -> None:
    script = redline(CATALOGUE, CATALOGUE.replace("4096", "8192"), yaml=True)
    (change,) = find_changes(script)
    assert (change.where, change.old, change.new) == ("One: Context, tokens", "4,096", "8,192")


def test_comments_and_the_order_of_keys_are_source_only() -> None:
    other = CATALOGUE.replace("# The models on offer.", "# Another comment").replace(
        "    name: One\n    provider: Acme\n", "    provider: Acme\n    name: One\n"
    )
    script = redline(CATALOGUE, other, yaml=True)
    assert not script.is_visible
    assert accept(script) == other


def test_any_yaml_is_read_by_its_keys() -> None:
    old = "b: 1\na:\n  - x y\n  - z\n# c\n"
    script = redline(Source("x.yml", old, b""), Source("x.yml", "a:\n  - x y\nb: 2 # d\n", b""))
    assert [(change.where, change.old, change.new) for change in find_changes(script)] == [
        ("a.2 (old number)", "z", ""),
        ("b", "1", "2"),
    ]
    assert not redline("a: 1\nb: 2\n", "b: 2\na: 1\n", yaml=True).is_visible


def test_what_is_no_yaml_is_read_line_by_line() -> None:
    script = redline("a: [1\nb: 2\n", "a: [1\nb: 3\n", yaml=True)
    assert [(change.old, change.new) for change in find_changes(script)] == [("b: 2", "b: 3")]


def test_the_shipped_schema_is_that_of_the_code() -> None:
    assert schema() == make_schema()


def test_hostile_text_stays_text() -> None:
    evil = '`</del><script>alert(1)</script>` "><img src=x onerror=alert(1)> &lt;b&gt;'
    page = html_page(redline(evil, f"{evil} more"))
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;/del&gt;&lt;script&gt;" in page


def test_names_of_files_are_escaped() -> None:
    page = html_page(redline(Source("<b>.md", "a", b"a"), Source("n&w.md", "b", b"b")))
    assert "<b>.md" not in page
    assert "n&amp;w.md" in page


def test_counts_in_words() -> None:
    assert counts_in_words(redline(OLD, NEW).counts) == "1 clause changed (1 word added, 1 word removed)."
    assert counts_in_words(redline("1. a b c\n", "2. a b c\n").counts) == "Only numbering or layout changed."


def test_time_stays_near_linear_on_repeated_text() -> None:
    """Nothing is unique here, so nothing can anchor; the work must stay bounded all the same."""
    old = "\n\n".join(["the same words again"] * 600)
    script = redline(old, old + "\n\nthe same words again")
    assert script.counts.clauses_inserted == 1
    assert accept(redline("a " * 4000, "a b " * 3000)) == "a b " * 3000


def test_words_in_the_style_sheet_cannot_leave_their_strings() -> None:
    labels = replace(english(), image='a"}\n</style>\\', unchanged="gleich ✓")
    first, _, rest = marks_style(labels).partition("\n")
    assert first == (
        ':root { --said-image: "a\\22 }\\a \\3c /style>\\5c : "; --said-unchanged: "⋯ gleich ✓"; '
        '--said-typographic: "⋯ gleich ✓, typography"; }'
    )
    assert "var(--said-image)" in rest
    assert "var(--said-unchanged)" in rest


@pytest.mark.parametrize("last", ["", "\n\nFees are due on the first day."])
@pytest.mark.parametrize("joined", [True, False])
def test_known_clauses_with_other_breaks(last: str, joined: bool) -> None:
    """The first of two paragraphs has the id of both together; the id of the second has no partner."""
    first, second = "Notices are in writing.", "They are sent by post to the office."
    sides = [
        (f"# Terms\n\n## Notices\n\n{first}\n\n{second}{last}\n", ("one", "two", "three")),
        (f"# Terms\n\n## Notices\n\n{first} {second}{last}\n", ("one", "three")),
    ]
    (old, before), (new, after) = sides if joined else sides[::-1]
    ids = tuple({f"notices.p{at}": name for at, name in enumerate(names, 1)} for names in (before, after))
    script = redline(old, new)
    assert redline(old, new, ids=(ids[0], ids[1])) == script
    assert script.counts.words_inserted == script.counts.words_deleted == 0
