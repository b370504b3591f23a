# The commands of this project; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
DEMO_HOME ?= var/demo

.PHONY: help setup demo test test-long check bench docs lock
help:
	@echo "make setup      prepare .venv with the xmo command and the checking tools"
	@echo "make demo       make the sample organisation and walk the loop in the terminal"
	@echo "make test       set up, then run every test"
	@echo "make check      types, style, layers, docs that must be current"
	@echo "make test-long  the fault tests, many times over"
	@echo "make bench      the speed ratios (minutes; ROWS=1,10,50 million)"
	@echo "make docs       write the generated reference pages anew"
	@echo "make lock       resolve requirements.lock anew"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OpenXMO needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup
	@$(BIN)/xmo demo $(DEMO_HOME)

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not long"

test-long: setup
	OPENXMO_ROUNDS=20 $(BIN)/python -m pytest -n 2 --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/repo

bench: setup
	$(BIN)/python -m benchmarks --rows $(or $(ROWS),1)

docs: setup
	$(BIN)/python -m tests.repo.write_docs

lock:
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv export --quiet --format requirements-txt --all-groups --all-extras --no-emit-project --no-header -o requirements.lock
	@rm -rf $(VENV)-lock uv.lock
