# Everything that a fresh machine with Python >= 3.11 and make needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test lint replays pictures bench chaos clean

help: ## Show what can be made.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything in it; leaves .venv/bin/deputize.

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Deputize needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,lint]'
	@touch $(READY)

demo: setup ## Run the sample script as somebody who may, and as somebody who may not.
	@sh sample_scripts/demo.sh $(abspath $(BIN)/deputize)

lint: setup ## Style, types, import rules.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint ## Everything that must hold: style, types, import rules, tests, the docs' code.
	$(BIN)/python -m pytest -n auto --dist worksteal

replays: setup ## Record the samples that this version has no bundle of in tests/replays; the others stay.
	$(BIN)/python tests/replays/record.py

pictures: setup ## Take the pictures of the page that the docs show; needs chromium.
	$(BIN)/python tests/pictures/take.py

bench: setup ## Time runs beside other ways to run a script, and scripts beside Python itself.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python tests/benchmarks/run_cost.py
	$(BIN)/python tests/benchmarks/language_cost.py

chaos: setup ## Kill all that can die, for minutes, and count what was lost; measure the queue.
	$(BIN)/python -m tests.acceptance.chaos
	$(BIN)/python -m tests.benchmarks.queue_figures --write

clean: ## Remove what the above has made.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
