"""A definition that is deleted while its term is still used is found: the record knows the term."""

import json
import re

import pytest
from cli_play import AGREEMENT, Play, engross
from tests.site.building import build

DEFINED = AGREEMENT.replace(
    "- **“Fee”** means a price.",
    "- **“Fee”** means a price.\n- **“Customer Data”** means Data of Customer.\n- **“Zone”** means a place.",
).replace("## Payment\n", "## Payment\n\nWe keep Customer Data for a year in the Zone.\n")


@pytest.fixture
def site(play: Play) -> Play:
    play.write("docs/agreement.md", DEFINED)
    return play.posted()


def found(*args: str) -> list[tuple[str, int, str]]:
    output = json.loads(engross("check", "--rule", "deleted-definition", "--format", "json", *args).stdout)[
        "diagnostics"
    ]
    return [(one["path"], one["line"], one["message"]) for one in output]


def test_nothing_is_found_where_nothing_is_deleted(site: Play) -> None:
    assert found() == []
    site.change("means a price.", "means an amount.")
    assert found() == []


def test_a_deleted_definition_is_found_at_the_first_use_in_any_document(site: Play) -> None:
    site.change("- **“Data”** means facts.\n", "")
    ((path, line, message),) = found()
    assert (path, line) == ("docs/agreement.md", 6)
    assert message == (
        "“Data” was defined in agreement@1 (Definitions “Data”) and is no longer defined, but is still used here and "
        "in 4 more places (Use (a); Use (b); Use (c)); define it again, or use other words"
    )
    result = engross("check")
    assert "[deleted-definition]" in result.stdout
    assert engross("check", "--strict", "--rule", "deleted-definition").exit_code == 1


def test_plural_forms_and_capitals_are_uses_and_parts_of_longer_terms_are_none(site: Play) -> None:
    site.change("- **“Fee”** means a price.\n", "")
    site.change("Each Fee is due at once, and a Fee is final.", "All Fees are due.")
    assert [(path, line) for path, line, _ in found()] == [("docs/agreement.md", 21)]
    site.change("All Fees are due.", "THE FEE is due, the fees are due. Fees are due.")
    assert [line for _, line, _ in found()] == []
    site.change("THE FEE is due, the fees", "Due are CUSTOMER DATA, the fees")
    site.change("- **“Customer Data”** means Data of Customer.\n", "")
    assert [line for _, line, _ in found()] == [18]


def test_a_term_that_another_document_of_the_set_defines_is_none(site: Play) -> None:
    site.change("- **“Zone”** means a place.\n", "")
    assert len(found()) == 1
    site.change("The provider keeps", "“Zone” means a country. The provider keeps", "docs/terms/data.md")
    assert found() == []


def test_a_renamed_term_is_found_until_its_uses_are_renamed(site: Play) -> None:
    site.change("**“Zone”** means", "**“Region”** means")
    ((_, line, _),) = found()
    assert line == 20
    site.change("in the Zone", "in the Region")
    assert found() == []


def test_a_document_that_is_gone_takes_its_definitions_along(play: Play) -> None:
    site = play
    site.change("The provider keeps", "“Term” means a year. The provider keeps", "docs/terms/data.md")
    site.posted()
    site.change("Customer will not", "Within the Term, Customer will not")
    assert found() == []
    site.change(", incorporates: [data, models]", ", incorporates: [models]", "docs/documents.yml")
    text = (site.root / "docs/documents.yml").read_text("utf-8")
    site.write("docs/documents.yml", "".join(line for line in text.splitlines(True) if "id: data" not in line))
    ((_, _, message),) = found()
    assert message.startswith("“Term” was defined in data@1")


def test_an_exception_lets_it_pass_and_release_asks_too(site: Play) -> None:
    site.change("- **“Zone”** means a place.\n", "")
    site.change("repo_url", "strict: true\nrepo_url", "mkdocs.yml")
    site.note("second", 'anchors: {agreement#definitions.zone: ""}')
    result = engross("release")
    assert result.exit_code == 3
    assert re.search(r"“Zone” was defined in agreement@1.* \[deleted-definition\]", result.stderr)
    with (site.root / "docs/documents.yml").open("a", encoding="utf-8") as file:
        file.write(
            "exceptions: [{rule: deleted-definition, document: agreement, text: Zone, because: A zone on a map.}]\n"
        )
    assert found() == []


def test_check_a_strict_build_and_a_release_agree(site: Play) -> None:
    """Before a change with a warning is posted, all three fail; with the warning allowed, none does."""
    site.write("docs/index.md", "# Home\n")
    site.change("- **“Zone”** means a place.\n", "")
    site.change("repo_url", "strict: true\nrepo_url", "mkdocs.yml")
    site.note("second", 'anchors: {agreement#definitions.zone: ""}')
    assert engross("check").exit_code == 1
    assert engross("check", "docs/agreement.md").exit_code == 1
    built = build(site.root, strict=True)
    assert (built.status, "“Zone” was defined in agreement@1" in "".join(built.messages)) == (1, True)
    released = engross("release")
    assert (released.exit_code, released.stderr.splitlines()[-1]) == (3, "nothing was posted")
    site.change("in the Zone", "in a place")
    assert engross("check").exit_code == 0
    assert build(site.root, strict=True).status == 0
    released = engross("release")
    assert (released.exit_code, "nothing was posted" in released.stderr) == (0, False)


def test_a_warning_of_the_record_stops_a_release_of_a_strict_site_as_it_stops_its_check(play: Play) -> None:
    play.posted().change("at once,", "at once, with great care and kind and warm regard for everybody who is here,")
    play.note("second", kind="editorial")
    found = json.loads(engross("check", "--format", "json").stdout)["diagnostics"]
    assert [one["rule"] for one in found if one["severity"] == "warning"] == ["class-mismatch"]
    assert (engross("check").exit_code, engross("release", "--dry-run").exit_code) == (0, 0)
    play.change("repo_url", "strict: true\nrepo_url", "mkdocs.yml")
    assert (engross("check").exit_code, engross("release").exit_code) == (1, 3)
