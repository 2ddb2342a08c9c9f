"""Law 1 over the corpus and mutants of it: the page that Engross makes of a text says what plain Markdown makes of it,
and no slip in the page passes.

HYPOTHESIS_PROFILE=thorough tries 20,000 mutants, otherwise a sample.
"""

from __future__ import annotations

import os
import re
from random import Random

import pytest

from engross.common.errors import EngrossError
from engross.fidelity.compare import check_page
from engross.model import Source
from engross.render.pages.clauses import ClauseRenderer
from engross.text import parse
from engross.text.source import decode

from .mutants import corpus, mutant

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
MUTANTS = 20_000 if THOROUGH else 1_200
BATCHES = 8
_VISIBLE = re.compile(r"&[#\w]+;|<[^>]*>|\s+|(.)", re.S)
_WORD = re.compile(r"[^\s<>&]+")


def page_of(text: str) -> tuple[Source, str] | None:
    """A text and the page that Engross makes of it; None where the parser refuses it."""
    try:
        source = decode(text.encode(), "t.md")
        return source, f"<body><div data-engross-text='t'>{ClauseRenderer(str).render(parse(source))}</div></body>"
    except EngrossError:
        return None


def test_every_text_of_the_corpus_reads_alike() -> None:
    made = [made for text in corpus() if (made := page_of(text))]
    assert len(made) > 150
    assert [source.text[:200] for source, html in made if check_page(source, html)] == []


def test_mutants_read_alike_or_are_refused_and_no_slip_in_their_pages_passes() -> None:
    batches = [tried(Random(batch)) for batch in range(BATCHES)]
    assert all(read > MUTANTS // BATCHES * 0.85 for read, _ in batches)
    # A share is of all of them: one batch has too few texts to measure it.
    read, refused = map(sum, zip(*batches, strict=True))
    assert refused < read * 0.015, "texts that read in two ways are rare"


def tried(random: Random) -> tuple[int, int]:
    """How many mutants of a batch the parser reads, and how many of these the comparison refuses. No slip in the page
    of any other passes.
    """
    texts, read, refused = corpus(), 0, 0
    for _ in range(MUTANTS // BATCHES):
        made = page_of(mutant(random, texts))
        if made is None:
            continue
        read += 1
        if check_page(*made):
            refused += 1
        else:
            source, html = made
            passed = [slip for slip in slips(random, html) if check_page(source, slip) is None]
            assert passed == [], source.text
    return read, refused


def slips(random: Random, html: str) -> list[str]:
    """Pages on which a character or a word is dropped, put in, doubled or changed."""
    start = html.index(">", html.index("data-engross-text"))
    places = [found.start() for found in _VISIBLE.finditer(html, start + 1) if found[1]]
    made = []
    for _ in range(2 if places else 0):
        at = random.choice(places)
        word = _WORD.match(html, at)
        assert word
        end = random.choice((at, at + 1, at + 1, word.end()))
        instead = random.choice(("", "x", "7", "\u00a0", "\u200b", "*", html[at] * 2))
        slip = html[:at] + instead + html[end:]
        # A backslash at the end of an item's line is a line break where the item is none: either is right.
        if slip != html and html[at:end] != "\\":
            made.append(slip)
    return made


@pytest.mark.parametrize("text", ["> " * 250 + "word", "- " * 250 + "word"])
def test_what_markdown_it_drops_in_silence_is_an_error(text: str) -> None:
    for page in ("<p></p>", "<p>word</p>"):
        found = check_page(Source("t.md", text, b""), f"<div data-engross-text>{page}</div>")
        assert found is not None
