# Everything needed is Python 3.11 or newer, git and make; `make` alone lists what there is.
#
# All commands run from .venv, which is made on first use and never has to be activated. The packages in it are those
# of requirements/, whose hashes pip checks, so that one commit gives one site; the two stamps below are older than
# pyproject.toml or requirements/ exactly when there is something to install.

PYTHON ?= python3
VENV := .venv
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCKED := install --quiet --require-hashes --requirement
# pip cannot check the hash of an editable install, so the project itself is installed apart, with nothing fetched for it.
EDITABLE := install --quiet --no-index --no-deps --no-build-isolation --editable .
READY := $(VENV)/.ready-to-build
READY_TO_TEST := $(VENV)/.ready-to-test
# Idle workers take tests from the end of a busy one's list, so that most of a module runs where its sites were built.
# One worker more than there are cores: some wait for a browser or another process.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)" 2>/dev/null)
TEST = $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
FRESH := build/lock
LOCK := $(FRESH)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-config --no-emit-index-url --no-annotate --no-header pyproject.toml --group editable

# 2026-11-20T12:00:00Z, the day on which the tour ends.
TOUR_DAY := 1795176000

# Material prints a banner about MkDocs 2 on every build unless NO_MKDOCS_2_WARNING is set.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help site draft check review release verify publish serve manual serve-manual tour test test-full lint format reference bench trials lock clean

help: ## list the targets
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1@\2/p' Makefile | awk -F@ '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo "ARGS=… is handed to check, review, release, verify, serve, tour, test and bench: make test ARGS='-k enumeration'"

site: $(READY) ## check the documents and build the site into site/
	$(BIN)/python -m mkdocs build --strict
	@echo "The site is in site/ and begins at site/index.html; 'make serve' shows it in a browser as readers see it."

draft: $(READY) ## build a preview of the draft into site/; fails at the end if there are findings
	ENGROSS_EDITION=draft $(BIN)/python -m mkdocs build --strict

check: $(READY) ## check how the documents are drafted, and that every change has its note
	$(BIN)/engross check --strict $(ARGS)

review: $(READY) ## show what a release would post, with redlines and notes, as Markdown
	@$(BIN)/engross review $(ARGS)

release: $(READY) ## seal every changed document with its note in record/
	$(BIN)/engross release $(ARGS)

verify: $(READY) ## verify the record; ARGS="--against …" compares it with a ledger kept elsewhere
	$(BIN)/engross verify $(ARGS)

publish: $(READY) ## build the versions in force, and verify the record
	ENGROSS_EDITION=in-force $(BIN)/python -m mkdocs build --strict
	$(BIN)/engross verify

serve: $(READY) ## show the site on this machine and rebuild it when a file changes
	$(BIN)/python -m mkdocs serve --livereload $(ARGS)

manual: $(READY) ## build the manual into build/manual/
	$(BIN)/python -m mkdocs build --strict --config-file manual/mkdocs.yml $(ARGS)
	@echo "The manual is in build/manual/ and begins at build/manual/index.html."

serve-manual: $(READY) ## show the manual on this machine and rebuild it when a file changes
	$(BIN)/python -m mkdocs serve --livereload --config-file manual/mkdocs.yml $(ARGS)

tour: $(READY) ## build the example of a year, as of its own day, into examples/tour/site/
	SOURCE_DATE_EPOCH=$(TOUR_DAY) $(BIN)/python -m mkdocs build --strict --config-file examples/tour/mkdocs.yml $(ARGS)

test: $(READY_TO_TEST) ## run the tests on all cores, of the long suites a sample
	$(TEST) $(ARGS)

test-full: $(READY_TO_TEST) ## run everything: every view in a browser, thousands of examples, the trials (about an hour)
	HYPOTHESIS_PROFILE=thorough $(TEST) --full $(ARGS)
	$(BIN)/python -m tests.trials

lint: $(READY_TO_TEST) ## check style, formatting and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(READY_TO_TEST) ## fix style and formatting where a machine can
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

reference: $(READY) ## regenerate what is made from the code: manual/docs/reference/, outputs in the tutorial, JSON Schemas
	@mkdir -p build
	$(BIN)/python -m engross.site.reference settings > build/settings.md
	$(BIN)/python -m engross.site.reference json-files > build/json-files.md
	$(BIN)/python -m engross.cli.reference > build/commands.md
	$(BIN)/python -m engross.drafting.rule_reference > build/rules.md
	$(BIN)/python -m engross.record.source_schemas
	mv build/settings.md build/json-files.md build/commands.md build/rules.md manual/docs/reference/
	$(BIN)/python -m tests.manual.tutorial

bench: $(READY_TO_TEST) ## run the benchmarks and print their figures
	$(BIN)/python -m bench $(ARGS)

trials: $(READY_TO_TEST) ## tamper with a record in every way, and kill 100 releases and 100 builds (half an hour)
	$(BIN)/python -m tests.trials $(ARGS)

lock: $(BIN)/python ## regenerate requirements/ from the newest packages that pyproject.toml allows
	rm -rf $(FRESH)
	$(BIN)/python -m venv $(FRESH)
	$(FRESH)/bin/python -m pip --disable-pip-version-check install --quiet uv
	$(LOCK) --all-extras --output-file $(FRESH)/test.txt
	$(LOCK) --constraints $(FRESH)/test.txt --output-file $(FRESH)/site.txt
	mv $(FRESH)/test.txt $(FRESH)/site.txt requirements/
	rm -rf $(FRESH)

clean: ## remove what was built (the site, caches); remove .venv yourself to set up again
	rm -rf site examples/tour/site build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find plugins tests bench examples -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements/site.txt | $(BIN)/python
	@echo "Installing what the site is built with (once)…"
	$(PIP) $(LOCKED) requirements/site.txt
	$(PIP) $(EDITABLE)
	@touch $@

$(READY_TO_TEST): $(READY) requirements/test.txt
	@echo "Installing what tests, lint and benchmarks need (once)…"
	$(PIP) $(LOCKED) requirements/test.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c '' || { echo "Engross needs Python 3.11 or newer, and '$(PYTHON)' does not run. Install it, or" \
		"name another: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Engross needs Python 3.11 or newer;" \
		"'$(PYTHON)' is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "'$(PYTHON)' lacks its venv module. Install it" \
		"(on Debian and Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
