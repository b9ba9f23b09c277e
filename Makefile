# SPDX-License-Identifier: GPL-2.0-only
# What each target does is said in README.md.
VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
KERNEL ?= fixtures/kernel
MINUTES ?= 10
SHOWN  ?= drivers/char/foonvram.c
FAST   ?= .venv-fast
# Nothing but Python calls into the engine: its modules reach each other, and Python, directly.
FAST_C := -g0 -fvisibility=hidden -fno-semantic-interposition -fno-plt

.PHONY: demo test lint bench fuzz clean fast test-fast

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

# The engine compiled to C by mypyc, installed into an environment of its own.
fast: $(FAST)/.installed

$(FAST)/.installed: pyproject.toml $(shell find vmaconv rules fast -name '*.py' -o -name '*.h' -o -name '*.cocci')
	rm -rf $(FAST) && $(PYTHON) -m venv $(FAST)
	mkdir $(FAST)/build
	cp -r pyproject.toml README.md COPYING vmaconv rules $(FAST)/build
	$(FAST)/bin/python fast/spell_out.py $(FAST)/build
	cd $(FAST)/build && HATCH_BUILD_HOOK_ENABLE_MYPYC=1 \
		CFLAGS='$(FAST_C) -include $(CURDIR)/fast/slices.h' ../bin/pip wheel --quiet \
		--disable-pip-version-check --no-deps --wheel-dir .. .
	$(FAST)/bin/pip install --quiet --disable-pip-version-check "$$(ls $(FAST)/*.whl)[dev]"
	rm -rf $(FAST)/build
	touch $@

# All tests on the compiled engine; what looks into Python itself is skipped, with the reason.
test-fast: $(FAST)/.installed
	$(FAST)/bin/pytest -q -n 2 tests

lint: $(VENV)/.installed
	$(BIN)/ruff check vmaconv tests fuzz fast
	$(BIN)/ruff format --check vmaconv tests fuzz fast
	$(BIN)/mypy

bench: $(VENV)/.installed $(FAST)/.installed
	$(BIN)/python bench/run.py
	$(BIN)/python bench/prove.py
	$(BIN)/python bench/scripts.py --fast $(FAST)
	$(BIN)/python bench/compiled.py --fast $(FAST)
	$(BIN)/python bench/growth.py

fuzz: $(VENV)/.installed
	$(BIN)/python fuzz/run.py --minutes $(MINUTES)
	$(BIN)/python fuzz/guided.py rule --minutes 1

clean:
	rm -rf $(VENV) $(FAST) .pytest_cache .mypy_cache .ruff_cache .hypothesis
