"""All files of a release are on the disk before it ends, so that a power failure loses nothing."""

import os
from pathlib import Path

import pytest

from .playing import make_site


def test_a_release_syncs_every_file_and_folder_that_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda handle: synced.add(os.fstat(handle).st_ino))
    site = make_site(tmp_path)
    site.at(-300).post("agreement, rules, models, pricing", slug="first")
    written = [site.folders.record, *site.folders.record.rglob("*")]
    assert len(written) > 10
    assert [path for path in written if path.stat().st_ino not in synced] == []
