"""The numbers that Word shows, computed from lists, styles and overrides."""

import pytest
from lxml import etree

from engross.importing.word.numbering import Label, Numbering, cardinal, ordinal, ordinal_word, read_numbering
from engross.importing.word.styles import read_styles

from .word_files import MAIN, level, numbering, of

LEGAL = (
    level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "lowerLetter", "(%3)")
    + level(3, "lowerRoman", "(%4)")
)  # fmt: skip
START_AGAIN = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'


def read(abstract: dict[int, str], nums: dict[int, str], styles: str = "") -> Numbering:
    root = etree.fromstring(f'<w:numbering xmlns:w="{MAIN}">{numbering(abstract, nums)}</w:numbering>')
    known = etree.fromstring(f'<w:styles xmlns:w="{MAIN}">{styles}</w:styles>')
    return read_numbering(root, read_styles(known))


def shown(lists: Numbering, *paragraphs: tuple[int, int]) -> list[str]:
    labels = [lists.next_label(str(number), at) for number, at in paragraphs]
    return [label.text if label else "" for label in labels]


def test_levels_count_and_start_again_under_a_higher_one() -> None:
    lists = read({0: LEGAL}, {1: of(0)})
    order = [(1, 0), (1, 1), (1, 2), (1, 2), (1, 3), (1, 1), (1, 2), (1, 0), (1, 1)]
    assert shown(lists, *order) == ["1.", "1.1", "(a)", "(b)", "(i)", "1.2", "(a)", "2.", "2.1"]


def test_full_numbers_contain_those_around() -> None:
    lists = read({0: LEGAL}, {1: of(0)})
    labels = [lists.next_label("1", at) for at in (0, 1, 1, 2, 2, 3)]
    assert [label.full for label in labels if label] == ["1", "1.1", "1.2", "1.2(a)", "1.2(b)", "1.2(b)(i)"]


def test_lists_of_one_abstract_list_continue_unless_one_starts_again() -> None:
    lists = read({0: LEGAL}, {1: of(0), 2: of(0), 3: of(0, START_AGAIN)})
    assert shown(lists, (1, 0), (2, 0), (3, 0), (3, 0), (1, 0)) == ["1.", "2.", "1.", "2.", "3."]


def test_start_values_and_levels_that_a_list_has_for_itself() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "Article %1", start=4)}</w:lvlOverride>'
    lists = read({0: level(0, "decimal", "%1.", start=7) + level(1, "decimal", "%1.%2")}, {1: of(0), 2: of(0, own)})
    assert shown(lists, (1, 1), (1, 0), (2, 0), (2, 0)) == ["7.1", "8.", "Article IX", "Article X"]
    again = own.replace("</w:lvlOverride>", '<w:startOverride w:val="4"/></w:lvlOverride>')
    lists = read({0: level(0, "decimal", "%1.")}, {1: of(0), 2: of(0, again)})
    assert shown(lists, (1, 0), (2, 0), (2, 0), (1, 0)) == ["1.", "Article IV", "Article V", "6."]


@pytest.mark.parametrize(
    ("form", "text", "labels"),
    [
        ("upperLetter", "%1)", ["A)", "B)"]),
        ("lowerRoman", "%1.", ["i.", "ii."]),
        ("decimalZero", "%1", ["01", "02"]),
        ("ordinal", "%1", ["1st", "2nd"]),
        ("cardinalText", "Part %1", ["Part One", "Part Two"]),
        ("ordinalText", "%1", ["First", "Second"]),
        ("bullet", "\uf0b7", ["-", "-"]),
        ("none", "", ["", ""]),
        ("decimal", "", ["", ""]),
        ("decimal", "Section %1", ["Section 1", "Section 2"]),
    ],
)
def test_forms_of_numbers(form: str, text: str, labels: list[str]) -> None:
    assert shown(read({0: level(0, form, text)}, {1: of(0)}), (1, 0), (1, 0)) == labels


def test_letters_after_z_are_doubled() -> None:
    lists = read({0: level(0, "lowerLetter", "(%1)")}, {1: of(0)})
    assert shown(lists, *[(1, 0)] * 28)[24:] == ["(y)", "(z)", "(aa)", "(bb)"]


def test_legal_levels_have_no_roman_numbers() -> None:
    zero = level(0, "upperRoman", "Article %1.") + level(1, "decimalZero", "Section %1.%2", "<w:isLgl/>")
    assert shown(read({0: zero}, {1: of(0)}), (1, 0), (1, 1)) == ["Article I.", "Section 1.01"]
    levels = level(0, "upperRoman", "Article %1") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    assert shown(read({0: levels}, {1: of(0)}), (1, 0), (1, 1), (1, 0), (1, 1)) == [
        "Article I",
        "1.1",
        "Article II",
        "2.1",
    ]


def test_levels_that_do_not_start_again() -> None:
    never = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)", '<w:lvlRestart w:val="0"/>')
    assert shown(read({0: never}, {1: of(0)}), (1, 0), (1, 1), (1, 0), (1, 1)) == ["1.", "(a)", "2.", "(b)"]
    after_first = (
        level(0, "decimal", "%1.")
        + level(1, "decimal", "%1.%2")
        + level(2, "lowerLetter", "(%3)", '<w:lvlRestart w:val="1"/>')
    )
    order = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 2)]
    assert shown(read({0: after_first}, {1: of(0)}), *order) == ["1.", "1.1", "(a)", "1.2", "(b)", "2.", "(a)"]


def test_hidden_numbers_and_lists_that_do_not_exist() -> None:
    hidden = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:lvlText w:val="%1."/><w:rPr><w:vanish/></w:rPr></w:lvl>'
    lists = read({0: hidden}, {1: of(0), 2: of(9)})
    assert shown(lists, (1, 0), (2, 0), (3, 0), (1, 12)) == ["", "", "", ""]


def test_a_list_that_links_to_the_list_of_a_style() -> None:
    style = (
        '<w:style w:type="numbering" w:styleId="Legal"><w:name w:val="Legal"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = {0: f'<w:styleLink w:val="Legal"/>{LEGAL}', 1: '<w:numStyleLink w:val="Legal"/>'}
    lists = read(linked, {1: of(0), 2: of(1)}, style)
    assert shown(lists, (2, 0), (2, 1), (1, 0)) == ["1.", "1.1", "2."]
    assert lists.next_label("2", 1) == Label("2.1", "2.1", "0", 1)


def test_a_form_that_is_not_known_is_reported() -> None:
    lists = read({0: level(0, "chicago", "%1")}, {1: of(0)})
    assert shown(lists, (1, 0)) == ["1"]
    assert lists.unknown == {"chicago"}


def test_numbers_in_words() -> None:
    assert [cardinal(one) for one in (1, 12, 20, 21, 100, 342, 1000)] == [
        "One", "Twelve", "Twenty", "Twenty-one", "One Hundred", "Three Hundred forty-two", "1000",
    ]  # fmt: skip
    assert [ordinal(one) for one in (1, 2, 3, 4, 11, 22, 113)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd", "113th"]
    assert [ordinal_word(one) for one in (1, 5, 20, 21, 30)] == [
        "First",
        "Fifth",
        "Twentieth",
        "Twenty-first",
        "Thirtieth",
    ]
