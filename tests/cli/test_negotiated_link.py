"""The folder of negotiated texts must be a folder."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engross.cli import import_onto
from engross.common import EngrossError


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "negotiated").symlink_to(tmp_path / "elsewhere")
    folders: Any = SimpleNamespace(root=tmp_path, notes=tmp_path / "changes")
    with pytest.raises(EngrossError, match="symbolic link"):
        import_onto._refuse_tracked({tmp_path / "negotiated" / "a.md": b""}, folders)
