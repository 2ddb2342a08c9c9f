"""The ledger: its file format, its entries and its invariants."""
