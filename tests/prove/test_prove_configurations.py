# SPDX-License-Identifier: GPL-2.0-only
"""Only configurations that Kconfig allows are looked at, and all of these that can be told apart."""

from __future__ import annotations

import pytest

from vmaconv.prove.configuration.configurations import TooMany, configurations
from vmaconv.prove.configuration.option_relations import (
    NO_NEEDS,
    Needs,
    read_relations,
)


def _all(*symbols: str, needs: Needs = NO_NEEDS) -> set[tuple[str, ...]]:
    """Return the symbols that are set in each configuration, all of them asked for."""
    return {
        tuple(symbol for symbol in symbols if configuration.is_set(symbol))
        for configuration in configurations(needs)
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


KCONFIG = b"""config QUILL
	bool "Quills"
	depends on INK && !PENCIL && (GOOSE || SWAN)
	help
	  depends on NOTHING

menuconfig INK
	bool
	depends on WATER \\
		&& SOOT
	depends on BRUSH if ODD

config TWICE
	depends on INK

config TWICE
	depends on WATER

if LATE
config LATER
	bool
endif
"""


def test_a_tree_says_what_its_options_need() -> None:
    needs = read_relations(
        [("mm/Kconfig", KCONFIG), ("arch/arm64/Kconfig", b"config NIB\n\tbool\n")]
    ).needs
    assert needs == {"QUILL": ("INK", "!PENCIL"), "INK": ("WATER", "SOOT"), "NIB": ("ARM64",)}


@pytest.mark.parametrize(
    ("condition", "needs"),
    [
        (b"ARM64 || (COMPILE_TEST && 64BIT)", ("64BIT",)),
        (b"ARM64", ("64BIT", "ARM64")),
        (b"X86 || ARM64", ()),
        (b"INK && !SOOT", ("INK", "!SOOT")),
        (b"INK || SOOT && WATER", ()),
        (b"(INK || SOOT) && WATER", ("WATER",)),
        (b"(INK && SOOT) || (WATER && SOOT)", ("SOOT",)),
        (b"!(INK && SOOT)", ()),
        (b"INK=y && SOOT", ("SOOT",)),
        (b"INK SOOT", ()),
    ],
)
def test_what_both_arms_need_is_needed(condition: bytes, needs: tuple[str, ...]) -> None:
    arm64 = b"config ARM64\n\tdef_bool y\n\nconfig 64BIT\n\tdef_bool y\n"
    option = b"config QUILL\n\ttristate\n\tdepends on " + condition + b"\n"
    found = read_relations([("arch/arm64/Kconfig", arm64), ("drivers/quill/Kconfig", option)]).needs
    assert found.get("QUILL", ()) == needs


def test_what_a_tree_excludes_is_not_looked_at() -> None:
    needs = {"QUILL": ("INK", "!PENCIL"), "INK": ("WATER",)}
    for order in (("QUILL", "PENCIL", "WATER"), ("WATER", "PENCIL", "QUILL")):
        found = _all(*order, needs=needs)
        assert any("QUILL" in one for one in found)
        assert all("WATER" in one and "PENCIL" not in one for one in found if "QUILL" in one)
        assert len(found) == 5


def test_no_kconfig_file_says_nothing() -> None:
    assert read_relations([("mm/Kconfig", b"# nothing\n")]).needs == {}


SELECTS = b"""config QUILL
	bool "Quills"
	select FEATHER if GOOSE || SWAN && !WINTER
	select NIB
	help
	  These
	  select NOTHING

config FEATHER
	bool

config NIB
	bool "Nibs"
	depends on INK

config NOTHING
	bool "Nothing"

config PEN
	bool "Pens"
	depends on INK
	select NIB # always

config BIRD
	bool
	depends on EGG

config GOOSE
	bool "Geese"
	depends on EGG
	select BIRD

config SWAN
	bool "Swans"
	depends on EGG && LAKE
	select BIRD

config FLEDGLING
	bool "Young"
	select EGG

config NEST
	bool "Nests"
	select FLEDGLING
"""


def test_what_is_selected_is_raised() -> None:
    raised = read_relations([("mm/Kconfig", SELECTS)]).raised
    assert set(raised["FEATHER"]) == {
        frozenset({"QUILL", "GOOSE"}),
        frozenset({"QUILL", "SWAN", "!WINTER"}),
    }
    assert set(raised["NIB"]) == {frozenset({"QUILL"}), frozenset({"PEN"})}
    assert "NOTHING" not in raised


def test_who_is_selected_himself_may_lack_what_he_needs_and_raises_nothing() -> None:
    assert "EGG" not in read_relations([("mm/Kconfig", SELECTS)]).raised


def test_an_option_of_another_architecture_is_not_raised() -> None:
    files = [
        ("arch/arm64/Kconfig", b"config ARM64\n\tdef_bool y\n\tselect OWN\n\tselect OTHER\n"),
        ("arch/x86/Kconfig", b"config OTHER\n\tbool\n"),
        ("arch/Kconfig", b"config OWN\n\tbool\n"),
    ]
    raised = read_relations(files).raised
    assert raised["OWN"] == (frozenset({"ARM64"}),)
    assert "OTHER" not in raised


def test_what_is_selected_may_lack_what_it_depends_on() -> None:
    needs = read_relations([("mm/Kconfig", SELECTS)]).needs
    assert "NIB" not in needs
    assert needs["PEN"] == ("INK",)


def test_what_all_who_select_it_have_is_there() -> None:
    needs = read_relations([("mm/Kconfig", SELECTS)]).needs
    assert needs["BIRD"] == ("EGG",)
    assert needs["FEATHER"][0] == "QUILL"
    assert "EGG" in needs["FEATHER"] or "GOOSE" not in needs["FEATHER"]


def test_only_configurations_that_selects_allow_are_looked_at() -> None:
    relations = read_relations([("mm/Kconfig", SELECTS)])
    for order in (("QUILL", "GOOSE", "FEATHER"), ("FEATHER", "GOOSE", "QUILL")):
        found = {
            tuple(symbol for symbol in order if configuration.is_set(symbol))
            for configuration in configurations(relations.needs, relations.raised)
        }
        assert all("FEATHER" in one for one in found if {"QUILL", "GOOSE"} <= set(one))
        assert all("QUILL" in one for one in found if "FEATHER" in one)
        assert len(found) == 5
