# SPDX-License-Identifier: GPL-2.0-only
"""Regular expressions that are compiled late are right all the same."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import vmaconv
from vmaconv.cocci.text import late_regex as module
from vmaconv.cocci.text.late_regex import late_regex


def late_in(value: object) -> Iterator[re.Pattern[bytes]]:
    """Each late regex of a constant, tables included."""
    if isinstance(value, module._LateRegex):
        yield value  # type: ignore[misc]
    elif isinstance(value, dict):
        yield from late_in([*value, *value.values()])
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from late_in(inner)


def test_all_of_the_modules_constants_compile() -> None:
    found = 0
    for info in pkgutil.walk_packages(vmaconv.__path__, "vmaconv."):
        for name, value in vars(importlib.import_module(info.name)).items():
            assert not isinstance(value, re.Pattern), f"{info.name}.{name} is compiled at once"
            for regex in late_in(value):
                assert regex.pattern is not None, f"{info.name}.{name}"
                found += 1
    assert found > 300


def test_it_does_what_the_compiled_one_does() -> None:
    late, now = late_regex(r"(\w)=(\d+)", re.I), re.compile(r"(\w)=(\d+)", re.I)
    text = "a=1, B=22"
    for _ in range(2):
        assert late.findall(text) == now.findall(text)
        assert late.sub(r"\2=\1", text) == now.sub(r"\2=\1", text)
        assert late.split(text) == now.split(text)
        assert late.pattern == now.pattern
        assert (late.search(text, 3) or text) != text
        assert late.fullmatch(text) is None


def test_a_mistake_is_told_when_it_is_asked() -> None:
    late = late_regex(rb"(")
    with pytest.raises(re.error, match="missing"):
        late.match(b"x")


def test_it_says_so_of_what_no_regex_has() -> None:
    assert not hasattr(late_regex("x"), "no_such_method")
