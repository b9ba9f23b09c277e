# SPDX-License-Identifier: GPL-2.0-only
"""Whether the engine under test is the one that mypyc compiled (`make fast`)."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES

import pytest

from vmaconv.cocci.match import search

COMPILED = search.__file__.endswith(tuple(EXTENSION_SUFFIXES))

interpreted = pytest.mark.skipif(COMPILED, reason="C calls past what this test puts in its way")
"""For tests that replace a function within a module: compiled code calls it directly."""

recursive = pytest.mark.skipif(COMPILED, reason="C nests deeper than Python before it gives up")
"""For tests of Python's limit of nested calls."""

checked_by_mypy = pytest.mark.skipif(COMPILED, reason="C keeps no field from being set: mypy did")
"""For tests that fields of frozen classes cannot be set: `fast/spell_out.py` says why."""
