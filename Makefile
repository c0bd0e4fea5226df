# Återkomst: the few words a developer types. Two of them are enough: make run, make test.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run test bench services lint format types contracts sizes unit journeys lock styles clean

BIN := .venv/bin
UV = $(shell command -v uv || echo $(BIN)/uv)
# Two workers: the machine of the tests has two cores, and so has CI.
WORKERS ?= 2
PYTHON_FILES := app config.py wsgi.py migrations tests

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run ## pages and scheduler with an invented municipality on http://127.0.0.1:8000 (PORT, DATABASE_URL)
	@exec $(BIN)/flask --app wsgi run-demo

test: .venv/.test services lint types contracts ## everything CI runs; installs what is missing as root on Debian
	$(BIN)/pytest tests --ignore tests/journeys --numprocesses $(WORKERS) --dist worksteal
	$(BIN)/pytest tests/journeys --numprocesses $(WORKERS) --dist worksteal
	@$(BIN)/python -m tests.guards.sizes

bench: .venv/.test services ## what is fast, beside plain SQL in the same run; the last line is one JSON object
	@$(BIN)/python -m tests.benchmarks

services: .venv/.test
	@tools/machine.sh services

lint: .venv/.test ## formatting and ruff's rules
	$(BIN)/ruff format --check $(PYTHON_FILES)
	$(BIN)/ruff check $(PYTHON_FILES)

format: .venv/.test ## let ruff put the code in order
	$(BIN)/ruff format $(PYTHON_FILES)
	$(BIN)/ruff check --fix $(PYTHON_FILES)

types: .venv/.test ## mypy --strict
	$(BIN)/mypy --strict app config.py

contracts: .venv/.test ## which way imports may point
	$(BIN)/lint-imports --no-cache

sizes: .venv/.test ## the longest modules, functions and templates: to look at, not to obey
	@$(BIN)/python -m tests.guards.sizes

unit: .venv/.test ## only the tests that need no database
	$(BIN)/pytest tests/unit --numprocesses $(WORKERS)

journeys: .venv/.test services ## only the stories walked in a real browser
	$(BIN)/pytest tests/journeys --numprocesses $(WORKERS) --dist worksteal

lock: .venv/.test ## pin the requirements anew, with hashes, for every platform
	$(UV) pip compile --universal --generate-hashes --no-header --no-annotate --quiet pyproject.toml -o requirements.txt
	$(UV) pip compile --universal --generate-hashes --no-header --no-annotate --quiet --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo uv | $(UV) pip compile --universal --generate-hashes --no-header --no-annotate --quiet - -o requirements-uv.txt

styles: .venv/.run ## compile the styles (needs npm; the result is committed)
	npm ci --ignore-scripts --no-audit --no-fund
	npm run build
	$(BIN)/python -m tests.guards.styles

clean: ## forget the environment and the caches, never instance/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The stamps say which requirements the environment has, so that a second start is quick.
.venv/.run: requirements.txt requirements-uv.txt tools/machine.sh
	@tools/machine.sh environment requirements.txt
	@touch $@

.venv/.test: requirements-dev.txt requirements-uv.txt tools/machine.sh
	@tools/machine.sh environment requirements-dev.txt
	@touch $@
