"""The words of what is printed or kept as a file, which `words` puts into its catalogues."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "paper_page": "Page",
    "paper_of": "of",
    "paper_hash": "SHA-256 {hash}",
    "paper_short_hash": "Short hash",
    "paper_text_hash": "SHA-256 of the words and their structure",
    "paper_source_hash": "SHA-256 of the source file",
    "paper_this_version": "This version, for good",
    "paper_latest": "What is in force",
    "paper_list": "All versions, and which is in force",
    "paper_not_posted": "Draft. No version of this document has been posted: it is not in force.",
    "paper_draft": "{title}, draft",
    "paper_draft_differs": "Draft. This text is not in force, and may never be.",
    "paper_draft_same": "Draft, and as such not in force. Its text is the one that was posted last.",
    "paper_draft_in_force": "In force is version {number}:",
    "paper_announced": "Announced: version {number}, posted {posted}, takes effect on {effective}:",
    "paper_ahead": "Posted ahead: it takes effect on {effective}, and is not in force before.",
    "paper_never": "Withdrawn on {posted}, before it took effect: it was never in force.",
    "paper_withdrawn": "Withdrawn: not in force from {at} on.",
    "paper_superseded": "Not in force from {at} on: version {number} is in its place, posted {posted}.",
    "paper_retired": "No longer published: not in force from {at} on.",
    "paper_as_recorded": "This was on record when the page was made; the list of versions says what came since.",
    "paper_addresses": "Addresses",
    "paper_addresses_intro": "A number in the text stands beside words that lead elsewhere. It is no part of the text.",
    "verify": "How to verify this text",
    "verify_source": "Take the source from {address} and compute its SHA-256 (sha256sum {file}). It must be {hash}.",
    "verify_ledger": "Take the ledger from {address}. Its entry {seq} must hold that hash, and its own must be {hash}.",
    "verify_seal": "Take the seal file from {address}. It must say that hash as “source”, and its own SHA-256 "
    "(sha256sum {file}) must be {hash}.",
    "verify_sealed_ledger": "Take the ledger from {address}. Its entry {seq} must say the hash of the seal file as "
    "“sealed”, and its own hash must be {hash}.",
    "verify_chain": "Each entry of the ledger holds the hash of the one before it, so that none can be changed alone. "
    "Compare a later ledger with a copy that was kept: it must begin with the same lines.",
}
