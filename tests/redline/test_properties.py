"""Properties of any two texts: nothing is lost or added, and both directions agree."""

import re
from dataclasses import astuple, replace

from hypothesis import given, strategies as st
from jsonschema import Draft202012Validator
from tests.redline.reading import find, lines_left, lines_of, read_page
from tests.redline.texts import contracts, noise, pairs, tree, typeset

from engross.redline import Outline, Redline, State, accept, redline, reject
from engross.redline.changes import find_changes
from engross.redline.folding import folded
from engross.redline.output.html_page import html_page
from engross.redline.output.json import _adapter, schema, to_json
from engross.redline.output.terminal import terminal_text

SCHEMA = Draft202012Validator(schema())


@given(pairs)
def test_either_text_is_given_back(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    script = redline(old, new)
    assert accept(script) == new
    assert reject(script) == old
    assert script.is_empty == (old == new)


@given(pairs, pairs)
def test_an_outline_that_knows_earlier_redlines_changes_nothing(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    outline = Outline()
    for text in (*first, *second):
        tree(text)
    for old, new in (first, second, (first[1], second[0]), first):
        assert redline(old, new, outline=outline) == redline(old, new)


@given(noise, st.sampled_from(["\r\n", "\r", "\n"]), st.booleans())
def test_line_ends_and_byte_order_mark_are_kept_and_not_shown(text: str, end: str, mark: bool) -> None:
    text = text.replace("\r\n", "\n")
    tree(text)
    other = ("\ufeff" if mark else "") + text.replace("\n", end)
    script = redline(text, other)
    assert accept(script) == other
    assert not script.is_visible


@given(pairs)
def test_visible_is_what_changes_the_tree(pair: tuple[str, str]) -> None:
    old, new = pair
    same = lines_of(tree(old)) == lines_of(tree(new))
    script = redline(old, new)
    if not script.is_visible:
        assert same
    if old == new:
        assert not script.is_visible


@given(pairs)
def test_the_page_without_its_deletions_is_the_new_document_and_the_reverse(pair: tuple[str, str]) -> None:
    old, new = pair
    trees = tree(old), tree(new)
    main = find(read_page(html_page(redline(old, new))), "main")
    assert lines_left(main, "old") == lines_of(trees[0])
    assert lines_left(main, "new") == lines_of(trees[1])


@given(pairs)
def test_either_way_round_marks_the_same_amount(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    there, back = redline(old, new).counts, redline(new, old).counts
    mirrored = replace(
        back,
        clauses_inserted=back.clauses_deleted,
        clauses_deleted=back.clauses_inserted,
        words_inserted=back.words_deleted,
        words_deleted=back.words_inserted,
        sections_inserted=back.sections_deleted,
        sections_deleted=back.sections_inserted,
    )
    assert astuple(there) == astuple(mirrored)


@given(pairs)
def test_json_holds_the_whole_script(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    script = redline(old, new)
    value = to_json(script)
    SCHEMA.validate(value)
    read = _adapter().validate_python(value)
    back = Redline(read.old, read.new, read.segments, read.blocks, read.moves, read.counts, unread=read.unread)
    assert back == script
    SCHEMA.validate(to_json(script, only_changes=True))


@given(pairs)
def test_every_change_is_listed_and_the_list_is_empty_where_nothing_shows(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    script = redline(old, new)
    changes = find_changes(script)
    assert bool(changes) == script.is_visible
    page = html_page(script)
    text = terminal_text(script)
    for change in changes:
        assert change.kinds
        assert f'id="change-{change.number}"' in page
        assert f"── {change.number}. " in text


LETTERS = re.compile("[\u4e00-\u9fff]|[^\\W_\u4e00-\u9fff]+")
"""Words; a character of Chinese is one, with or without a blank beside it."""


@given(st.one_of(pairs, contracts.flatmap(typeset)))
def test_typography_never_hides_a_word(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    script = redline(old, new)
    for change in find_changes(script):
        if any(block.is_typographic for block in change.blocks):
            assert LETTERS.findall(change.old) == LETTERS.findall(change.new)
            assert change.kinds == ["typography"]
    if script.is_typographic:
        assert script.counts.words_inserted == script.counts.words_deleted == script.counts.clauses_changed == 0


@given(contracts.flatmap(typeset))
def test_another_typography_is_never_a_change_of_words(pair: tuple[str, str]) -> None:
    old, new = pair
    tree(old), tree(new)
    script = redline(old, new)
    assert {block.state for top in script.blocks for block in top.walk()} <= {State.SAME, State.CHANGED}
    assert script.counts.words_inserted == script.counts.words_deleted == 0


@given(noise, noise)
def test_texts_without_their_typography_have_the_same_words(old: str, new: str) -> None:
    assert LETTERS.findall(folded(old)) == LETTERS.findall(old)
    if LETTERS.findall(old) != LETTERS.findall(new):
        assert folded(old) != folded(new)
