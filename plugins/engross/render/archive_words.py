"""The words of the pages of the record, which `words` puts into its catalogues."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "skip": "Skip to the text",
    "you_are_here": "Where this page belongs",
}
