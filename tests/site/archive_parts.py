"""Files of the archive, and parts of its pages."""

import re
from pathlib import Path

import pytest
from building import DAY, Built, build


def build_for_day(folder: Path) -> Built:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(DAY.items())))
        return build(folder)


def links(html: str) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]*)"', html)
