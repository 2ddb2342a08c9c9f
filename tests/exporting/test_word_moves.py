"""What a redline in Word shows: moves, formats, headings, rows, links, footnotes, and who made the changes."""

from tests.exporting.test_word_redline import redlined
from tests.exporting.word_reading import NAMES, W, part, settle, settled_words

FIRST = "This paragraph is long enough that nobody would write it twice by accident."
SECOND = "Another paragraph stands between them and stays where it is, word for word."


def tags(data: bytes, *names: str) -> list[str]:
    return [one.tag.removeprefix(W) for one in part(data).iter(*(W + name for name in names))]


def texts_in(data: bytes, name: str) -> list[str]:
    return ["".join(one.itertext()) for one in part(data).iter(W + name) if "".join(one.itertext())]


def test_a_moved_paragraph_is_a_move_with_its_edit_inside() -> None:
    old = f"# T\n\n{FIRST}\n\n{SECOND}\n"
    data = redlined(old, f"# T\n\n{SECOND}\n\n{FIRST.replace('nobody would', 'no person would')}\n")
    names = ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")
    assert tags(data, *names) == list(names)
    ranges = [one.get(f"{W}name") for one in part(data).iter(f"{W}moveFromRangeStart", f"{W}moveToRangeStart")]
    assert ranges == ["move1", "move1"]
    assert texts_in(data, "moveFrom") == [FIRST]
    assert texts_in(data, "ins") == ["no person"]
    assert texts_in(data, "del") == ["nobody"]
    assert settled_words(data, "accept")[-14:-11] == ["This", "paragraph", "is"]


def test_every_change_has_its_author_and_instant() -> None:
    root = part(redlined("# T\n\nOld words.\n", "# U\n\nNew *words*.\n"))
    names = ("ins", "del", "rPrChange", "pPrChange")
    changes = [one for name in names for one in root.iter(W + name)]
    assert changes
    assert {one.get(f"{W}author") for one in changes} == {"Ada & Co"}
    assert {one.get(f"{W}date") for one in changes} == {"2026-01-02T03:04:05Z"}


def test_a_change_of_format_is_no_change_of_words() -> None:
    data = redlined("# T\n\n## A heading\n\nIt is *so* here.\n", "# T\n\n### A heading\n\nIt is **so** here.\n")
    assert not tags(data, "ins", "del")
    (run,) = part(data).iter(f"{W}rPrChange")
    assert [one.tag for one in run.find(f"{W}rPr")] == [f"{W}i", f"{W}iCs"]
    (paragraph,) = part(data).iter(f"{W}pPrChange")
    assert paragraph.find("w:pPr/w:pStyle", NAMES).get(f"{W}val") == "Heading1"


def test_rows_are_inserted_and_deleted_and_other_columns_give_another_table() -> None:
    head = "# T\n\n| a | b |\n|---|---|\n"
    data = redlined(f"{head}| c | d |\n| e | f |\n", f"{head}| c | d |\n| g | h |\n| i | j |\n")
    rows = [
        [one.tag.removeprefix(W) for one in row if one.tag in (f"{W}ins", f"{W}del")]
        for row in part(data).iter(f"{W}trPr")
    ]
    assert sorted(map(str, rows)) == ["['del']", "['ins']", "['ins']", "[]", "[]"]
    data = redlined(f"{head}| c | d |\n", "# T\n\n| a | x | b |\n|---|---|---|\n| c | y | d |\n")
    assert [len(list(row)) for row in settle(part(data), "accept").iter(f"{W}tr")] == [4, 4]
    assert [len(list(row)) for row in settle(part(data), "reject").iter(f"{W}tr")] == [3, 3]


def test_another_target_of_a_link_replaces_its_text() -> None:
    data = redlined("# T\n\nSee [it](https://a.example/).\n", "# T\n\nSee [it](https://b.example/).\n")
    targets = {one.get("Id"): one.get("Target") for one in part(data, "word/_rels/document.xml.rels")}
    relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    links = [(targets[one.get(relation)], one[0].tag.removeprefix(W)) for one in part(data).iter(f"{W}hyperlink")]
    assert links == [("https://a.example/", "del"), ("https://b.example/", "ins")]


def test_a_footnote_that_only_gets_another_number_is_not_changed() -> None:
    old = f"# T\n\nOne.\n\n{SECOND}[^a]\n\n[^a]: The first note.\n"
    new = f"# T\n\nOne.[^b]\n\n{SECOND}[^a]\n\n[^a]: The first note.\n[^b]: A new note.\n"
    data = redlined(old, new)
    references = {
        one.get(f"{W}id"): next((a.tag.removeprefix(W) for a in one.iterancestors(f"{W}ins", f"{W}del")), "")
        for one in part(data).iter(f"{W}footnoteReference")
    }
    assert list(references.values()) == ["ins", ""]
    assert settled_words(data, "reject") == f"T One. {SECOND} The first note.".split()
    assert settled_words(data, "accept") == f"T One. A new note. {SECOND} The first note.".split()


def test_a_list_keeps_its_bullets_and_its_enumerators_are_text() -> None:
    data = redlined("# T\n\n- a\n- b\n\n(a) x;\n\n(b) y.\n", "# T\n\n- a\n- b\n\n(a) new;\n\n(b) x;\n\n(c) y.\n")
    numbers = [one.get(f"{W}val") for one in part(data).iter(f"{W}numId")]
    assert numbers == ["1", "1"]
    assert settled_words(data, "reject")[-4:] == ["(a)", "x;", "(b)", "y."]


def test_word_tracks_what_is_edited_next() -> None:
    root = part(redlined("# T\n\na\n", "# T\n\nb\n"), "word/settings.xml")
    assert root.find(f"{W}trackRevisions") is not None


def test_a_link_within_the_site_that_leads_elsewhere_changes_nothing_in_the_file() -> None:
    data = redlined("# T\n\nSee [it](one.md).\n", "# T\n\nSee [it](two.md).\n")
    assert not tags(data, "ins", "del", "hyperlink")
