"""Word files that LibreOffice opened, edited with its own tracked changes, and saved: merged as if Word had done it.

They take seconds each, so they run with `--full` alone, and need LibreOffice (Debian: apt-get install
libreoffice-writer).
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.exporting.copies import copy_of

from engross.exporting import docx_bytes
from engross.exporting.word.package import About
from engross.exporting.word.redline_file import tracked_changes
from engross.redline import redline

from .edited_files import TERMS, merged

pytestmark = pytest.mark.full
NEEDED = "these tests need LibreOffice; on Debian: apt-get install --no-install-recommends libreoffice-writer"
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Edit(source As String, target As String)
    Dim options(0) As New com.sun.star.beans.PropertyValue
    options(0).Name = "Hidden"
    options(0).Value = True
    text = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, options())
    text.RecordChanges = True
    change = text.createReplaceDescriptor()
    change.SearchString = "inner"
    change.ReplaceString = "innermost"
    text.replaceAll(change)
    change.SearchString = "It begins"
    change.ReplaceString = "It begins today"
    text.replaceAll(change)
    note = text.createInstance("com.sun.star.text.textfield.Annotation")
    note.Content = "Is this right?"
    note.Author = "Jane Doe"
    cursor = text.Text.createTextCursor()
    text.Text.insertTextContent(cursor, note, False)
    Dim kind(0) As New com.sun.star.beans.PropertyValue
    kind(0).Name = "FilterName"
    kind(0).Value = "MS Word 2007 XML"
    text.storeToURL(ConvertToURL(target), kind())
    text.close(True)
End Sub
</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
    library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""


def run(folder: Path, *arguments: str) -> None:
    """Run LibreOffice with a profile of its own, which has the macro."""
    program = shutil.which("soffice")
    assert program, NEEDED
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    library = folder / "profile/user/basic/Standard"
    commands = [] if library.exists() else [["--terminate_after_init"]]
    for command in (*commands, arguments):
        subprocess.run([program, profile, "--headless", *command], check=True, capture_output=True, timeout=120)
        (library / "Module1.xba").write_text(MODULE, "utf-8")
        (library / "script.xlb").write_text(LIBRARY, "utf-8")


def saved(folder: Path, data: bytes) -> bytes:
    """A Word file as LibreOffice saves it again."""
    (folder / "in.docx").write_bytes(data)
    run(folder, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(folder / "in.docx"))
    return (folder / "out/in.docx").read_bytes()


def test_saving_without_an_edit_changes_no_byte(tmp_path: Path) -> None:
    result = merged(saved(tmp_path, docx_bytes(copy_of(TERMS))))
    assert result.data.decode() == TERMS
    assert not result.untracked


def test_edits_and_comments_of_libreoffice_are_merged(tmp_path: Path) -> None:
    (tmp_path / "in.docx").write_bytes(docx_bytes(copy_of(TERMS)))
    paths = f'"{tmp_path / "in.docx"}","{tmp_path / "out.docx"}"'
    run(tmp_path, f"macro:///Standard.Module1.Edit({paths})")
    data = (tmp_path / "out.docx").read_bytes()
    result = merged(data)
    assert result.data.decode() == TERMS.replace("inner;", "innermost;").replace("It begins.", "It begins today.")
    assert "Is this right?" in result.review
    assert "Jane Doe" in result.review
    assert not result.untracked
    assert merged(data, tracked="reject").data.decode() == TERMS


def test_a_redline_keeps_both_sides_when_libreoffice_saves_it(tmp_path: Path) -> None:
    new = TERMS.replace("inner", "innermost").replace("(c) Third.", "(c) A third.").replace("- a point\n", "")
    about = About("Terms", "en", None)
    data = tracked_changes(redline(TERMS, new), about, "Ada", copy_of(TERMS).at)
    again = saved(tmp_path, data)
    assert merged(again, tracked="reject").data.decode() == TERMS
    assert merged(again).data.decode() == new
