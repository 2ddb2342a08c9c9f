"""The words of redlines, which `words` puts into its catalogues."""

from __future__ import annotations

from collections.abc import Mapping

from engross.redline import catalogue

ENGLISH: Mapping[str, str] = catalogue()
