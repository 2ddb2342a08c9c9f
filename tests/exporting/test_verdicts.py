"""Every file that the tour's site publishes of a version is confirmed by its record."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engross.exporting import Judge, KeptKind, read_kept
from engross.record import open_record

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


@pytest.mark.slow
def test_a_changed_word_in_any_published_file_is_found(tour_site: Path, tmp_path: Path) -> None:
    judge = Judge(open_record(RECORD), datetime(2026, 11, 20, tzinfo=UTC))
    count = 0
    for file in sorted(tour_site.glob("[!m]*/versions/*")):
        if not re.fullmatch(r"\d+\.(md|html)", file.name):
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
