"""What commands load: their start is most of their time."""

import subprocess
import sys
from pathlib import Path

import click

from engross.cli import main, summary


def _loaded(folder: Path, *args: str) -> set[str]:
    """The modules that a process has loaded when the command is done."""
    code = (
        "import sys\nfrom engross.cli import main\n"
        f"try:\n    main({list(args)!r}, prog_name='engross')\nexcept SystemExit:\n    pass\n"
        "print(*sorted(sys.modules), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def test_help_loads_only_the_words_of_errors(tmp_path: Path) -> None:
    loaded = _loaded(tmp_path, "--help")
    ours = {name for name in loaded if name.startswith("engross.")}
    packages = {name.split(".")[1] for name in ours}
    assert packages == {"cli", "common", "model"}
    assert {name for name in ours if name.startswith("engross.cli.")} == {"engross.cli.printing"}
    assert {name for name in ours if name.startswith("engross.model.")} == {"engross.model.diagnostics"}
    assert not loaded & {"babel", "jinja2", "markdown_it", "mkdocs", "pydantic", "rapidfuzz", "rich", "ruamel.yaml"}


def test_the_list_of_commands_is_that_of_the_commands() -> None:
    ctx = click.Context(main)
    formatter = ctx.make_formatter()
    main.format_commands(ctx, formatter)
    listed = " ".join(formatter.getvalue().split())
    for name in main.list_commands(ctx):
        command = main.get_command(ctx, name)
        assert command is not None
        assert f" {name} {summary(command)}" in listed
    assert "..." not in listed


def test_a_check_of_a_file_outside_of_a_site_loads_neither_record_nor_settings(tmp_path: Path) -> None:
    (tmp_path / "terms.md").write_text("# Terms\n\n“Fees” means the fees. The Customer pays the Fees.\n", "utf-8")
    loaded = _loaded(tmp_path, "check", "terms.md", "--format", "json")
    packages = {name.split(".")[1] for name in loaded if name.startswith("engross.")}
    assert packages == {"cli", "common", "corpus", "drafting", "language", "model", "terms", "text"}
    assert {name for name in loaded if name.startswith("engross.corpus.")} == {
        "engross.corpus.docs_files",
        "engross.corpus.folders",
    }
    assert not loaded & {"babel", "jinja2", "mkdocs", "pydantic", "rapidfuzz", "rich", "ruamel.yaml"}


def test_a_build_loads_no_server(tmp_path: Path) -> None:
    code = "import sys, engross.site.plugin\nprint(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not set(done.stdout.splitlines()) & {"engross.site.serving", "http.server", "mkdocs.livereload", "watchdog"}
