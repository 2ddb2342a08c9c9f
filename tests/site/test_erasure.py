"""Redacted words are gone everywhere: from the record, the site and the caches of builds."""

import base64
import gzip
import html
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from building import AGREEMENT, DAY, MODELS, RULES, Built, build, write_site
from click.testing import CliRunner
from posting import POSTED_SITE, note, post

from engross.cli import main
from engross.common.cache import FOLDER
from engross.record import open_record
from engross.record.encoding import sha256
from engross.record.redact.redaction import PARTS
from engross.record.sealed_files import sealed_source

pytestmark = pytest.mark.slow

CANARY = "Quenzil owes “Threlk” seven & twenty crowns"
"""Words that nobody writes by chance, with characters that are written otherwise in JSON, HTML and addresses."""
TELLING = ("Quenzil", "Threlk", "seven & twenty crowns")
GIVEN = "[{ground: law, cites: Act 12}]"
PICTURE = b"\x89PNG canary picture of Quenzil"
FIRST = AGREEMENT.replace("(a) copy;", f"(a) copy;\n(b) copy what {CANARY};").replace(
    "Either party may end it.", f"Either party may end it. ![{CANARY}](canary.png)"
)
SECOND = AGREEMENT


def forms(words: str) -> Iterator[bytes]:
    """Each way in which words may be written."""
    yield from (words.encode(), json.dumps(words)[1:-1].encode(), html.escape(words).encode(), quote(words).encode())
    for ahead in range(3):
        # In base64 every third character begins a new group.
        made = base64.b64encode(b"x" * ahead + words.encode())
        yield made[4 if ahead else 0 : -4]


def found(folder: Path, *names: str) -> list[str]:
    """The files, below some folders, that hold any of the words in any form, or have it in their names."""
    wanted = {form.lower() for words in TELLING for form in forms(words)}
    paths = [path for name in names for path in sorted((folder / name).rglob("*")) if path.is_file()]
    return [str(path.relative_to(folder)) for path in paths if _has(path, wanted)]


def _has(path: Path, wanted: set[bytes]) -> bool:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    data = (str(path).encode() + data).lower()
    return any(form in data for form in wanted)


def hashes(folder: Path, words: str) -> list[str]:
    """The files of the record and the site that hold the beginning of a hash of words."""
    wanted = sha256(words.encode())[:12].encode()
    paths = [path for name in ("record", "site", FOLDER) for path in (folder / name).rglob("*") if path.is_file()]
    return [str(path.relative_to(folder)) for path in paths if wanted in path.read_bytes()]


def built(folder: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        made = build(folder)
    assert (made.status, made.messages) == (0, [])
    return made


def engross(folder: Path, *args: str) -> str:
    """The output of a command, on a day after the last build."""
    back = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner().invoke(main, args)
    finally:
        os.chdir(back)
    assert result.exit_code == 0, (args, result.output)
    return result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site whose first versions hold the words: a clause, a note, a model, a picture; its site built."""
    dear = MODELS.replace("provider: Maker & Co", f"provider: Maker & Co\n    retention: {CANARY} for a day.")
    files = {
        "docs/faq.md": f"# Questions\n\n{CANARY}, why?\n",
        "docs/agreement.md": FIRST,
        "docs/models.yml": dear,
        "docs/canary.png": PICTURE,
    }
    write_site(tmp_path, {**POSTED_SITE, **files})
    post(tmp_path, 0, "first", note("agreement, rules, models", f"Begins.\n\n{CANARY}, as the agreement says."))
    changed = {"agreement_DOT_md": SECOND, "terms__rules_DOT_md": RULES.replace("Be kind", "Be very kind")}
    text = note("agreement, rules", "No more.", grounds=GIVEN, emergency=f'"{CANARY} at once"')
    post(tmp_path, 10, "second", text, **changed)
    built(tmp_path)
    return tmp_path


def redacted(folder: Path) -> str:
    """Redact the words as the commands advise, and follow their instructions."""
    reason = ("--reason", "order of a court")
    output = engross(folder, "redact", "agreement@1", "--clause", "restrictions.b", *reason)
    output += engross(folder, "redact", "agreement@1", "--clause", "end.p1", *reason)
    output += engross(folder, "redact", "models@1", "models", "--clause", "Small 1: Retention", *reason)
    output += engross(folder, "redact", "--note", "first", *reason)
    output += engross(folder, "redact", "--note", "second", "--clause", "emergency", *reason)
    for name in re.findall("^note: (docs/[^ ]*) also has words of it; remove them there$", output, re.M):
        if name != "docs/models.yml":
            (folder / name).unlink(missing_ok=True)
    return output


def test_the_words_are_everywhere_before(folder: Path) -> None:
    """The search finds them where they are known to be."""
    places = " ".join(found(folder, "record", "site", FOLDER))
    for place in (
        "record/agreement/1-", "record/changes/", "record/models/1-", "site/agreement/versions/1/index.html",
        "site/agreement/versions/1.html", "site/models/models.json", "site/feeds/changes.xml",
        "site/feeds/changes.json", "site/search/search_index.json", "site/changes/first/index.html",
        f"{FOLDER}/archive", "record/pictures/",
    ):  # fmt: skip
        assert place in places, place


def test_the_words_are_nowhere_after(folder: Path) -> None:
    output = redacted(folder)
    assert "the change note first also has words of it; engross redact --note first" in output
    assert "models@1 also has words of it" in output
    assert "docs/canary.png also has words of it; remove them there" in output
    assert "docs/faq.md also has words of it; remove them there" in output
    assert not found(folder, "record", FOLDER)
    assert found(folder, "site")
    made = built(folder)
    assert not found(folder, "record", "site", FOLDER, "docs")
    assert "[Redacted on " in made.page("changes/first/index.html")
    engross(folder, "verify")
    engross(folder, "check")


@pytest.mark.long
def test_a_cache_that_was_kept_elsewhere_does_not_bring_the_words_back(folder: Path, tmp_path: Path) -> None:
    """A workflow service keeps it between runs."""
    shutil.copytree(folder / FOLDER, folder / "kept")
    redacted(folder)
    shutil.rmtree(folder / FOLDER)
    (folder / "kept").rename(folder / FOLDER)
    assert found(folder, FOLDER)
    built(folder)
    assert not found(folder, "site", FOLDER)


def test_no_tree_confirms_a_guess(folder: Path) -> None:
    """Later trees contain a hash of the words of a removed clause; a redaction removes that too."""
    words = f"copy what {CANARY}"
    guesses = (f"{words};", words, f"Either party may end it. {CANARY} canary.png")
    # In the first version, where the clause was, and in the second, which knows what its address meant.
    for number in (1, 2):
        assert any(f"/{number}-" in name for guess in guesses[:2] for name in hashes(folder, guess)), number
    assert hashes(folder, guesses[2])
    redacted(folder)
    built(folder)
    assert not [hashes(folder, guess) for guess in guesses if hashes(folder, guess)]
    second = open_record(folder / "record").versions["agreement"][1]
    assert [entry.clause for entry in second.redactions] == ["Restrictions (b), as version 1 had it"]
    assert sealed_source(open_record(folder / "record"), second).text == SECOND
    engross(folder, "verify")


@pytest.mark.long
def test_a_picture_goes_with_the_last_text_that_shows_it(folder: Path) -> None:
    (picture,) = (folder / "record/pictures").iterdir()
    engross(folder, "redact", "agreement@1", "--clause", "end.p1", "--reason", "order of a court")
    assert not picture.exists()
    assert not open_record(folder / "record").versions["agreement"][0].sealed.pictures
    assert built(folder).page("agreement/versions/1/index.html").count("<img") == 0


def with_own_text(folder: Path) -> Path:
    """Post a fix with the words, whose text lies beside its note, while a change of the rules is announced."""
    coming = RULES.replace("Be kind", "Be most kind")
    soon = {"grounds": GIVEN, "effective": "2027-01-01"}
    post(folder, 20, "soon", note("rules", "Soon.", **soon), terms__rules_DOT_md=coming)
    beside = folder / "docs/changes/fix.rules.md"
    beside.write_text(RULES.replace("Be kind", f"Be kind to all, whatever {CANARY} means"), "utf-8")
    (folder / "docs/changes/again.md").write_text(note("rules", "Again.", continues="soon", **soon), "utf-8")
    text = note("rules", "A fix.", grounds=GIVEN, emergency="a flaw", own_text="[rules]", withdraws="[rules@3]")
    post(folder, 30, "fix", text)
    return beside


REDACT_FIX = ("redact", "rules@4", "--clause", "conduct.1", "--reason", "order of a court")


@pytest.mark.long
def test_the_text_that_lies_beside_its_posted_note(folder: Path) -> None:
    beside = with_own_text(folder)
    built(folder)
    assert "docs/changes/fix.rules.md holds words" not in engross(folder, *REDACT_FIX, "--dry-run")
    assert beside.exists()
    assert "deleted docs/changes/fix.rules.md, a copy of what was posted" in engross(folder, *REDACT_FIX)
    assert not beside.exists()
    redacted(folder)
    assert not found(folder, "record", "docs", FOLDER)
    built(folder)
    for command in ("check", "review", "verify"):
        engross(folder, command)
    assert not found(folder, "record", "site", "docs", FOLDER)


def test_a_text_beside_its_posted_note_that_was_edited(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other words may be needed: a person must delete it, and nothing is redacted before."""
    beside = with_own_text(folder)
    beside.write_text(beside.read_text("utf-8") + "\nMore.\n", "utf-8")
    before = (folder / "record/ledger.jsonl").read_bytes()
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, REDACT_FIX)
    assert result.exit_code == 1
    assert "docs/changes/fix.rules.md: this text beside a posted note has the words" in result.output
    assert (folder / "record/ledger.jsonl").read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_a_note(folder: Path, part: str) -> None:
    met = f'{{fair: "{CANARY}", safe: It harms nobody.}}'
    text = note(
        "rules", f"{CANARY}.", grounds=f"[{{ground: reasonable, conditions: {met}}}]",
        reference=f'"{CANARY}"', approved_by=f'"{CANARY}"', emergency=f'"{CANARY}"',
        editorial_because=f'"{CANARY}"', **{"class": "editorial"}, material="false",
    )  # fmt: skip
    post(folder, 20, "third", text, terms__rules_DOT_md=RULES.replace("Be kind", "Be most kind"))
    held = (folder / "docs/changes/third.md").read_text("utf-8").count(CANARY)
    engross(folder, "redact", "--note", "third", "--clause", part, "--reason", "order of a court")
    text = (folder / "docs/changes/third.md").read_text("utf-8")
    # The title says in short what the summary says, and goes with it.
    assert text.count(CANARY) == held - (2 if part == "summary" else 1)
    assert re.search(r"\[Redacted on \d{4}-\d\d-\d\d: order of a court\]", text)
    engross(folder, "verify")
    engross(folder, "check")


SUBS = """\
rows:
  - {id: desk, entity: Desk Ltd., activity: Help desk, data: Requests, location: Merrow, start: 2025-01-01}
"""
DEAR = (
    "  - {id: mail, entity: Quenzil & Co, activity: Mail of Quenzil & Co, data: Of Threlk, location: Osk, "
    "start: 2026-10-20}\n"
)


def test_the_title_of_a_row_is_nowhere_after(tmp_path: Path) -> None:
    listed = str(POSTED_SITE["docs/documents.yml"]) + (
        "  - {id: subs, title: Subs, kind: register, register: subprocessors, file: subs.yml, notice: {count: 30}}\n"
    )
    write_site(tmp_path, {**POSTED_SITE, "docs/documents.yml": listed, "docs/subs.yml": SUBS})
    post(tmp_path, 0, "first", note("agreement, rules, models, subs", "First."))
    text = note("subs", "Quenzil & Co will send mail.", material="false")
    post(tmp_path, 560, "mail", text, subs_DOT_yml=SUBS + DEAR)
    moved = note("subs", "The address is known.", material="false")
    post(tmp_path, 561, "moved", moved, subs_DOT_yml=SUBS + DEAR.replace("activity:", "address: Urt, activity:"))
    built(tmp_path)
    before = " ".join(found(tmp_path, "site"))
    for place in (
        "subs/versions/2/",
        "subs/versions/3.json",
        "feeds/subs.ics",
        "subs/versions/clauses/",
        "changes/mail/",
    ):
        assert place in before, place
    reason = ("--reason", "order of a court")
    engross(tmp_path, "redact", "subs@2", "subs@3", "subs", "--clause", "Quenzil & Co: data", *reason)
    with pytest.raises(AssertionError, match=r"subs@2 subs@3 subs"):
        engross(tmp_path, "redact", "subs@2", "--clause", "mail", *reason)
    output = engross(tmp_path, "redact", "subs@2", "subs@3", "subs", "--clause", "mail", *reason)
    assert "note: subs@2 also has words of it" in output
    assert "note: the change note mail also has words of it" in output
    engross(tmp_path, "redact", "subs@2", "subs@3", "subs", "--clause", "mail: activity", *reason)
    engross(tmp_path, "redact", "--note", "mail", *reason)
    made = built(tmp_path)
    assert not found(tmp_path, "record", "site", FOLDER, "docs")
    assert "[Redacted on " in made.page("subs/versions/3/index.html")
    engross(tmp_path, "verify")
    engross(tmp_path, "review")
