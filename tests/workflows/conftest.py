from pathlib import Path

import pytest
from tests.workflows.publishing import MAKE, change, git


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the repository `origin.git`, a clone to edit in, and programs that stand in for others."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(tmp_path, "clone", "--quiet", "origin.git", "edit")
    change(tmp_path, "one")
    for folder, name, script in (
        ("bin", "make", MAKE),
        ("no", "make", "#!/bin/sh\nexit 99\n"),
        ("no", "pip", "#!/bin/sh\nexit 99\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text(script)
        (tmp_path / folder / name).chmod(0o755)
    return tmp_path
