"""Contract Markdown → a tree of clauses. See `parse` for the way through this folder."""

from engross.text.anchors import slug
from engross.text.parse import READER, front_matter, parse
from engross.text.source import decode, read_source

__all__ = ["READER", "decode", "front_matter", "parse", "read_source", "slug"]
