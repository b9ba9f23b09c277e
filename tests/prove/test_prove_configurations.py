# SPDX-License-Identifier: GPL-2.0-only
"""Only configurations that Kconfig allows are looked at, and all of these that can be told apart."""

from __future__ import annotations

import pytest

from vmaconv.prove.configuration.configurations import TooMany, configurations


def _all(*symbols: str) -> set[tuple[str, ...]]:
    """Return the symbols that are set in each configuration, all of them asked for."""
    return {
        tuple(symbol for symbol in symbols if configuration.is_set(symbol))
        for configuration in configurations()
    }


@pytest.mark.parametrize(
    ("needs", "other"),
    [
        ("X86_USER_SHADOW_STACK", "64BIT"),
        ("ARM64_GCS", "ARM64"),
        ("HUGETLBFS", "MMU"),
        ("PPC64", "64BIT"),
        ("STACK_GROWSUP", "PARISC"),
    ],
)
def test_what_a_symbol_needs_is_there(needs: str, other: str) -> None:
    for order in ((needs, other), (other, needs)):
        found = _all(*order)
        assert any(needs in one for one in found)
        assert all(other in one for one in found if needs in one)
        assert any(needs not in one for one in found)


def test_a_kernel_is_for_one_architecture() -> None:
    assert _all("X86", "ARM64", "PPC") == {("X86",), ("ARM64",), ("PPC",), ()}


def test_symbols_that_know_nothing_of_each_other_are_all_combined() -> None:
    assert len(_all("QUILL_A", "QUILL_B", "QUILL_C")) == 8


def test_what_nobody_asks_for_makes_no_configuration() -> None:
    assert _all("QUILL_A") == {("QUILL_A",), ()}


def test_there_is_an_end_to_it() -> None:
    with pytest.raises(TooMany):
        _all(*(f"QUILL_{i}" for i in range(8)))
