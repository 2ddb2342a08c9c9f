"""Look whether the site must be built now: cheap, for a schedule that runs every hour.

    python -I due.py ADDRESS [LEDGER]

ADDRESS is the public address of the site, LEDGER the ledger of its record (record/ledger.jsonl if not given). The site
is due if an announced instant has passed since its last build, if it was built 23 hours ago or more, if it does not
show the last entry of the ledger, or if this cannot be determined. Publishing then reports what is wrong.

Exits with 0 if the site is due, 75 if not.
"""

import http.client
import json
import queue
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

NOT_DUE = 75
"""The exit code if there is nothing to do yet (EX_TEMPFAIL)."""
LEDGER = "record/ledger.jsonl"
SECONDS = 20
"""The most seconds that a request may take."""
MOST = 1 << 24
"""The most bytes of a manifest that are read."""
OLDEST = timedelta(hours=23)
"""The age at which a site is built again, so that it is never a day old."""
FORM = "%Y-%m-%dT%H:%M:%SZ"


def live_manifest(address: str) -> dict[str, Any]:
    """Return the manifest of a site. Raises OSError, HTTPException or ValueError."""
    request = urllib.request.Request(f"{address.rstrip('/')}/manifest.json", headers={"Cache-Control": "no-cache"})
    manifest = json.loads(_answer(request))
    if not isinstance(manifest, dict):
        raise ValueError("its manifest.json is not an object")
    return manifest


def _answer(request: urllib.request.Request) -> bytes:
    """Return the answer to a request. Raises OSError, HTTPException or ValueError.

    A thread asks, since a timeout of urllib limits each read and not the whole. It ends with the process.
    """
    answers: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def read() -> None:
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                answers.put(answer.read(MOST))
        except (OSError, ValueError, http.client.HTTPException) as problem:
            answers.put(problem)

    threading.Thread(target=read, daemon=True).start()
    try:
        found = answers.get(timeout=SECONDS)
    except queue.Empty:
        raise TimeoutError(f"it has not answered within {SECONDS} seconds") from None
    if isinstance(found, Exception):
        raise found
    return found


def entries(path: str) -> list[dict[str, Any]]:
    """Return the entries of a ledger, none if there is no file. Raises OSError or ValueError."""
    try:
        with open(path, encoding="utf-8") as file:
            found = [json.loads(line) for line in file]
    except FileNotFoundError:
        return []
    if not all(isinstance(entry, dict) for entry in found):
        raise ValueError("a line of the ledger is not an object")
    return found


def why_due(manifest: dict[str, Any], ledger: Sequence[dict[str, Any]], now: datetime) -> str:
    """Return why a site must be built; an empty string if it need not. Raises ValueError for what is no instant."""
    built = datetime.strptime(str(manifest.get("as_of")), FORM).replace(tzinfo=UTC)
    if not timedelta() <= now - built < OLDEST:
        return f"it was built for {built:{FORM}}"
    stated = manifest.get("ledger")
    if ledger and (not isinstance(stated, dict) or stated.get("head") != ledger[-1].get("hash")):
        return "it does not show the last entry of the ledger"
    instants = {str(entry["effective"]) for entry in ledger if entry.get("effective")}
    passed = sorted(one for one in instants if built < datetime.strptime(one, FORM).replace(tzinfo=UTC) <= now)
    return f"what was announced for {passed[0]} takes effect" if passed else ""


def main(arguments: Sequence[str]) -> int:
    """Look whether the site is due. Returns the exit code."""
    if len(arguments) not in (1, 2):
        print("usage: due.py ADDRESS [LEDGER], where ADDRESS begins with https://", file=sys.stderr)
        return 2
    address, path = arguments[0], arguments[1] if len(arguments) == 2 else LEDGER
    try:
        why = why_due(live_manifest(address), entries(path), datetime.now(UTC))
    except (OSError, ValueError, RecursionError, http.client.HTTPException) as problem:
        why = f"this cannot be determined: {str(problem)[:200]!r}"
        if isinstance(problem, urllib.error.HTTPError):
            problem.close()
    print(f"The site is due: {why}." if why else "The site is not due.")
    return 0 if why else NOT_DUE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
