"""Wait until the public site shows the record that was pushed.

    python -I check_live.py ADDRESS HEAD

ADDRESS is the public address of the site, HEAD the hash of the last entry of its record ("" before anything is posted).
Exits with 0 as soon as ADDRESS/manifest.json has that head, and with 1 if it has not after two minutes.
"""

import http.client
import json
import queue
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

TRIES = 7
SECONDS = 20
"""Seconds between two tries, and the most that one request may take."""
MOST = 1 << 24
"""The most bytes of a manifest that are read."""
LONGEST = 200
"""The most characters of a wrong head that are shown."""


def live_head(address: str) -> str:
    """Return the head in the manifest of a site ("" if nothing is posted). Raises OSError or ValueError."""
    request = urllib.request.Request(f"{address.rstrip('/')}/manifest.json", headers={"Cache-Control": "no-cache"})
    manifest = json.loads(_answer(request))
    if not isinstance(manifest, dict):
        raise ValueError("its manifest.json is not an object")
    ledger = manifest.get("ledger")
    return str(ledger.get("head") or "") if isinstance(ledger, dict) else ""


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


def check(address: str, head: str, pause: float = SECONDS) -> str:
    """Return why a site does not show a head after several tries; an empty string if it does."""
    why = ""
    for _ in range(TRIES):
        if why:
            time.sleep(pause)
        try:
            found = live_head(address)
        except (OSError, ValueError, RecursionError, http.client.HTTPException) as problem:
            why = repr(str(problem))
            if isinstance(problem, urllib.error.HTTPError):
                problem.close()
            continue
        if found == head:
            return ""
        # Quoted and short: a host would obey a line of another site that looks like one of its commands.
        why = f"the head is {found[:LONGEST]!r}, not {head!r}" if found else f"the head is missing, not {head!r}"
    return why


def main(arguments: Sequence[str]) -> int:
    """Check the site. Returns the exit code."""
    if len(arguments) != 2 or not arguments[0].startswith(("https://", "http://")):
        print("usage: check_live.py ADDRESS HEAD, where ADDRESS begins with https://", file=sys.stderr)
        return 2
    address, head = arguments
    if why := check(address, head):
        print(f"{address.rstrip('/')}/manifest.json does not show the record that was pushed: {why}", file=sys.stderr)
        return 1
    print(f"Live, with head {head}." if head else "Live; nothing is posted yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
