# Everything a newcomer types. Bare `make` lists the commands.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TESTS  ?= tests

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long soak bench check format docs golden examples emulator clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

setup: $(STAMP)  ## create .venv and install everything at the pinned versions

demo: $(STAMP)  ## import a sample workbook into the embedded emulator
	@$(BIN)/importer run sample_data/legacy_customers.xlsx --mapping mappings/legacy_customers.yaml --to emulator; \
	  code=$$?; test $$code -eq 1 && echo "(exit code 1: some sample rows are broken on purpose)" && exit 0; exit $$code

test: $(STAMP)  ## run every quick test, in parallel and in random order
	$(BIN)/python -m pytest $(TESTS) -q -n auto -m 'not long and not soak and not bench'

test-long: $(STAMP)  ## run the long matrices
	$(BIN)/python -m pytest $(TESTS) -q -n auto -m long --timeout 900

soak: $(STAMP)  ## run an hour of faults
	$(BIN)/python -m pytest $(TESTS) -q -m soak --timeout 7200

bench: $(STAMP)  ## measure speed and memory
	$(BIN)/python -m pytest $(TESTS) -q -m bench -s -p no:randomly --timeout 1800

check: $(STAMP)  ## lint, types, import contracts, generated docs up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python docs/generate.py --check

format: $(STAMP)  ## format the code
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

docs: $(STAMP)  ## write the generated reference pages again
	$(BIN)/python docs/generate.py

golden: $(STAMP)  ## write the golden files again (review the diff)
	$(BIN)/python -m pytest tests/golden -q --write-golden

examples: $(STAMP)  ## write the example reports and their pictures again (the pictures need chromium)
	$(BIN)/python docs/examples/generate.py

emulator: $(STAMP)  ## serve a local Capillary on loopback
	$(BIN)/importer emulator

clean:  ## remove what the commands above created
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis runs .importer
