"""Jinja2 templates are compiled once in a run: to compile those of the theme is most of the time of a small site.

A template is compiled anew where its source, its name or what its environment does to it is different.
"""

from collections.abc import Hashable
from typing import Any

from jinja2 import Environment

PREFIXES = ("block_start_string", "variable_start_string", "comment_start_string", "line_statement_prefix")
SUFFIXES = ("block_end_string", "variable_end_string", "comment_end_string", "line_comment_prefix")
SETTINGS = ("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline", "undefined", "finalize",
            "optimized", "is_async", "sandboxed")  # fmt: skip


def compiled_as(environment: Environment, name: str | None) -> Hashable:
    """All that decides what an environment makes of a template, besides the template."""
    escapes = environment.autoescape
    return (
        type(environment),
        *(getattr(environment, setting) for setting in (*PREFIXES, *SUFFIXES, *SETTINGS)),
        escapes(name) if callable(escapes) else escapes,
        frozenset(environment.extensions),
        # Called while compiling, where all that they are given is constant.
        frozenset(environment.filters.items()),
        frozenset(environment.tests.items()),
    )


def compile_once() -> None:
    """From now on, `Environment.compile` remembers the code that it made."""
    compile_anew, made = Environment.compile, dict[Hashable, Any]()

    def compile_template(
        self: Environment, source: Any, name: str | None = None, filename: str | None = None, *more: Any, **other: Any
    ) -> Any:
        if more or other or not isinstance(source, str):
            return compile_anew(self, source, name, filename, *more, **other)
        key = (source, name, filename, compiled_as(self, name))
        if key not in made:
            made[key] = compile_anew(self, source, name, filename)
        return made[key]

    Environment.compile = compile_template  # type: ignore[assignment, method-assign]
