"""The command line: `engross COMMAND`. One module a command, loaded when it is asked for.

Here is the one place where an error becomes an exit: 1 for what is wrong with files or texts, with the diagnostics on
standard error, one a line; 2 for wrong usage, and where a file cannot be read; 130 where the user interrupts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Any

import click

from engross import __version__
from engross.cli.printing import FOUND, INTERRUPTED, UNREADABLE, say, unreadable
from engross.common import EngrossError, error, visible
from engross.model import Diagnostic

COMMANDS = (
    "init", "check", "change", "review", "release", "verify", "history", "show", "diff", "restore", "redact", "terms",
)  # fmt: skip
"""The commands, in the order in which they are listed: `engross.cli.NAME` has the command as its attribute NAME."""


class Commands(click.Group):
    """Loads a command when it is named, and turns errors into exits."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the signature is click's)
        """The names of the commands that there are."""
        return [name for name in COMMANDS if find_spec(f"{__name__}.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises click's Exit where it fails in a way that can be foreseen."""
        _print_any_character()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except EngrossError as failure:
            _complain(failure.diagnostics)
            ctx.exit(UNREADABLE if unreadable(failure.diagnostics) else FOUND)
        except click.ClickException as failure:
            failure.message = visible(failure.message)  # type: ignore[misc] # it is shown as it is
            raise
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # click ends quietly where nobody reads on.
            raise
        except OSError as failure:
            _complain([_of_system(failure)])
            ctx.exit(FOUND)
        return result


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="engross")
def main() -> None:
    """Publishes contracts on the web from Markdown.

    "engross COMMAND --help" says what a command does. The site itself is built with "mkdocs build --strict".
    """


def _complain(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        say(str(diagnostic), err=True)


def _of_system(failure: OSError) -> Diagnostic:
    """What the operating system refuses, as a diagnostic: "docs: permission denied"."""
    reason = (failure.strerror or str(failure)).lower()
    return error("system", str(failure.filename or "engross"), 0, 0, reason)


def _print_any_character() -> None:
    """File names and texts are printed whatever the encoding of the terminal; standard error does so by itself."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
