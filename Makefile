# Every command of the project. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WEB := tests/web
PACKAGES := runtime modules_library designer
WORKERS ?= 2
# Compiled tests are kept, or every worker of every stage compiles them again.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev machine demo dev fmt lint test-fast test chaos bench bench-peers pictures generate docs check clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.setup  ## install the designer into .venv

setup-dev: $(VENV)/.setup-dev $(WEB)/node_modules/.installed  ## the same with everything that tests and checks need

$(VENV)/.setup: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q $(PACKAGES) || true
	touch $@

$(VENV)/.setup-dev: pyproject.toml $(VENV)/.setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q $(PACKAGES) || true
	touch $@

$(WEB)/node_modules/.installed: $(WEB)/package.json $(WEB)/package-lock.json machine
	@if command -v npm >/dev/null; then cd $(WEB) && npm ci --silent --no-audit --no-fund && touch node_modules/.installed; \
	else echo "npm is missing: the canvas is not type-checked. Install nodejs and npm."; fi

machine:  ## install the system parts that tests need (browser, node), where this user may
	@bash .ci/machine

demo: setup  ## open the designer on a sample pipeline and run it
	$(BIN)/designer demo --workspace .demo-workspace

dev: setup  ## open the designer on a workspace for development
	$(BIN)/designer --workspace .demo-workspace

fmt: setup-dev  ## format the code
	$(BIN)/ruff check --fix --exit-zero $(PACKAGES) tests
	$(BIN)/ruff format $(PACKAGES) tests

lint: setup-dev  ## style, types, import contracts, the canvas's types
	$(BIN)/ruff check $(PACKAGES) tests
	$(BIN)/ruff format --check $(PACKAGES) tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d $(WEB)/node_modules/typescript ]; then cd $(WEB) && npx --no-install tsc --project tsconfig.json; \
	else echo "TypeScript is missing: the canvas was not type-checked."; fi

test-fast: setup-dev  ## the quick tests, under a minute
	$(PYTEST) -m 'not slow and not browser' tests

test: setup-dev lint  ## every test
	$(PYTEST) -m 'not slow and not browser' tests
	$(PYTEST) -m 'slow and not browser' tests
	$(PYTEST) -m browser tests

chaos: setup-dev  ## the long tier of the reliability scoreboard; ARGS="--rows R-01 --count 50 --seed 7"
	$(BIN)/python -m tests.chaos $(ARGS)

bench: setup-dev  ## the measured numbers beside light peers and limits
	$(BIN)/python -m compileall -q $(PACKAGES) tests || true
	$(BIN)/python -m tests.benchmarks

bench-peers: setup-dev  ## the same beside the heavy peers, in environments of their own
	$(BIN)/python -m tests.benchmarks --peers

pictures: setup-dev  ## take the screenshots of README and docs by driving the product
	$(BIN)/python -m tests.pictures

generate: setup-dev  ## write the generated files: schemas, module index, sample pins, reference docs
	$(BIN)/python -m tests.generate

docs: generate  ## the reference pages (part of `generate`)

check: lint test-fast  ## what to run before a commit

clean:  ## remove environments and caches
	rm -rf $(VENV) $(WEB)/node_modules .mypy_cache .ruff_cache .demo-workspace
