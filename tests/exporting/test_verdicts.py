"""Every file that the tour's site publishes of a version is confirmed by its record."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engross.exporting import Judge, KeptKind, docx_bytes, read_kept
from engross.exporting.word_comparison import sealed_words, word_differences
from engross.record import open_record

from .copies import copy_of, document_of

RECORD = Path(__file__).parents[2] / "examples" / "tour" / "record"


@pytest.mark.slow
def test_every_published_file_is_confirmed(tour_site: Path) -> None:
    judge = Judge(open_record(RECORD), datetime(2026, 11, 20, tzinfo=UTC))
    counts: dict[KeptKind, int] = {}
    for file in sorted(tour_site.glob("*/versions/*")):
        if not re.fullmatch(r"\d+\.(md|yml|html|json)", file.name):
            continue
        (kept,) = read_kept(file)
        (verdict,) = judge.judge(kept)
        document, number = file.parts[-3], int(file.name.partition(".")[0])
        assert verdict.match.is_confirmed, file
        assert verdict.version
        # Two versions may have the same bytes.
        same = {verdict.version.id, *verdict.also}
        assert (document, number) in {(one.document, one.number) for one in same} or kept.kind is KeptKind.HTML
        counts[kept.kind] = counts.get(kept.kind, 0) + 1
    assert counts == dict.fromkeys((KeptKind.SOURCE, KeptKind.HTML, KeptKind.FACTS), len(judge._all))


@pytest.mark.long
@pytest.mark.slow
def test_a_changed_word_in_any_published_file_is_found(tour_site: Path, tmp_path: Path) -> None:
    judge = Judge(open_record(RECORD), datetime(2026, 11, 20, tzinfo=UTC))
    count = 0
    for file in sorted(tour_site.glob("[!m]*/versions/*")):
        if not re.fullmatch(r"\d+\.(md|html)", file.name) or "subprocessors" in file.parts:
            continue
        text = file.read_text("utf-8")
        # In a page, the text of the document begins with its first section.
        begin = text.find('<h2 id="') if file.suffix == ".html" else 0
        at = begin >= 0 and re.compile(r"(?<=[a-z] )(?:days|the|must|may)(?= [a-z])").search(text, begin)
        if not at:
            continue
        changed = tmp_path / file.name
        changed.write_text(f"{text[: at.start()]}altered{text[at.end() :]}", "utf-8")
        (verdict,) = judge.judge(read_kept(changed)[0])
        assert not verdict.match.is_confirmed, file
        assert any("altered" in one.kept for one in verdict.differences)
        count += 1
    assert count > 60


TYPED = """\
# Terms

## 1. Use

1.1 You may use it under Section 2.

1.2 You pay as stated in Section 2.

## 2. Fees

2.1 Fees are final.
"""


@pytest.mark.parametrize(("old", "new", "found"), [("", "", []), ("final", "due", [("final.", "due.")])])
def test_typed_numbers_that_word_computes_are_no_difference(
    tmp_path: Path, old: str, new: str, found: list[tuple[str, str]]
) -> None:
    (tmp_path / "kept.docx").write_bytes(docx_bytes(copy_of(TYPED.replace(old, new) if old else TYPED)))
    (kept,) = read_kept(tmp_path / "kept.docx")
    sealed = sealed_words(document_of(TYPED), KeptKind.WORD)
    assert [(one.sealed, one.kept) for one in word_differences(sealed, kept.words.split())] == found
