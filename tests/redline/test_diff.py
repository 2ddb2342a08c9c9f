"""`engross diff` on files: what it prints and how it exits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from engross.cli.diff import diff

OLD = "# Terms\n\nThe first paragraph stays as it is.\n\n## Fees\n\nCustomer pays within 30 days.\n"
NEW = OLD.replace("30", "60")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "old.md").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.md").write_text(NEW, encoding="utf-8")
    return str(tmp_path / "old.md"), str(tmp_path / "new.md")


def run(*args: str) -> Result:
    return CliRunner().invoke(diff, args)


def test_a_difference_is_shown_and_exits_1(files: tuple[str, str]) -> None:
    result = run(*files)
    assert result.exit_code == 1
    assert "[-30-]{+60+}" in result.output
    assert "The first paragraph stays" in result.output
    assert "\x1b" not in result.output


def test_colours_are_for_a_terminal(files: tuple[str, str]) -> None:
    result = CliRunner().invoke(diff, files, color=True, env={"NO_COLOR": None})
    assert "\x1b[31m[-30-]\x1b[0m" in result.output
    assert "\x1b" not in CliRunner().invoke(diff, files, color=True, env={"NO_COLOR": "1"}).output


def test_only_changes_keeps_the_heading_above(files: tuple[str, str]) -> None:
    result = run(*files, "--only-changes")
    assert "The first paragraph" not in result.output
    assert "## Fees" in result.output
    assert "[-30-]{+60+}" in result.output


def test_no_difference_exits_0(files: tuple[str, str]) -> None:
    result = run(files[0], files[0])
    assert result.exit_code == 0
    assert "No visible change" in result.output


def test_a_difference_no_reader_sees_exits_0_and_is_reported(files: tuple[str, str]) -> None:
    Path(files[1]).write_text(OLD.replace("stays as it", "stays\nas it") + "\n<!-- c -->\n", encoding="utf-8")
    result = run(*files)
    assert result.exit_code == 0
    assert "differ only in line breaks" in result.output


def test_json_is_json(files: tuple[str, str]) -> None:
    value = json.loads(run(*files, "--format", "json").output)
    assert value["changes"][0]["where"] == "Fees"
    assert "blocks" in value
    assert "blocks" not in json.loads(run(*files, "--format", "json", "--only-changes").output)


def test_html_is_a_page(files: tuple[str, str]) -> None:
    page = run(*files, "--format", "html").output
    assert page.startswith("<!doctype html>")
    assert 'id="only" checked>' in page
    assert 'id="only">' in run(*files, "--format", "html", "--whole-text").output


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "there is no such file"),
        (b"caf\xe9", "not UTF-8"),
        (b"a\x00b", "U+0000"),
        (b"> " * 60 + b"deep", "nested more than"),
    ],
)
def test_what_cannot_be_read_exits_2(files: tuple[str, str], data: bytes | None, message: str) -> None:
    path = Path(files[1])
    path.unlink() if data is None else path.write_bytes(data)
    result = run(*files)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not result.stdout


def test_a_text_with_a_character_that_no_page_can_show_is_compared(files: tuple[str, str]) -> None:
    Path(files[0]).write_text("# Terms\n\nFees are due in ten days.\n", "utf-8")
    Path(files[1]).write_text("# Terms\n\nFees\0 are due in five days.\n", "utf-8")
    result = run(*files)
    assert result.exit_code == 1
    assert ":3:5: the character U+0000 cannot be shown on a page" in result.stderr
    assert "five" in result.stdout


def test_wrong_usage_exits_2(files: tuple[str, str]) -> None:
    assert run(files[0]).exit_code == 2
    assert run(*files, "--format", "odt").exit_code == 2


def test_the_page_works_without_scripts_and_asks_for_nothing(
    files: tuple[str, str], tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    (tmp_path / "redline.html").write_text(run(*files, "--format", "html").output, encoding="utf-8")
    seen = visit(serve(tmp_path) + "redline.html", java_script_enabled=False)
    unchanged = seen.page.get_by_text("The first paragraph stays")
    assert not unchanged.is_visible()
    assert seen.page.get_by_role("heading", name="Fees").is_visible()
    seen.page.get_by_role("link", name="Fees").click()
    assert seen.page.url.endswith("#change-1")
    assert seen.page.locator("main ins").text_content() == " inserted: 60, end inserted; "
    seen.page.get_by_text("Show only what changed").click()
    assert unchanged.is_visible()
    assert not seen.outside
    assert [error for error in seen.errors if "favicon" not in error] == []


def test_buttons_and_keys_lead_from_change_to_change(
    files: tuple[str, str], tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> None:
    Path(files[0]).write_text(f'{OLD}\nThe "Fees" are final.\n', encoding="utf-8")
    Path(files[1]).write_text(f"{NEW.replace('first', 'only')}\nThe “Fees” are final.\n", encoding="utf-8")
    (tmp_path / "redline.html").write_text(run(*files, "--format", "html").output, encoding="utf-8")
    page = visit(serve(tmp_path) + "redline.html").page
    assert page.get_by_role("heading", level=1).count() == 1
    page.get_by_role("button", name="Next change").click()
    page.keyboard.press("n")
    assert page.url.endswith("#change-2")
    assert page.locator(".stepper .at").text_content() == "2 of 2"
    page.keyboard.press("p")
    assert page.url.endswith("#change-1")
    # Typography is folded, in the text and in the list, and shown by a link to it.
    typography = page.get_by_text("are final.", exact=False).last
    assert not typography.is_visible()
    page.get_by_text("Typography only: 1").click()
    page.locator("#list-3 a").click()
    assert typography.is_visible()


def test_registers_are_compared_by_rows_and_values_as_pages_write_them(tmp_path: Path) -> None:
    row = "  - {id: a, item: Small, unit: hour, amount: 1200.50, currency: EUR, since: 2025-01-01}\n"
    old, new = tmp_path / "old.yml", tmp_path / "new.yml"
    old.write_text(f"rows:\n{row}", "utf-8")
    new.write_text(f"rows:\n{row.replace('01-01', '02-03')}{row.replace('id: a', 'id: b')}", "utf-8")
    output = run(str(old), str(new)).output
    assert "1 row added, 1 value changed" in output
    assert "[-1 January-]{+3 February+} 2025" in output
    assert "Amount" in output
    assert "1,200.50" in output
    assert "clause" not in output
    # Programs read values as they were written.
    assert '"2025-02-03"' in run(str(old), str(new), "--format", "json").output
