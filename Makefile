# SPDX-License-Identifier: GPL-2.0-only
# What each target does is said in README.md.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
KERNEL ?= fixtures/kernel
MINUTES ?= 10
SHOWN  ?= drivers/char/foonvram.c

.PHONY: demo test lint bench fuzz clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q vmaconv
	touch $@

demo: $(VENV)/.installed
	@echo '$$ vmaconv diff $(KERNEL) $(SHOWN)'
	@$(BIN)/vmaconv diff $(KERNEL) $(SHOWN)
	@echo
	@echo '$$ vmaconv scan $(KERNEL) $(SHOWN)'
	@$(BIN)/vmaconv scan $(KERNEL) $(SHOWN)
	@echo
	@echo '$$ vmaconv migrate $(KERNEL)    # the plan; the diff is left out here'
	@$(BIN)/vmaconv migrate $(KERNEL) 2>&1 >/dev/null | sed '/^$$/q'

test: $(VENV)/.installed
	$(BIN)/python -m pytest -q -n 2 --doctest-modules --doctest-ignore-import-errors tests vmaconv

lint: $(VENV)/.installed
	$(BIN)/ruff check vmaconv tests fuzz
	$(BIN)/ruff format --check vmaconv tests fuzz
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python bench/run.py
	$(BIN)/python bench/prove.py
	$(BIN)/python bench/scripts.py
	$(BIN)/python bench/growth.py

fuzz: $(VENV)/.installed
	$(BIN)/python fuzz/run.py --minutes $(MINUTES)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
