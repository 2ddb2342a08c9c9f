"""A site with changes to release, and releases that are killed at a step."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engross.record.journal import Step

from .playing import Site, posted_site


def changed_site(root: Path) -> Site:
    """A posted site with two changes that a release would post."""
    site = posted_site(root)
    site.at(1).edit("agreement.md", ("thirty days", "twenty days"))
    site.edit("rules.md", ("unlawful", "against the law"))
    site.note("agreement, rules", slug="second")
    return site


def half_done(step: Step) -> None:
    """The result of a step that is killed halfway: a partial file, or the whole file."""
    opened: list[Path] = []
    real = Path.open

    def remember(path: Path, *args: object, **more: object) -> object:
        opened.append(path)
        return real(path, *args, **more)  # type: ignore[call-overload]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", remember)
        step[1]()
    for path in opened:
        os.truncate(path, path.stat().st_size // 2)


def full_at(number: int) -> Callable[[Step], None]:
    """Does the steps of a release until the disk is full at one of them."""
    count = iter(range(1000))

    def run(step: Step) -> None:
        if next(count) == number:
            full(step)
        step[1]()

    return run


def full(step: Step) -> None:
    """A disk that is full during this step: the file is incomplete."""
    half_done(step)
    raise OSError(errno.ENOSPC, "No space left on device")
