# Two commands for everyone: `make demo` and `make test`. Both set up what they need in .venv.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
DEMO ?=
WORKERS ?= logical
# Tests of real processes that are killed have the machine for themselves.
TOGETHER = -n $(WORKERS) --dist loadscope --no-loadscope-reorder

NONE = 5# what pytest says when TESTS holds none of a kind

.PHONY: setup demo test check format lint types arrows bench faults words devices lock clean

setup: $(VENV)/box.stamp

demo: $(VENV)/demo.stamp
	$(BIN)/minga demo $(DEMO)

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(TOGETHER) -m "not faults" $(TESTS) || test $$? -eq $(NONE)
	$(BIN)/python -m pytest -m faults $(TESTS) || test $$? -eq $(NONE)

check: $(VENV)/dev.stamp format lint types arrows test

format: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

arrows: $(VENV)/dev.stamp
	$(BIN)/lint-imports

faults: $(VENV)/dev.stamp
	MINGA_FAULTS=full $(BIN)/python -m pytest -m faults $(TESTS)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench $(BENCH)

# The template of all phrases, and what each catalogue lacks. See docs/words.md.
words: $(VENV)/dev.stamp
	$(BIN)/python -m coop.words.template

# The table of supported devices, docs/supported-devices.md, from the profiles.
devices: $(VENV)/dev.stamp
	$(BIN)/python -m collector.profiles.table

# The locks hold hashes and no host. Needs uv on the PATH.
LOCK = uv pip compile -q --universal --generate-hashes --no-header --no-annotate -p 3.11 \
	pyproject.toml --extra build
lock:
	$(LOCK) -o requirements/collector.lock
	$(LOCK) --extra box -o requirements/box.lock
	$(LOCK) --extra demo -o requirements/demo.lock
	$(LOCK) --extra dev -o requirements/dev.lock

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/%.stamp: requirements/%.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) from $< (a minute the first time)"
	$(PIP) --require-hashes -r $<
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
