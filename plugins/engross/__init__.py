"""Engross: contracts on the web, from Markdown, with their terms, references and record."""

__version__ = "0.1.0"
