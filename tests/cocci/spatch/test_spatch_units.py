# SPDX-License-Identifier: GPL-2.0-only
"""Files and headers are parsed once for all rule files, and let go of in time."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.shim.macros import MacroNames
from vmaconv.cocci.spatch import file_groups, units
from vmaconv.cocci.spatch.file_groups import Includes
from vmaconv.cocci.spatch.units import Units

NONE = MacroNames()
LOOPS = MacroNames(iterators=frozenset({b"each"}))


def test_headers_outlive_the_files_that_include_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those used last are kept, as many as there is room for."""
    monkeypatch.setattr(units, "MOST_HEADERS", 20)
    kept = Units()
    first = kept.header("a.h", b"int a;\n", NONE)
    second = kept.header("b.h", b"int b_is_longer;\n", NONE)
    assert kept.header("a.h", b"int a;\n", NONE) is first
    kept.forget()
    assert kept.header("a.h", b"int a;\n", NONE) is first
    assert kept.header("b.h", b"int b_is_longer;\n", NONE) is not second


def test_a_header_is_read_anew_with_macros_that_it_uses() -> None:
    kept = Units()
    plain = kept.header("a.h", b"int a;\n", NONE)
    assert kept.header("a.h", b"int a;\n", LOOPS) is plain
    loop = kept.header("b.h", b"#define e(x) each(x)\n", NONE)
    assert kept.header("b.h", b"#define e(x) each(x)\n", LOOPS) is not loop


def test_trees_of_files_that_were_looked_at_need_no_garbage_collector(tmp_path: Path) -> None:
    """A file after another would else take the memory of all of them."""
    (tmp_path / "a.c").write_text("int f(void) { return g(1); }\n")
    kept = Units()
    items = kept.of(str(tmp_path / "a.c"), NONE)
    root = items.unit.chunks[0].root
    gone = _watched(items)
    del items
    before = gc.isenabled()
    gc.disable()
    try:
        kept.forget()
        assert gone() is None
        assert all(node.parent is None for node in root.walk())
    finally:
        if before:
            gc.enable()


def _watched(items: UnitItems) -> weakref.ref[object]:
    """Return a weak reference to what only the items hold: compiled, they have none themselves."""

    class Held:
        pass

    held = Held()
    items._lines[-1] = held  # type: ignore[assignment]
    return weakref.ref(held)


def test_headers_that_no_file_has_included_for_long_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_groups, "MOST_KEPT", 10)
    for name in ("a", "b"):
        (tmp_path / f"{name}.h").write_text(f"int {name};\n")
    found = Includes()
    (first,) = found.of(tmp_path / "x.c", b'#include "a.h"\n')
    assert found.of(tmp_path / "x.c", b'#include "a.h"\n') == [first]
    found.of(tmp_path / "y.c", b'#include "b.h"\n')
    (again,) = found.of(tmp_path / "x.c", b'#include "a.h"\n')
    assert again is not first
