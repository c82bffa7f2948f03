# DeskTerm from a bare checkout: needs python3 (3.11 or newer) with venv, and make. Nothing is installed outside $(VENV).
#   make demo    the console on a demo desk          make check   format, lint, types, layers, wheel
#   make test    every test, PostgreSQL included     make bench   the performance budgets
# Every third-party package is installed from a lock file with its hash checked; stamps make a second run instant.

PYTHON ?= python3
VENV ?= .venv
# Twice as many as processors: tests of screens wait more than they reckon.
WORKERS ?= $(shell expr 2 \* $$(getconf _NPROCESSORS_ONLN))
ARGS ?=

BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check
LOCKED := --quiet --require-hashes
# The back end is in the lock as well, hence no isolated build environment with a version of its own choice.
PROJECT := --quiet --no-deps --no-build-isolation --editable .
# Runtime: what an installed DeskTerm needs. Development: the same versions, and the tools.
RUNTIME := $(VENV)/.stamp-runtime
DEVELOPMENT := $(VENV)/.stamp-development

.DEFAULT_GOAL := help
# One at a time even under -j: parallel make takes the terminal away from its recipes, and the demo needs it.
.NOTPARALLEL:
.PHONY: help demo test check bench lock clean

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

demo: $(RUNTIME)
	@$(PY) -m deskterm demo $(ARGS)

test: $(DEVELOPMENT)
	$(PY) -m pytest -n $(WORKERS) $(ARGS)

check: $(DEVELOPMENT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(PY) -m mypy
	$(BIN)/lint-imports
	$(PY) -m pytest -q tests/rules/test_wheel.py

bench: $(DEVELOPMENT)
	@$(PY) -m tests.bench $(ARGS)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: DeskTerm needs Python 3.11 or newer, and '$(PYTHON)' is not; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "error: '$(PYTHON)' lacks venv or ensurepip; on Debian and Ubuntu install python3-venv" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNTIME): requirements.lock pyproject.toml | $(PY)
	@echo "Installing what DeskTerm needs (requirements.lock)"
	@$(PIP) install $(LOCKED) --requirement requirements.lock
	@$(PIP) install $(PROJECT)
	@touch $@

# The development lock holds the runtime lock's versions, so it leaves both stamps.
$(DEVELOPMENT): requirements-dev.lock requirements.lock pyproject.toml | $(PY)
	@echo "Installing what DeskTerm and its tests need (requirements-dev.lock)"
	@$(PIP) install $(LOCKED) --requirement requirements-dev.lock
	@$(PIP) install $(PROJECT)
	@touch $(RUNTIME) $@

# Only this target asks for newer versions, and only this one needs uv, in an environment of its own.
COMPILE = $(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --group build
lock: | $(PY)
	@test -x $(VENV)/lock/bin/uv || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip install --quiet uv; }
	$(COMPILE) --extra postgresql --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache snapshot_report.html
	find deskterm screens widgets data tests -name __pycache__ -type d -prune -exec rm -rf {} +
