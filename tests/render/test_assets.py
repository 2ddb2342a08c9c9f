"""Published assets: the files of `templates/assets/` without comments, otherwise unchanged."""

import re
from pathlib import Path

import pytest

from engross.render.templates import asset, template_folders, without_comments

(SHIPPED,) = template_folders()
ASSETS = sorted(path.name for path in (SHIPPED / "assets").iterdir() if path.suffix in {".css", ".js"})


def test_comments_and_indentation_go() -> None:
    assert without_comments(
        "/* One\n   thing. */\na {\n  b: c; /* stays */\n}\n\n// Two\n  // three\nlet d = '//';\n"
    ) == ("a {\nb: c; /* stays */\n}\nlet d = '//';\n")


@pytest.mark.parametrize("name", ASSETS)
def test_nothing_but_comments_and_space_goes(name: str) -> None:
    source = (SHIPPED / "assets" / name).read_text("utf-8")
    # Strings of several lines would lose their indentation.
    assert all(line.count("`") % 2 == 0 for line in source.splitlines())
    comments = re.compile(r"^\s*//[^\n]*$|^\s*/\*.*?\*/\s*$", re.MULTILINE | re.DOTALL)
    assert "".join(comments.sub("", source).split()) == "".join(asset(name).decode().split())


def test_a_file_of_the_site_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "engross.js").write_bytes(b"  // ours\n")
    assert asset("engross.js", tmp_path) == b"  // ours\n"
    assert asset("engross.css", tmp_path) == asset("engross.css")
