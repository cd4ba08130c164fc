# Everything a developer runs. `make` alone lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BENCH  := .venv-bench

# Rooms of src/ntm_rules in which every line and branch must be covered.
COVERED_ROOMS := vocabulary language revision evaluation explanation reports

# Debian packages of the programs that tests marked "external" need.
DEBIAN_PACKAGES := chromium libreoffice-calc libreoffice-writer openjdk-17-jre-headless poppler-utils

empty :=
space := $(empty) $(empty)
comma := ,
COVERED_FILES := $(subst $(space),$(comma),$(patsubst %,src/ntm_rules/%/*,$(strip $(COVERED_ROOMS))))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint types unit doctests docs wheel bench lock cells schemas clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.stamp: pyproject.toml requirements/dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BENCH)/.stamp: pyproject.toml requirements/dev.txt requirements/bench.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet -c requirements/dev.txt hatchling editables
	$(BENCH)/bin/python -m pip install --quiet --no-build-isolation -c requirements/dev.txt -r requirements/bench.txt -e .
	@touch $@

demo: $(VENV)/.stamp ## show what the library does
	@$(BIN)/python tools/demo.py

test: lint types unit doctests docs wheel ## every check that needs only Python
	@echo "make test: all checks passed"

lint: $(VENV)/.stamp ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.stamp ## mypy --strict on src
	$(BIN)/mypy

unit: $(VENV)/.stamp ## tests, with coverage, on every core
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=100 --include='$(COVERED_FILES)'

doctests: $(VENV)/.stamp ## examples in docstrings
	$(BIN)/python -m pytest --doctest-modules src

docs: $(VENV)/.stamp ## HTML documentation in docs/_build/html
	$(BIN)/sphinx-build -q -W --keep-going -n -b html docs docs/_build/html

wheel: $(VENV)/.stamp ## build sdist and wheel, install the wheel elsewhere and use it
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	$(BIN)/python tools/check_wheel.py dist

test-all: $(VENV)/.stamp ## tests that need programs other than Python; a skip is a failure
	$(BIN)/python -m pip install --quiet -r requirements/spark.txt
ifneq ($(strip $(DEBIAN_PACKAGES)),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -q -y --no-install-recommends $(DEBIAN_PACKAGES); \
	else \
		echo "make test-all: cannot install ($(DEBIAN_PACKAGES)): not root, or no apt-get"; \
	fi
endif
	@status=0; NTM_RULES_NO_SKIP=1 $(BIN)/python -m pytest -m external || status=$$?; \
	if [ $$status -eq 5 ]; then echo "make test-all: no test is marked external; nothing to run"; \
	elif [ $$status -eq 0 ]; then echo "make test-all: all external tests passed"; \
	else exit $$status; fi

bench: $(BENCH)/.stamp ## the figures of the README, peers beside us
	@$(BENCH)/bin/python benchmarks/run.py
	@$(BENCH)/bin/python benchmarks/peers.py
	@$(BENCH)/bin/python benchmarks/population.py
	@$(BENCH)/bin/python benchmarks/population.py --variants

lock: $(VENV)/.stamp ## lock every edition of the law data by its fingerprint
	@$(BIN)/python tools/lock.py

cells: $(VENV)/.stamp ## normalise the fact sheets to sources/cells.csv
	@$(BIN)/python tools/normalise_sheets.py

schemas: ## copy the packaged JSON Schemas to schemas/
	@mkdir -p schemas
	rm -f schemas/*.json
	cp src/ntm_rules/schemas/*.json schemas/

clean: ## remove everything that make makes
	rm -rf $(VENV) $(BENCH) dist build docs/_build htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests tools docs -name __pycache__ -type d -prune -exec rm -rf {} +
