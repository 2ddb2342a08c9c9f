"""The MkDocs adapter: hooks and pages that hand over to the library, and nothing else."""
