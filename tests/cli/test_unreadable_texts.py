"""`engross check` of texts that cannot be read as they are: all that can be read is checked, and nothing is fixed."""

from pathlib import Path

import pytest
from cli_play import engross

SITE = {
    "mkdocs.yml": "site_name: S\nplugins: [search, engross]\n",
    "docs/documents.yml": """\
sets: [{id: s, title: S, agreement: agreement, incorporates: [rules]}]
documents:
  - {id: agreement, title: Terms, kind: agreement, file: agreement.md}
  - {id: rules, title: Rules, kind: url-terms, file: rules.md}
  - {id: alone, title: Alone, kind: policy, file: alone.md}
""",
    "docs/rules.md": "# Rules\n\nWhoever breaks the the rules pays the Fee.\n",
    "docs/alone.md": "# Alone\n\nIt it stands alone.\n",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in SITE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def check(*args: str) -> tuple[int, str]:
    result = engross("check", *args)
    return result.exit_code, result.stdout


def test_a_text_in_another_encoding_is_checked_but_never_fixed(site: Path) -> None:
    text = "# Terms\n\nIt it is “due” in the the café.\n".encode("cp1252")
    (site / "a.md").write_bytes(text)
    status, printed = check("a.md", "--fix")
    assert (status, (site / "a.md").read_bytes()) == (2, text)
    assert "a.md:3:10: not UTF-8: byte 0x93; save the file as UTF-8" in printed
    assert "a.md:3:23: Terms: “the the”" in printed


def test_a_text_with_a_control_character_is_checked_but_never_fixed(site: Path) -> None:
    text = b"# Terms\n\nIt\0 is due in the the shop.\n"
    (site / "a.md").write_bytes(text)
    status, printed = check("a.md", "--fix")
    assert (status, (site / "a.md").read_bytes()) == (2, text)
    assert "a.md:3:3: the character U+0000 cannot be shown on a page" in printed
    assert "a.md:3:19: Terms: “the the”" in printed


FEE = "# Terms\n\n- “Fee” means a price.\n\nThe Fee is due. It it is final.\n\n"


@pytest.mark.parametrize(
    ("text", "mistake", "status"),
    [
        (FEE.encode() + b"Caf\xe9.\n", "docs/agreement.md:7:4: not UTF-8", 2),
        (FEE.encode() + "A\u202e.\n".encode(), "docs/agreement.md:7:2: the character U+202E", 2),
        (FEE.encode() + b"[x](javascript:f)\n", "docs/agreement.md:7:1: a link may not use javascript:", 1),
        (FEE.encode() + b"<b>x</b>\n", "docs/agreement.md:7:1: raw HTML", 1),
        (FEE.encode() + b"| a |\n|---|\n| 1 | 2 |\n", "docs/agreement.md:9:", 1),
    ],
)
def test_what_a_site_refuses_keeps_nothing_else_from_being_checked(
    site: Path, text: bytes, mistake: str, status: int
) -> None:
    (site / "docs/agreement.md").write_bytes(text)
    code, printed = check()
    assert code == status
    assert mistake in printed
    assert "docs/agreement.md:5:20: Terms: “It it”" in printed
    assert "docs/rules.md:3:20" in printed
    assert "docs/alone.md:3:4" in printed
    assert "undefined-term" not in printed
    assert (mistake in check("docs/alone.md")[1], mistake in check("docs/agreement.md")[1]) == (False, True)


@pytest.mark.parametrize("text", [b"%PDF-1.7\x00\xff", None])
def test_a_set_without_one_of_its_texts_is_not_checked(site: Path, text: bytes | None) -> None:
    if text:
        (site / "docs/agreement.md").write_bytes(text)
    for args in [(), ("docs/rules.md",)]:
        code, printed = check(*args)
        assert code
        assert "agreement.md" in printed
        assert "undefined-term" not in printed
    assert "docs/alone.md:3:4" in check("docs/alone.md")[1]
    assert engross("terms").exit_code == 2
