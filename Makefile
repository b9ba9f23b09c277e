# SPDX-License-Identifier: GPL-2.0-only
# What each target does is said in README.md.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
KERNEL ?= fixtures/kernel
MINUTES ?= 10

.PHONY: demo test lint bench fuzz clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q vmaconv
	touch $@

demo: $(VENV)/.installed
	@echo '$$ vmaconv diff $(KERNEL)'
	@$(BIN)/vmaconv diff $(KERNEL)
	@echo
	@echo '$$ vmaconv scan $(KERNEL)'
	@$(BIN)/vmaconv scan $(KERNEL)

test: $(VENV)/.installed
	$(BIN)/python -m pytest -q -n 2 --doctest-modules tests vmaconv

lint: $(VENV)/.installed
	$(BIN)/ruff check vmaconv tests fuzz
	$(BIN)/ruff format --check vmaconv tests fuzz
	$(BIN)/mypy

bench: $(VENV)/.installed
	$(BIN)/python bench/run.py
	$(BIN)/python bench/scripts.py

fuzz: $(VENV)/.installed
	$(BIN)/python fuzz/run.py --minutes $(MINUTES)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
