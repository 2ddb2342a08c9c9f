"""Rules that read a text or an edition and give diagnostics."""
