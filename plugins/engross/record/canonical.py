"""One way to write JSON, so that a hash of it means what it says: sorted keys, no blanks, UTF-8.

The subset of RFC 8785 for what the record holds: objects with ASCII keys, lists, text, whole numbers, truth values.
"""

from __future__ import annotations

import hashlib
import json

SHORT = 12
"""Characters of a hash in file names and messages."""


def canonical(value: object) -> bytes:
    """The bytes of a value. Raises ValueError for a number that is no integer, and for text that UTF-8 cannot hold."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: object) -> str:
    """The SHA-256 of a value's canonical bytes."""
    return sha256(canonical(value))
