"""Generate the manual's page about commands from their declarations: `python -m engross.cli.reference` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from inspect import cleandoc

import click

from engross.cli import main

_HEAD = """\
<!-- Generated from the code by `make reference`. Edit the text where the command is declared. -->

# Commands

`engross COMMAND --help` prints the same text in a terminal.

Exit status: 0 means success, 1 that a command found something wrong, 2 wrong usage or a file that cannot be read, and
130 that the user stopped the command. A message names file, line, column and clause if possible.
"""
_ROWS = "\n| Option | Meaning |\n| --- | --- |\n"


def commands_page() -> str:
    """Return the page of commands, as Markdown: usage, description and options of each."""
    context = click.Context(main, info_name="engross")
    return _HEAD + "".join(part for name in main.list_commands(context) for part in _command(main, name, context))


def _command(group: click.Group, name: str, parent: click.Context) -> Iterator[str]:
    """Yield the section of one command; the commands of a group follow it."""
    command = group.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    yield f"\n{'##' if parent.parent is None else '###'} {context.command_path}\n\n"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```\n\n{_text(command)}\n"
    rows = [record for option in command.get_params(context) if (record := _row(option, context))]
    if rows:
        yield _ROWS + "".join(rows)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            yield from _command(command, inner, context)


def _text(command: click.Command) -> str:
    """A command's help with each paragraph on one line."""
    return "\n\n".join(" ".join(part.split()) for part in cleandoc(command.help or "").split("\n\n"))


def _row(option: click.Parameter, context: click.Context) -> str:
    """Return the row of an option; nothing for an argument, which is in the usage line, and for `--help`."""
    record = option.get_help_record(context) if isinstance(option, click.Option) else None
    if record is None or "--help" in option.opts:
        return ""
    # In a table, a bar in backticks would need a backslash, which some Markdown readers then show.
    name, meaning = (escape(" ".join(part.split()), quote=False).replace("|", "&#124;") for part in record)
    return f"| <code>{name}</code> | {meaning} |\n"


if __name__ == "__main__":
    print(commands_page(), end="")
