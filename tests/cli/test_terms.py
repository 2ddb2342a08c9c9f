"""`engross terms`: definitions, uses and references, as text and as JSON."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engross.cli import main

TEXT = """\
# Deal

## 1. Definitions

- “Fee” or “Fees” means a price.

## 2. Payment

Every Fee is due as Section 1 states. Article 28 of the GDPR holds. See Section 9.
"""


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deal.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def terms(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["terms", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("found")
def test_json() -> None:
    status, output, _ = terms("deal.md", "--format", "json")
    document = json.loads(output)
    assert status == 0
    assert list(document) == ["definitions", "uses", "references"]
    (definition,) = document["definitions"]
    assert definition == {
        "term": "Fee",
        "names": ["Fee", "Fees"],
        "document": "dealmd",
        "clause": "Definitions “Fee”",
        "anchor": "definitions.fee",
        "scope": "set",
        "path": "deal.md",
        "line": 5,
    }
    (use,) = document["uses"]
    assert use == {"term": "Fee", "text": "Fee", "path": "deal.md", "line": 9, "column": 7, "clause": "Payment"}
    assert [(one["text"], one["kind"], one["target"]) for one in document["references"]] == [
        ("Section 1", "number", {"document": "dealmd", "anchor": "definitions"}),
        ("Article 28 of the GDPR", "external", None),
        ("Section 9", "number", None),
    ]
    assert set(document["references"][0]) == {"text", "kind", "path", "line", "column", "target"}


@pytest.mark.usefixtures("found")
def test_text() -> None:
    assert terms("deal.md") == (
        0,
        "deal.md:5:3 Fee, Fees (Definitions “Fee”): 1 use\n3 references, of which 1 lead outside and 1 nowhere\n",
        "",
    )


def test_a_document_that_two_sets_share_is_listed_once(found: Path) -> None:
    docs = found / "docs"
    docs.mkdir()
    for name in ("a", "b", "shared"):
        (docs / f"{name}.md").write_text(f"# {name}\n\n- “{name.title()}er” means one.\n", encoding="utf-8")
    (docs / "documents.yml").write_text(
        "sets:\n  - {id: s, title: S, agreement: a, incorporates: [shared]}\n"
        "  - {id: t, title: T, agreement: b, incorporates: [shared]}\ndocuments:\n"
        "  - {id: a, title: A, kind: agreement, file: a.md}\n  - {id: b, title: B, kind: agreement, file: b.md}\n"
        "  - {id: shared, title: Shared, kind: policy, file: shared.md}\n",
        encoding="utf-8",
    )
    terms_of = [one["term"] for one in json.loads(terms("--format", "json")[1])["definitions"]]
    assert sorted(terms_of) == ["Aer", "Ber", "Sharede" + "r"]


def test_what_cannot_be_read(found: Path) -> None:
    (found / "bad.md").write_bytes(b"\xff")
    status, output, complained = terms("deal.md", "bad.md", "--format", "json")
    assert status == 2
    assert json.loads(output)["definitions"]
    assert "bad.md:1:1: not UTF-8" in complained
    assert terms()[0] == 2
