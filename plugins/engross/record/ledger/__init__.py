"""The ledger: its file, its entries and what they must fulfil."""
