"""Defined terms, their uses and cross-references. See `bind` for the way through this folder."""

from engross.terms.bind import bind
from engross.terms.options import TermOptions

__all__ = ["TermOptions", "bind"]
