# Everything on a fresh machine with only python3 (3.11 or newer) and make:
#   make run    set up, run the Somerset plan, print the answer, say where the results are
#   make test   set up, run the tests
#   make book   set up, run what is stale, make the book of all three counties
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

COUNTIES = plans/somerset.yaml plans/worcestershire.yaml plans/wiltshire.yaml

.PHONY: run test book check setup clean

run: setup
	$(BIN)/avert run plans/somerset.yaml

test: setup
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

book: setup
	$(BIN)/avert book $(COUNTIES)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/avert evidence check

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "avert needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[develop]'
	touch $@

clean:
	rm -rf $(VENV) runs book
