"""Findings in the cache: they are those of a check from scratch, whatever was edited since."""

from pathlib import Path
from random import Random

import pytest
from tests.terms.cases import document, edition

from engross.common import NO_CACHE, Cache, EngrossError
from engross.drafting import RULES, Judged, Rule, Subject, check_subjects
from engross.drafting.subject import Edit, Finding, OfDocument
from engross.model import Clause, Document, Severity, StoredDocument
from engross.terms import Readings, bind

CASES = Path(__file__).parent.parent / "cases" / "check"
WRONG = {rule.name: rule.bad for rule in RULES if isinstance(rule.check, OfDocument)}


def check(
    texts: dict[str, str], cache: Cache = NO_CACHE, rules: tuple[Rule, ...] = RULES, read: list[str] | None = None
) -> list[Judged]:
    """Check texts as a set. With a cache, trees are read when they are needed: the names of those `read` are noted."""
    documents = [document(name, name.title(), text) for name, text in texts.items()]
    if cache.folder:
        documents = [late(one, [] if read is None else read) for one in documents]
    binding = bind(edition(*documents), readings=Readings(cache))
    return check_subjects([Subject(binding, cache=cache)], rules=rules)


def late(one: Document, read: list[str]) -> Document:
    assert one.source is not None

    def tree() -> Clause:
        read.append(one.id)
        return one.root

    return StoredDocument.of(one.entry, one.source, tree)


def readable(text: str) -> bool:
    try:
        return bool(document("id", "Title", text))
    except EngrossError:
        return False


def test_the_findings_of_each_such_rule_are_kept_whole(tmp_path: Path) -> None:
    cold = check(WRONG)
    assert len(WRONG) > 10
    assert {one.diagnostic.rule for one in cold} >= set(WRONG)
    assert any(one.finding.edits for one in cold)
    assert check(WRONG, Cache(tmp_path)) == cold
    assert check(WRONG, Cache(tmp_path)) == cold


PIECES = (
    "“Widget”", "(the “Widget”)", "“Fee” means a Widget.", "widget", "Widgets", "WIDGETS", "Fee-based", "(or Buyer)",
    "“Authorised Fee” means a fee.", "an Authorized Fee is due", "Section 1", "Schedule 9", "the Service Data",
    "[link](two.md#x)", "[ ]", "Fее", "You", "defined in Section 1",
)  # fmt: skip


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 6))])
def test_after_any_edit_the_findings_are_those_of_a_check_from_scratch(tmp_path: Path, seed: int) -> None:
    random, cache = Random(seed), Cache(tmp_path)
    every = {path.stem: path.read_text("utf-8") for path in sorted(CASES.glob("*.md"))}
    texts = {name: every[name] for name in random.sample(sorted(filter(lambda one: readable(every[one]), every)), 4)}
    for _ in range(15):
        assert check(texts, cache) == check(texts)
        name, other = random.choice(list(texts)), random.choice(list(texts))
        lines, moved = texts[name].split("\n"), random.choice(texts[other].split("\n"))
        at = random.randrange(len(lines))
        if random.randrange(2):
            lines.insert(at, random.choice([lines.pop(random.randrange(len(lines))), moved]))
        else:
            words = lines[at].split(" ")
            words[random.randrange(len(words))] = random.choice([*moved.split(" "), *PIECES])
            lines[at] = " ".join(words)
        if readable("\n".join(lines)):
            texts[name] = "\n".join(lines)


def test_only_an_edited_document_is_checked_again(tmp_path: Path) -> None:
    read: list[str] = []
    noted = OfDocument(lambda reading: read.append(reading.document.id) or ())  # type: ignore[func-returns-value]
    rules = (Rule("noted", Severity.NOTE, "", "", "", "", noted),)
    texts = {"one": "# One\n\nText.\n", "two": "# Two\n\nText.\n"}
    check(texts, Cache(tmp_path), rules)
    check({**texts, "two": "# Two\n\nOther text.\n"}, Cache(tmp_path), rules)
    assert read == ["one", "two", "two"]


def test_only_the_trees_of_edited_documents_are_read(tmp_path: Path) -> None:
    texts = {name: f"# {name.title()}\n\n{TERMS}" for name in ("one", "two", "three")}
    texts["two"] += "\nEach Authorized User is named.\n"
    check(texts, Cache(tmp_path))
    edited = {**texts, "two": texts["two"].replace("pays", "must pay")}
    read: list[str] = []
    found = check(edited, Cache(tmp_path), read=read)
    assert found == check(edited)
    assert {one.diagnostic.rule for one in found} >= {"unused-definition", "circular-definition", "term-variant"}
    assert set(read) == {"two"}


TERMS = """\
- “Buyer” means the Payer.
- “Payer” means the Buyer.
- “Seller” (or Vendor) means Acme.
- “Notice” means a letter; including others.
- “Authorised User” means a person.

The Buyer pays the price under Section 1. You get the “Receipt”.

## 1. Fees

A Buyer-funded price is paid to the [Seller](one.md).
"""


def test_a_kept_finding_has_all_its_fields(tmp_path: Path) -> None:
    whole = Finding("one", "one.md", 1, 2, "message", "1", "a", "text", "fix", (Edit(0, 1, "new"),), Severity.ERROR)
    rules = (Rule("whole", Severity.NOTE, "", "", "", "", OfDocument(lambda _: [whole])),)
    texts = {"one": "# One\n"}
    (first,), (second,) = (check(texts, Cache(tmp_path), rules) for _ in range(2))
    assert first == second
    assert second.finding == whole
    assert second.finding.severity is Severity.ERROR
