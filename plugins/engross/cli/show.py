"""`engross show DOC@N`: print the sealed text of a version, byte for byte."""

from __future__ import annotations

import click

from engross.cli.printing import write_bytes
from engross.cli.site import VERSION, known_version, site_here
from engross.model import VersionId
from engross.record import open_record, sealed_bytes


@click.command()
@click.argument("of", type=VERSION, metavar="DOC@N")
def show(of: VersionId) -> None:
    """Print the sealed text of a version, byte for byte as it was posted."""
    record = open_record(site_here().record)
    write_bytes(sealed_bytes(record, known_version(record, of)))
