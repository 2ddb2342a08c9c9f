"""The command line: `engross COMMAND`. One module per command, loaded on use.

Errors become exit codes here only: 1 if files or texts are wrong, with one diagnostic a line on standard error; 2 for
wrong usage or a file that cannot be read; 130 if the user interrupts.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterable
from errno import ELOOP
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from io import TextIOWrapper
from keyword import iskeyword
from threading import Timer, current_thread, main_thread
from types import FrameType
from typing import Any

import click

from engross import __version__
from engross.cli.printing import FOUND, INTERRUPTED, UNREADABLE, say, unreadable
from engross.common import EngrossError, error, note_failure, show_progress, visible
from engross.model import Diagnostic

COMMANDS = (
    "init", "lock", "import", "import-history", "check", "change", "review", "release", "publish", "archive", "batch",
    "notices", "receipt", "probe", "watch",
    "verify", "history", "show", "diff", "export", "restore", "redact", "terms",
)  # fmt: skip
"""The commands, in the order of the list: `engross.cli.NAME` has the command as its attribute NAME.

In the name of a module, a hyphen is an underscore, and a word of Python has one at its end: `engross.cli.import_`.
"""


_LONGEST = 1_000
_LOOP = "Symlink loop from "
_IMPORT_CALLBACK = ("<frozen importlib._bootstrap>", "cb")
_LATER = 0.01  # seconds


class Commands(click.Group):
    """Loads a command by its name, and turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the signature is click's)
        """Return the names of the available commands."""
        return [name for name in COMMANDS if find_spec(f"{__name__}.{_module(name)}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (see above)
        """Return the command with this name, or None."""
        module = _module(cmd_name)
        if cmd_name not in COMMANDS or not find_spec(f"{__name__}.{module}"):
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), module)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with what each does, read from their modules without loading these."""
        names = self.list_commands(ctx)
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary(_described(self, ctx, name))) for name in names])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises click's Exit after an expected failure."""
        _print_any_character()
        if current_thread() is main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, interrupt)
        show_progress(sys.stderr)
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
            # click exits without a message if the reader of a pipe has closed it.
            raise
        except RuntimeError as failure:
            # Before Python 3.13, a path is not resolved if links lead to one another.
            if not str(failure).startswith(_LOOP):
                raise
            _complain([error("system", str(failure).removeprefix(_LOOP).strip(" '"), 0, 0, os.strerror(ELOOP).lower())])
            ctx.exit(FOUND)
        except OSError as failure:
            note_failure(failure)
            _complain([_of_system(failure)])
            ctx.exit(FOUND)
        return result


def interrupt(number: int, frame: FrameType | None) -> None:
    """Handle the signal SIGINT: raise KeyboardInterrupt; later in a callback of an import, where Python ignores it."""
    if frame is None or (frame.f_code.co_filename, frame.f_code.co_name) != _IMPORT_CALLBACK:
        signal.default_int_handler(number, frame)
    again = Timer(_LATER, _send, (number,))
    again.daemon = True
    again.start()


def _send(number: int) -> None:
    """Send a signal to the main thread, which may wait for something."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        signal.pthread_kill(main_thread().ident or 0, number)


def summary(command: click.Command) -> str:
    """Return the first sentence of a command's help, up to a colon."""
    return command.get_short_help_str(_LONGEST).partition(":")[0].removesuffix(".") + "."


def _described(group: Commands, ctx: click.Context, name: str) -> click.Command:
    """Return a command with the help of the command of that name; the command itself where its source is not there."""
    spec = find_spec(f"{__name__}.{_module(name)}")
    source = (spec.loader.get_source(spec.name) or "") if spec and isinstance(spec.loader, SourceFileLoader) else ""
    help_text = re.search(rf'^def {_module(name)}\(.*?\n    """(.*?)"""', source, re.DOTALL | re.MULTILINE)
    command = click.Command(name, help=help_text[1]) if help_text else group.get_command(ctx, name)
    assert command is not None, name
    return command


def _module(command: str) -> str:
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="engross")
def main() -> None:
    """Publishes contracts on the web from Markdown.

    Run "engross COMMAND --help" for the help of a command. "mkdocs build --strict" builds the site itself.
    """


def _complain(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        say(str(diagnostic), err=True)


def _of_system(failure: OSError) -> Diagnostic:
    """Convert an error of the operating system to a diagnostic: "docs: permission denied"."""
    reason = (failure.strerror or str(failure)).lower()
    return error("system", str(failure.filename or "engross"), 0, 0, reason)


def _print_any_character() -> None:
    """Print names and texts in any encoding of the terminal; standard error does this already."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
