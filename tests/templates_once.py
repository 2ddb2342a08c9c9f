"""Jinja2 templates are compiled once in a run, and those of packages are listed once: most of the time of a small site
would go into compiling the templates of the theme and listing its 14,000 icons.

A template is compiled anew where its source, its name or what its environment does to it is different.
"""

from collections.abc import Hashable
from functools import cache
from sysconfig import get_path
from typing import Any

from jinja2 import Environment, FileSystemLoader

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


def list_once() -> None:
    """From now on, `FileSystemLoader.list_templates` remembers what is in the folders of installed packages.

    It leaves out their hidden folders, the icons: MkDocs copies nothing hidden into a site.
    """
    list_anew = FileSystemLoader.list_templates

    @cache
    def listed(folder: str) -> frozenset[str]:
        found = list_anew(FileSystemLoader(folder))
        return frozenset(name for name in found if not any(part.startswith(".") for part in name.split("/")))

    def list_templates(self: FileSystemLoader) -> list[str]:
        packages = [folder for folder in self.searchpath if folder.startswith(get_path("purelib"))]
        others = [folder for folder in self.searchpath if folder not in packages]
        return sorted(frozenset(list_anew(FileSystemLoader(others))).union(*map(listed, packages)))

    FileSystemLoader.list_templates = list_templates  # type: ignore[method-assign]
