"""Nothing that people write reaches a terminal or a log as a control, or as a command to a workflow service."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import engross
from engross.common.message_format import one_line, visible, visible_json
from engross.model import Diagnostic, Severity

PACKAGE = Path(engross.__file__).parent
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.MULTILINE)
NASTY = st.text(
    st.sampled_from(f"ab :#[]vso\n\r\t\x00\x07\x1b\x7f\x80\x85\x9b\x9f\u2028\u2029\u00a0\u3000\ud800{BIDI}")
)


def controls(text: str) -> list[str]:
    return [one for one in text if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") or one in BIDI]


@given(NASTY)
def test_what_is_printed_holds_no_control_and_no_command(text: str) -> None:
    shown = visible(text)
    assert set(controls(shown)) <= {"\n", "\t"}
    assert not COMMAND.search(shown)
    assert not COMMAND.search("\n".join(shown.split(" ")))
    assert controls(one_line(text)) == []
    assert visible(shown) == shown


@given(NASTY)
def test_json_keeps_its_values(text: str) -> None:
    document = visible_json(json.dumps({text: [text]}, ensure_ascii=False, indent=2))
    assert json.loads(document) == {text: [text]}
    assert set(controls(document)) <= {"\n"}
    assert not COMMAND.search(document)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fees\u202e (10%)", "Fees<U+202E> (10%)"),
        ("\x1b[2Jgone", "<U+001B>[2Jgone"),
        ("a\n  ::error::b", "a\n  <U+003A>:error::b"),
        ("##[error]a ##vso[x]", "##<U+005B>error]a ##vso<U+005B>x]"),
        ("## [link](a::b) and ünïcödé 漢字 👩\u200d💻", "## [link](a::b) and ünïcödé 漢字 👩\u200d💻"),
    ],
)
def test_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_diagnostic_is_printed_so_wherever_it_is_printed() -> None:
    found = Diagnostic(
        "r", Severity.ERROR, "a\n::error::b\x1b.md", 1, 2, "“\x9b\u202e” is\n::warning::x", "C\x07", "y\n::z"
    )
    message = str(found)
    assert message.startswith("a<U+000A><U+003A>:error::b<U+001B>.md:1:2: C<U+0007>: “<U+009B><U+202E>” is\n")
    assert not COMMAND.search(message)


def test_commands_print_through_one_module() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(
            r"click\.s?echo\(|(?<![|:\w])print\(|sys\.std(?:out|err)\.(?:buffer|write)", path.read_text("utf-8")
        )
    }
    # `output` prints lines with styles, made of pieces that went through `visible`. The pages are printed by
    # `make reference`, and Engross wrote all that they say.
    # The programs of `hosting` import nothing of Engross; they print what the standard library escapes.
    programs = {f"hosting/{name}.py" for name in ("check_live", "due", "post_comment", "push_record")}
    pages = {"drafting/rule_reference.py", "cli/reference.py", "site/reference.py"}
    assert found == {"cli/printing.py", "cli/output.py", "guard/__init__.py", *pages, *programs}


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 matches these wrongly (gh-106052); an atomic group around the repeated one says the same."""
    places = [
        f"{path.name}:{line}"
        for path in PACKAGE.rglob("*.py")
        for line, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"(?<![(\\])\)(?:[*+?]|\{[0-9,]+\})\+(?!\\)", text) and not text.lstrip().startswith("#")
    ]
    assert places == []
