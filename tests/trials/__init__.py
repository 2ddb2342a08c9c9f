"""Long trials of the record and the site: `python -m tests.trials`. A sample of each is in the tests."""
