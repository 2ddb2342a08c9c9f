"""Long trials of what the record and the site withstand: `python -m tests.trials`. A sample of each is in the tests."""
