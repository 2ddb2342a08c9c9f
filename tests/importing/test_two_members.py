"""Word files with two parts of one name, and files that cannot be written."""

import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from engross.common import EngrossError
from engross.common.cache import write_file
from engross.importing.word.package import open_word


def test_two_parts_of_one_name() -> None:
    out = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for text in ("<a/>", "<b/>"):
            archive.writestr("word/document.xml", text)
    with pytest.raises(EngrossError, match="two parts of one name"):
        open_word(out.getvalue(), "a.docx")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        write_file(tmp_path / "a", b"x")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
