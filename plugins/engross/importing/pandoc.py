"""Runs pandoc, which reads other formats into its JSON AST."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

from engross.common import EngrossError, error
from engross.importing.values import RULE, Node
from engross.record import run


def read_with_pandoc(data: bytes, form: str, *, extra: str) -> list[Node]:
    """Return the blocks of a text in a format of pandoc, such as `html-native_divs`.

    Pandoc runs in its sandbox: it reads no other file and requests no address. Raises EngrossError if the extra of
    Engross named `extra` is not installed, or if pandoc fails.
    """
    command = (_program(extra), "--sandbox", f"--from={form}", "--to=json")
    answer = json.loads(run(command, Path.cwd(), data))
    blocks: list[Node] = answer["blocks"]
    return blocks


def _program(extra: str) -> str:
    try:
        path: str = import_module("pypandoc").get_pandoc_path()
    except (ImportError, OSError):
        raise missing_extra(extra) from None
    return path


def missing_extra(extra: str) -> EngrossError:
    """Return the error for an extra that is not installed."""
    message = f'this needs an extra of Engross; install it: pip install "engross[{extra}]"'
    return EngrossError([error(RULE, "engross", 0, 0, message)])
