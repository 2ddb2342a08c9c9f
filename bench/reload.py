"""How long a served site takes to show an edit: rebuilds of the project's own site in one process, in CPU seconds.

Nothing else of the live reload takes long: watching the folder, and the browser.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from bench.figures import Figure, at_most

ROOT = Path(__file__).parent.parent
FILES = ("docs", "record", "templates", "mkdocs.yml")
EDITED = "docs/agreement.md"
REBUILDS = 5
TARGET_SECONDS = 0.4


def run() -> list[Figure]:
    """The least of some rebuilds, each after an edit of the agreement."""
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, Path(folder) / name)
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bench.reload"]
        result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"a rebuild failed:\n{result.stdout}{result.stderr}")
    seconds = list(map(float, result.stdout.split()))
    print(f"  rebuilds: {', '.join(f'{one:.2f} s' for one in seconds)}", file=sys.stderr)
    return [at_most("live reload after an edit, project site", min(seconds), TARGET_SECONDS, "s")]


def main() -> None:
    """Build the site of the present folder as `mkdocs serve` does, again after each edit, and print the seconds."""
    edited = Path(EDITED)
    text = edited.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as site:
        for number in range(REBUILDS + 1):
            edited.write_text(f"{text}\nEdited {number} times.\n" if number else text, encoding="utf-8")
            began = time.process_time()
            config = load_config("mkdocs.yml", site_dir=site)
            config.plugins.on_startup(command="serve", dirty=False)
            build(config, serve_url="http://localhost/")
            if number:
                print(time.process_time() - began, flush=True)


if __name__ == "__main__":
    main()
