# SPDX-License-Identifier: GPL-2.0-only
"""The flag table: on headers of our own, on real trees where there are any, and against gcc.

`data/enum` has words and bits as Linux 6.19 has them, `data/plain` numbers as older trees do, and
`data/later` bitmap masks as newer ones do. `VMACONV_KERNEL` names a v6.19 tree; trees of other
versions are looked for beside it, as `v6.12` and `v7.2`.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from kernels import beside

from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    MOST_TESTS,
    Condition,
    Defined,
    Either,
    Every,
    Negation,
    Opaque,
    describe,
    parse_condition,
)
from vmaconv.flags.headers.header_lines import (
    Define,
    KernelTreeError,
    read_lines,
    search_headers,
)
from vmaconv.flags.table import outside_definitions
from vmaconv.flags.table.flag_definitions import HEADER
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin, Refused, read_flag_table

DATA = Path(__file__).parent / "data"


def kernel(version: str) -> Path:
    """Find a real tree, or skip the test and say what is missing."""
    root = beside(version)
    if not (root / HEADER).exists():
        pytest.skip(f"no {version} tree: VMACONV_KERNEL names one of v6.19, others stand beside it")
    return root


def table_of(folder: Path, header: str) -> FlagTable:
    """Make a tree of one header and read its table."""
    path = folder / HEADER
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header)
    return read_flag_table(folder)


def refusal(table: FlagTable, name: str) -> Refused:
    resolution = table.resolve(name)
    assert isinstance(resolution, Refused), resolution
    return resolution


def line_of(tree: str, text: str) -> str:
    """Name a line of our own headers as a reason names it."""
    lines = (DATA / tree / HEADER).read_text().splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if line == text]
    assert len(numbers) == 1, (text, numbers)
    return f"{HEADER}:{numbers[0]}"


@pytest.fixture(scope="module")
def enum() -> FlagTable:
    return read_flag_table(DATA / "enum")


@pytest.fixture(scope="module")
def plain() -> FlagTable:
    return read_flag_table(DATA / "plain")


@pytest.fixture(scope="module")
def later() -> FlagTable:
    return read_flag_table(DATA / "later")


# --- Single flags


def test_word_with_one_definition_is_its_bit(enum: FlagTable) -> None:
    flag = enum.flag("VM_READ")
    assert flag is not None
    assert (flag.bit, flag.number, flag.derived) == ("VMA_READ_BIT", 0, False)
    assert str(flag.place) == line_of("enum", "#define VM_READ\t\tINIT_VM_FLAG(READ)")
    assert enum.resolve("VM_READ") == Bits(("VMA_READ_BIT",))
    assert enum.value_of("VM_READ") == 1


def test_word_written_without_the_macro(enum: FlagTable) -> None:
    assert enum.resolve("VM_SHARED") == Bits(("VMA_SHARED_BIT",))
    assert enum.value_of("VM_SHARED") == 8


def test_definitions_in_comments_are_none(enum: FlagTable) -> None:
    assert "VM_COMMENTED" not in enum
    assert enum.bit_number("VMA_WRITE_BIT") == 1


@pytest.mark.parametrize(
    ("name", "reason", "line"),
    [
        ("VM_UFFD_MISSING", "is VM_NONE if !CONFIG_MMU", "#define VM_UFFD_MISSING\tVM_NONE"),
        ("VM_SOFTDIRTY", "is 0 if !CONFIG_MEM_SOFT_DIRTY", "# define VM_SOFTDIRTY\t0"),
        (
            "VM_SHADOW_STACK",
            "is VM_NONE if !(CONFIG_FJORD_SHADOW || CONFIG_GLEN_SHADOW)",
            "#define VM_SHADOW_STACK\tVM_NONE",
        ),
        (
            "VM_PKEY_BIT3",
            "is VM_NONE if CONFIG_HAS_PKEYS && !(CONFIG_PKEY_BITS > 3)",
            "#define VM_PKEY_BIT3\tVM_NONE",
        ),
        ("VM_GROWSUP", "is VM_NONE where nothing above defines it", "#define VM_GROWSUP\tVM_NONE"),
    ],
)
def test_word_that_is_none_somewhere(enum: FlagTable, name: str, reason: str, line: str) -> None:
    refused = refusal(enum, name)
    assert refused.code == "several-definitions"
    assert refused.reason == f"{name} {reason} ({line_of('enum', line)})"
    assert str(refused.place) == line_of("enum", line)
    assert enum.value_of(name) is None


def test_bit_that_is_another_flags_in_another_configuration(enum: FlagTable) -> None:
    # The number depends on the configuration, and the word's follows the bit's.
    assert enum.resolve("VM_STACK") == Bits(("VMA_STACK_BIT",))
    assert enum.bit_number("VMA_STACK_BIT") is None
    assert enum.resolve("VM_DROPPABLE") == Bits(("VMA_DROPPABLE_BIT",))
    assert enum.value_of("VM_DROPPABLE") is None


def test_condition_of_a_use_leaves_out_configurations(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        """
enum {
	DECLARE_VMA_BIT(READ, 0),
	DECLARE_VMA_BIT(SEALED, 42),
	DECLARE_VMA_BIT(UP, 6),
	DECLARE_VMA_BIT_ALIAS(GUARD, UP),
};
#define VM_NONE 0x00000000
#define VM_READ INIT_VM_FLAG(READ)
#ifdef CONFIG_64BIT
#define VM_SEALED INIT_VM_FLAG(SEALED)
#else
#define VM_SEALED VM_NONE
#endif
#if defined(CONFIG_A)
#define VM_GUARD INIT_VM_FLAG(GUARD)
#elif defined(CONFIG_B)
#define VM_UP INIT_VM_FLAG(UP)
#define VMA_UP mk_vma_flags(VMA_UP_BIT)
#endif
#ifndef VM_UP
#define VM_UP VM_NONE
#define VMA_UP EMPTY_VMA_FLAGS
#endif
""",
    )
    wide, no_b = Defined("CONFIG_64BIT"), Negation(Defined("CONFIG_B"))
    assert isinstance(table.resolve("VM_SEALED"), Refused)
    assert table.resolve_given("VM_SEALED", wide) == Bits(("VMA_SEALED_BIT",))
    assert isinstance(table.resolve_given("VM_SEALED", Negation(wide)), Refused)
    assert isinstance(table.resolve_given("VM_SEALED", no_b), Refused)
    # The mask stands in the same arms as the word; on its own, each bit is another flag's.
    assert table.resolve("VM_UP") == MaskTwin("VMA_UP", None)
    assert table.resolve_given("VM_READ", wide) == Bits(("VMA_READ_BIT",))


def test_masks_of_other_headers(tmp_path: Path) -> None:
    more = tmp_path / "include/linux/userfaultfd_k.h"
    more.parent.mkdir(parents=True)
    more.write_text(
        "#define __VM_UFFD_FLAGS (VM_A | VM_B)\n"
        "#define __VMA_UFFD_FLAGS mk_vma_flags_from_masks(VMA_A, VMA_B)\n"
    )
    table = table_of(
        tmp_path,
        """
enum {
	DECLARE_VMA_BIT(A, 9),
	DECLARE_VMA_BIT(B, 41),
};
#define VM_NONE 0x00000000
#define VM_A INIT_VM_FLAG(A)
#define VMA_A mk_vma_flags(VMA_A_BIT)
#ifdef CONFIG_MINOR
#define VM_B INIT_VM_FLAG(B)
#define VMA_B mk_vma_flags(VMA_B_BIT)
#else
#define VM_B VM_NONE
#define VMA_B EMPTY_VMA_FLAGS
#endif
""",
    )
    assert table.resolve("__VM_UFFD_FLAGS") == MaskTwin("__VMA_UFFD_FLAGS", None)


def test_bit_that_exists_in_fewer_configurations_than_its_word(enum: FlagTable) -> None:
    refused = refusal(enum, "VM_TAGGED")
    assert refused.code == "conditional"
    assert "VMA_TAGGED_BIT is not declared in every configuration that has VM_TAGGED" in (
        refused.reason
    )
    assert "bit 41 if CONFIG_FJORD_TAGS" in refused.reason


@pytest.mark.parametrize("name", ["SAO", "BTI", "MAYOVERLAY"])
def test_word_that_exists_in_some_configurations_only(enum: FlagTable, name: str) -> None:
    # Code with the word compiles only where it is defined, and there the bit is the same.
    assert enum.resolve(f"VM_{name}") == Bits((f"VMA_{name}_BIT",))


def test_word_without_a_declared_bit(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "enum { DECLARE_VMA_BIT(READ, 0) };\n"
        "#define VM_READ INIT_VM_FLAG(READ)\n"
        "#define VM_LOST INIT_VM_FLAG(LOST)\n"
        "#define VM_HEX 0x10\n"
        "#define VM_EXEC 0x4\n",
    )
    assert refusal(table, "VM_LOST").code == "no-bit"
    assert "VMA_LOST_BIT, which include/linux/mm.h does not declare" in (
        refusal(table, "VM_LOST").reason
    )
    assert refusal(table, "VM_HEX").code == "no-bit"


def test_number_in_a_tree_that_declares_bits(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "enum {\nDECLARE_VMA_BIT(READ, 0),\nDECLARE_VMA_BIT(EXEC, 3),\n};\n"
        "#define VM_READ 0x1\n#define VM_EXEC 0x4\n",
    )
    assert table.resolve("VM_READ") == Bits(("VMA_READ_BIT",))
    assert refusal(table, "VM_EXEC").code == "no-bit"  # the declared bit is another one


def test_alias_that_goes_in_a_circle(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "enum {\nDECLARE_VMA_BIT_ALIAS(A, B),\nDECLARE_VMA_BIT_ALIAS(B, A),\n};\n"
        "#define VM_A INIT_VM_FLAG(A)\n"
        "#define VM_LOOP (VM_A | VM_LOOP_TOO)\n#define VM_LOOP_TOO VM_LOOP\n",
    )
    assert refusal(table, "VM_A").code == "conditional"
    assert isinstance(table.resolve("VM_LOOP"), Refused)
    assert table.value_of("VM_LOOP") is None


def test_more_conditions_than_can_be_tried_refuse(tmp_path: Path) -> None:
    wide = " || ".join(f"defined(CONFIG_{n})" for n in range(MOST_TESTS + 1))
    table = table_of(
        tmp_path,
        f"enum {{\nDECLARE_VMA_BIT(A, 0),\n}};\n#if {wide}\n#define VM_A INIT_VM_FLAG(A)\n#endif\n"
        "#define VM_MASK VM_A\n",
    )
    refused = refusal(table, "VM_A")
    assert (refused.code, str(refused.place)) == ("conditional", "include/linux/mm.h:5")
    assert f"hangs on more than {MOST_TESTS} conditions" in refused.reason
    assert isinstance(table.resolve("VM_MASK"), Refused)
    assert table.value_of("VM_A") is None


# --- Names that only look alike


@pytest.mark.parametrize(
    "name",
    [
        "VM_ALLOC",
        "VM_MAP",
        "VM_FAULT_OOM",
        "VM_FAULT_BADMAP",
        "VM_BUG_ON",
        "VM_UNMAPPED_AREA_TOPDOWN",
        "VM_PKEY_SHIFT",
        "TASK_EXEC",
        "VMA_READ_BIT",
        "READ",
        "",
    ],
)
def test_names_that_only_look_alike(enum: FlagTable, name: str) -> None:
    assert name not in enum
    assert enum.flag(name) is None
    assert enum.mask(name) is None
    assert enum.value_of(name) is None
    refused = refusal(enum, name)
    assert (refused.code, refused.place) == ("not-a-flag", None)


# --- Compounds


def test_none_is_no_bits(enum: FlagTable) -> None:
    assert enum.resolve("VM_NONE") == Bits(())
    assert enum.value_of("VM_NONE") == 0


def test_compound_in_the_headers_order(enum: FlagTable) -> None:
    bits = ("VMA_IO_BIT", "VMA_PFNMAP_BIT", "VMA_DONTEXPAND_BIT", "VMA_DONTDUMP_BIT")
    assert enum.resolve("VM_REMAP_FLAGS") == Bits(bits)
    mask = enum.mask("VM_REMAP_FLAGS")
    assert mask is not None
    assert (mask.members, mask.twin) == (bits, None)
    assert enum.value_of("VM_REMAP_FLAGS") == 1 << 14 | 1 << 10 | 1 << 18 | 1 << 26
    assert enum.flag("VM_REMAP_FLAGS") is None


def test_compound_over_two_lines(enum: FlagTable) -> None:
    assert enum.resolve("VM_DATA_FLAGS_EXEC") == enum.resolve("VM_ACCESS_FLAGS")


def test_compound_of_compounds_names_each_bit_once(enum: FlagTable) -> None:
    assert enum.resolve("VM_NO_KHUGE") == Bits(
        (
            "VMA_IO_BIT",
            "VMA_DONTEXPAND_BIT",
            "VMA_PFNMAP_BIT",
            "VMA_MIXEDMAP_BIT",
            "VMA_DONTDUMP_BIT",
        )
    )


def test_compound_of_one(enum: FlagTable) -> None:
    assert enum.resolve("VM_ATOMIC_SET_ALLOWED") == Bits(("VMA_GUARD_BIT",))
    assert enum.word("VMA_GUARD_BIT") == "VM_GUARD"


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("VM_STARTGAP_FLAGS", "several-definitions", "includes VM_SHADOW_STACK: VM_SHADOW_STACK"),
        ("VM_STICKY", "several-definitions", "includes VM_SOFTDIRTY: VM_SOFTDIRTY is 0 if"),
        ("VM_NOMMU_FLAGS", "conditional", "VM_MAYOVERLAY is defined only if !CONFIG_MMU"),
        ("VM_DATA_FLAGS_TSK_EXEC", "not-constant", "includes TASK_EXEC"),
        ("VM_LESS_WRITE", "not-constant", "includes VM_ACCESS_FLAGS & ~VM_WRITE"),
        ("VM_DATA_DEFAULT_FLAGS", "architecture", "arch/fjord/include/asm/page.h:1 defines it"),
        ("VM_FLAGS_CLEAR", "architecture", "ARCH_VM_PKEY_FLAGS is left to the architecture: arch"),
        ("ARCH_VM_PKEY_FLAGS", "architecture", "arch/glen/include/asm/pkeys.h:2 defines it"),
    ],
)
def test_compound_that_is_not_fixed(enum: FlagTable, name: str, code: str, reason: str) -> None:
    refused = refusal(enum, name)
    assert refused.code == code
    assert reason in refused.reason


def test_default_that_no_architecture_overrides(enum: FlagTable) -> None:
    assert enum.resolve("VM_QUIET_FLAGS") == Bits(("VMA_READ_BIT", "VMA_SHARED_BIT"))


def test_only_the_core_header_is_opened_before_an_architecture_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def search(root: Path, names: tuple[str, ...]) -> dict[str, tuple[Define, ...]]:
        opened.append("searched")
        return search_headers(root, names)

    monkeypatch.setattr(outside_definitions, "search_headers", search)
    table = read_flag_table(DATA / "enum")
    for name in ("VM_READ", "VM_REMAP_FLAGS", "VM_ALLOC", "VM_SHADOW_STACK", "VM_GROWSUP"):
        table.resolve(name)
    table.word("VMA_READ_BIT")
    assert opened == []
    table.resolve("VM_DATA_DEFAULT_FLAGS")
    table.resolve("ARCH_VM_PKEY_FLAGS")
    assert opened == ["searched"]


# --- Helpers for callers


def test_words_that_name_a_bit_twice(enum: FlagTable) -> None:
    assert enum.repeated(["VM_READ", "VM_WRITE"]) == ()
    assert enum.repeated(["VM_READ", "VM_READ"]) == ("VMA_READ_BIT",)
    assert enum.repeated(["VM_REMAP_FLAGS", "VM_READ", "VM_IO"]) == ("VMA_IO_BIT",)
    assert enum.repeated(["VM_SAO", "VM_ARCH_1"]) == ("VMA_ARCH_1_BIT",)
    assert enum.repeated(["VM_GROWSUP", "VM_ALLOC", "VM_READ"]) == ()


def test_back_from_a_bit_to_its_word(enum: FlagTable) -> None:
    assert enum.word("VMA_READ_BIT") == "VM_READ"
    assert enum.word("VMA_SAO_BIT") == "VM_SAO"
    # Where these are VM_NONE, the word does not say what the bit says.
    assert enum.word("VMA_SOFTDIRTY_BIT") is None
    assert enum.word("VMA_UFFD_MISSING_BIT") is None
    assert enum.word("VMA_REMAP_FLAGS") is None


# --- Trees older than the enum


def test_plain_numbers(plain: FlagTable) -> None:
    flag = plain.flag("VM_SHARED")
    assert flag is not None
    assert (flag.bit, flag.number, flag.derived) == ("VMA_SHARED_BIT", 3, True)
    assert not plain.declares_bits
    assert plain.resolve("VM_MERGEABLE") == Bits(("VMA_MERGEABLE_BIT",))
    assert plain.value_of("VM_HIGH_ARCH_0") == 1 << 32
    assert plain.resolve("VM_SEALED") == Bits(("VMA_SEALED_BIT",))
    assert plain.resolve("VM_ACCESS_FLAGS") == Bits(("VMA_READ_BIT", "VMA_WRITE_BIT"))
    assert plain.resolve("VM_INIT_DEF_MASK") == Bits(("VMA_MERGEABLE_BIT",))
    assert plain.word("VMA_WRITE_BIT") == "VM_WRITE"


def test_bit_numbers_are_no_masks(plain: FlagTable) -> None:
    assert refusal(plain, "VM_HIGH_ARCH_BIT_0").code == "not-a-flag"


def test_number_of_several_bits(plain: FlagTable) -> None:
    assert plain.value_of("VM_TWO_BITS") == 3
    assert refusal(plain, "VM_TWO_BITS").code == "no-bit"


def test_plain_word_that_is_another_one_somewhere(plain: FlagTable) -> None:
    assert "is 0 if !CONFIG_MMU" in refusal(plain, "VM_UFFD_MISSING").reason
    assert "is VM_ARCH_1 if !CONFIG_64BIT" in refusal(plain, "VM_DROPPABLE").reason
    assert "VM_NONE where nothing above defines it" in refusal(plain, "VM_GROWSUP").reason


def test_plain_alias_is_what_it_stands_for(plain: FlagTable) -> None:
    assert plain.resolve("VM_SAO") == Bits(("VMA_ARCH_1_BIT",))


# --- Bitmap masks


def test_twin_has_the_same_bits_and_stem(later: FlagTable) -> None:
    bits = ("VMA_READ_BIT", "VMA_WRITE_BIT", "VMA_EXEC_BIT")
    assert later.resolve("VM_ACCESS_FLAGS") == MaskTwin("VMA_ACCESS_FLAGS", bits)
    assert later.word("VMA_ACCESS_FLAGS") == "VM_ACCESS_FLAGS"


def test_twin_that_the_definition_names(later: FlagTable) -> None:
    bits = ("VMA_IO_BIT", "VMA_PFNMAP_BIT")
    assert later.resolve("VM_SPECIAL") == MaskTwin("VMA_SPECIAL_FLAGS", bits)
    assert later.resolve("VM_TSK_FLAGS") == MaskTwin("VMA_TSK_FLAGS", None)


def test_twin_that_varies_as_its_word_does(later: FlagTable) -> None:
    assert later.resolve("VM_STICKY") == MaskTwin("VMA_STICKY_FLAGS", None)
    assert later.resolve("VM_DROPPABLE") == MaskTwin("VMA_DROPPABLE", None)
    assert later.word("VMA_DROPPABLE") == "VM_DROPPABLE"


def test_flag_is_rather_a_bit_than_a_mask(later: FlagTable) -> None:
    assert later.resolve("VM_UFFD_WP") == Bits(("VMA_UFFD_WP_BIT",))
    assert later.word("VMA_UFFD_WP") == "VM_UFFD_WP"


def test_mask_that_is_related_by_name_only(later: FlagTable) -> None:
    assert later.resolve("VM_LOCKED_MASK") == Bits(("VMA_READ_BIT", "VMA_WRITE_BIT"))
    # VMA_UFFD_MISSING names a bit that is not there without an MMU, where the word is VM_NONE.
    assert isinstance(later.resolve("VM_UFFD_MISSING"), Refused)


def test_mask_that_has_the_same_bits_by_chance(later: FlagTable) -> None:
    assert later.resolve("VM_TEXT_FLAGS") == Bits(("VMA_READ_BIT", "VMA_EXEC_BIT"))
    assert later.word("VMA_ROM_FLAGS") is None


def test_bitmap_masks_themselves(later: FlagTable) -> None:
    grown = ("VMA_IO_BIT", "VMA_PFNMAP_BIT", "VMA_GROWSDOWN_BIT")
    assert later.resolve("VMA_GROWN_FLAGS") == MaskTwin("VMA_GROWN_FLAGS", grown)
    assert later.resolve("VMA_IGNORE_FLAGS") == MaskTwin("VMA_IGNORE_FLAGS", None)
    assert later.value_of("VMA_GROWN_FLAGS") == 1 << 14 | 1 << 10 | 1 << 8


# --- Headers


def test_conditions() -> None:
    assert parse_condition("defined(A) || (defined B && !defined(C))") == Either(
        (Defined("A"), Every((Defined("B"), Negation(Defined("C")))))
    )
    assert parse_condition("N > 3") == Opaque("N > 3")
    assert parse_condition("defined(A) && (N > (3))") == Every((Defined("A"), Opaque("N > (3)")))
    assert parse_condition("IS_ENABLED(CONFIG_X)") == Opaque("IS_ENABLED(CONFIG_X)")
    assert parse_condition("(A) > (3)") == Opaque("(A) > (3)")
    assert parse_condition("0 || defined(__KERNEL__)") == ALWAYS
    assert parse_condition("!defined(__ASSEMBLY__) && defined(A)") == Defined("A")
    assert isinstance(parse_condition("(defined(A)"), Opaque)
    assert parse_condition("defined(A)) || 1") == Opaque("defined(A)) || 1")
    assert parse_condition("defined(A) ? 1 : 0") == Opaque("defined(A) ? 1 : 0")
    assert parse_condition("!") == Opaque("!")
    assert parse_condition("!(A > 1)") == Negation(Opaque("A > 1"))
    assert parse_condition("") == Opaque("")
    assert describe(parse_condition("!(defined(A) || N > 3) && defined(B)")) == "!(A || N > 3) && B"


def conditions(header: bytes) -> dict[str, str]:
    return {
        line.name: describe(line.condition)
        for line in read_lines(header, "x.h")
        if isinstance(line, Define)
    }


def test_arms_of_a_conditional() -> None:
    header = (
        b"#ifndef X_H\n#define X_H\n#if A\n#define P 1\n#elif defined(B)\n#define Q 1\n#else\n"
        b"# if 0\n#define DEAD 1\n# endif\n#define R 1\n#endif\n#define S 1\n#endif\n"
    )
    assert conditions(header) == {
        "X_H": "always",
        "P": "A",
        "Q": "!A && B",
        "DEAD": "never",
        "R": "!A && !B",
        "S": "always",
    }


def test_first_ifndef_is_a_guard_only_if_its_define_follows() -> None:
    assert conditions(b"#ifndef A\n#define B\n#endif\n") == {"B": "!A"}
    assert conditions(b"#ifndef A\n#define A 1\n#endif\n") == {"A": "!A"}


def test_unbalanced_conditionals_do_not_stop_the_reading() -> None:
    assert conditions(b"#endif\n#else\n#elif X\n#define A 1\n#if B\n#define C 1\n") == {
        "A": "always",
        "C": "B",
    }


def test_comments_strings_and_line_ends() -> None:
    assert blank_out(b'a/*\n*/b "/*" // c\n') == b'a  \n  b "/*"     \n'
    crlf = b'#define A "//" /* x\r\n */ 1\r\n#define B (1 | \\\r\n\t2)\r\n'
    lines = [line for line in read_lines(crlf, "x.h") if isinstance(line, Define)]
    assert [(line.name, line.body, line.place.line) for line in lines] == [
        ("A", '"//"', 1),
        ("B", "(1 | 2)", 3),
    ]


def test_table_of_a_header_with_crlf(tmp_path: Path, enum: FlagTable) -> None:
    text = (DATA / "enum" / HEADER).read_text()
    path = tmp_path / HEADER
    path.parent.mkdir(parents=True)
    path.write_bytes(text.replace("\n", "\r\n").encode())
    table = read_flag_table(tmp_path)
    assert table.names() == enum.names()
    for name in ("VM_REMAP_FLAGS", "VM_SHADOW_STACK", "VM_DATA_FLAGS_EXEC"):
        assert table.resolve(name) == enum.resolve(name)


def test_dead_definition_is_none(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "enum {\nDECLARE_VMA_BIT(A, 0),\n};\n#define VM_A INIT_VM_FLAG(A)\n"
        "#if 0\n#define VM_A VM_NONE\n#endif\n",
    )
    assert table.resolve("VM_A") == Bits(("VMA_A_BIT",))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\0\xff\xfe",
        b"#",
        b"#define",
        b"#if\n#define VM_A (",
        b"DECLARE_VMA_BIT(",
        b"#define VM_A mk_vma_flags()\n",
        b"#define VM_A append_vma_flags()\n",
        b"#define VM_A BIT()\n",
        b"#define VM_A BIT(99999999999999)\n",
        b"DECLARE_VMA_BIT(A, 99999999999999)\n#define VM_A INIT_VM_FLAG(A)\n",
        b"#define VM_A ((((\n",
        b"/* unfinished\n#define VM_A 0x1\n",
    ],
)
def test_header_that_makes_no_sense(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / HEADER
    path.parent.mkdir(parents=True)
    path.write_bytes(header)
    refusal(read_flag_table(tmp_path), "VM_A")


def test_trees_that_are_none(tmp_path: Path) -> None:
    def code(root: Path) -> str:
        with pytest.raises(KernelTreeError) as caught:
            read_flag_table(root)
        assert caught.value.what in str(caught.value)
        assert caught.value.remedy in str(caught.value)
        return caught.value.code

    (tmp_path / "file").write_text("")
    (tmp_path / "odd" / HEADER).mkdir(parents=True)
    assert code(tmp_path / "nowhere") == "tree-missing"
    assert code(tmp_path / "file") == "tree-not-directory"
    assert code(tmp_path) == "header-missing"
    assert code(tmp_path / "odd") == "header-unreadable"
    with pytest.raises(KernelTreeError) as caught:
        table_of(
            tmp_path / "merged", "<<<<<<< HEAD\n#define A 1\n=======\n#define A 2\n>>>>>>> topic\n"
        )
    assert caught.value.code == "header-conflict"
    assert "merge conflict at line 1; resolve it first" in str(caught.value)


HIGH = """enum {
	DECLARE_VMA_BIT(LOW, 3),
	DECLARE_VMA_BIT(HIGH, 43),
};
#define INIT_VM_FLAG(name) BIT((__force int) VMA_ ## name ## _BIT)
#define VM_LOW INIT_VM_FLAG(LOW)
%s
"""


@pytest.mark.parametrize(
    ("definition", "given", "has_room"),
    [
        ("#define VM_HIGH INIT_VM_FLAG(HIGH)", ALWAYS, False),
        ("#define VM_HIGH INIT_VM_FLAG(HIGH)", Defined("CONFIG_64BIT"), True),
        ("#define VM_HIGH INIT_VM_FLAG(HIGH)", Defined("CONFIG_MMU"), False),
        (
            "#define VM_HIGH INIT_VM_FLAG(HIGH)",
            Every((Defined("CONFIG_MMU"), Defined("CONFIG_64BIT"))),
            True,
        ),
        # The header says itself who has the flag.
        ("#ifdef CONFIG_WIDE\n#define VM_HIGH INIT_VM_FLAG(HIGH)\n#endif", ALWAYS, True),
    ],
)
def test_a_flag_that_every_kernel_has_needs_room_in_32_bits(
    tmp_path: Path, definition: str, given: Condition, has_room: bool
) -> None:
    table = table_of(tmp_path, HIGH % definition)
    assert table.resolve_given("VM_LOW", given) == Bits(("VMA_LOW_BIT",))
    found = table.resolve_given("VM_HIGH", given)
    if has_room:
        assert found == Bits(("VMA_HIGH_BIT",))
    else:
        assert isinstance(found, Refused)
        assert "is bit 43, for which kernels of 32 bits have no room" in found.reason
    mask = table_of(tmp_path, HIGH % (definition + "\n#define VM_BOTH (VM_LOW | VM_HIGH)"))
    if definition.startswith("#define"):
        assert isinstance(mask.resolve("VM_BOTH"), Refused)


# --- Against the compiler

PRELUDE = """
#define __force
#define __bitwise
#define __always_inline inline
#define BIT(n) (1ULL << (n))
#define _BITUL(n) (1ULL << (n))
#define BIT_OR_0(n) ((n) < 0 ? 0ULL : 1ULL << ((n) & 63))
#define BITS(a, b, c, d, e, f, g, h, ...) (BIT_OR_0(a) | BIT_OR_0(b) | BIT_OR_0(c) | \\
        BIT_OR_0(d) | BIT_OR_0(e) | BIT_OR_0(f) | BIT_OR_0(g) | BIT_OR_0(h))
#define mk_vma_flags(...) BITS(__VA_ARGS__, -1, -1, -1, -1, -1, -1, -1, -1)
#define append_vma_flags(flags, ...) ((flags) | mk_vma_flags(__VA_ARGS__))
#define vma_flags_to_legacy(flags) (flags)
#define EMPTY_VMA_FLAGS 0ULL
"""


def failing(region: str, config: list[str], claims: dict[str, str], folder: Path) -> set[str]:
    """Compile `word == claim` for each word that the configuration has; name those that fail."""
    program = [*PRELUDE.splitlines(), *(f"#define {name}" for name in config), *region.splitlines()]
    asked: dict[int, str] = {}
    for name, claim in claims.items():
        program += [f"#ifdef {name}", f'_Static_assert(({name}) == ({claim}), "");', "#endif"]
        asked[len(program) - 1] = name
    source = folder / "claims.c"
    source.write_text("\n".join(program) + "\n")
    run = subprocess.run(
        [
            "gcc",
            "-std=gnu11",
            "-w",
            "-fsyntax-only",
            "-ftrack-macro-expansion=0",
            "-fmax-errors=0",
            source.name,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    places = {int(line) for line in re.findall(r"claims\.c:(\d+):\d+: error", run.stderr)}
    assert places <= asked.keys(), run.stderr
    return {asked[place] for place in places}


def claims_of(table: FlagTable) -> tuple[dict[str, str], set[str]]:
    """Say in C what the table says of each word; and which words it refuses as unsteady."""
    claims: dict[str, str] = {}
    refused: set[str] = set()
    for name in table.names():
        resolution = table.resolve(name)
        flag = table.flag(name)
        if not name.startswith("VM_"):
            continue
        if isinstance(resolution, Bits):
            claims[name] = " | ".join(["0ULL", *(bit_in_c(table, bit) for bit in resolution.bits)])
        elif isinstance(resolution, MaskTwin) and resolution.bits is not None:
            claims[name] = resolution.mask
        elif flag and isinstance(resolution, Refused):
            claims[name] = bit_in_c(table, flag.bit)
            refused.add(name)
    return claims, refused


def bit_in_c(table: FlagTable, bit: str) -> str:
    if table.declares_bits:
        return f"BIT({bit})"
    number = table.bit_number(bit)
    if number is None:  # the bit is not there in every configuration: ask for its word's number
        flag = table.flag("VM_" + bit.removeprefix("VMA_").removesuffix("_BIT"))
        assert flag is not None
        number = flag.number
    return f"BIT({number})"


@pytest.mark.parametrize("tree", ["enum", "plain", "later", "v6.12", "v6.19", "v7.2"])
def test_table_agrees_with_the_compiler(tree: str, tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("no gcc to compare the table with")
    root = kernel(tree) if tree.startswith("v") else DATA / tree
    table = read_flag_table(root)
    text = (root / HEADER).read_text()
    # From the first flag to the last definition of one; the functions need all of the kernel.
    lines = text[text.index("#define VM_NONE") :].splitlines()
    last = max(
        number
        for number, line in enumerate(lines)
        if re.match(r"#define VM_(COPY_ON|LESS|FLAGS_C|INIT_D|TSK)", line)
    )
    region = "\n".join(["typedef int vma_flag_t;", *lines[: last + 1]])
    region = region.replace("typedef int __bitwise vma_flag_t;", "")
    tests = sorted(set(re.findall(r"\bCONFIG_\w+", region)))
    claims, refused = claims_of(table)
    rng = random.Random(0)
    configs = [[test for test in tests if rng.random() < 0.5] for _ in range(40)]
    wrong: set[str] = set()
    for config in [[], tests, *configs]:
        wrong |= failing(
            region, [f"{name} {rng.randint(0, 5)}" for name in config], claims, tmp_path
        )
    # What is converted is right in every configuration tried, and what is refused is wrong in
    # some, but for those whose bit follows the configuration together with its word.
    assert wrong & (claims.keys() - refused) == set()
    assert refused <= wrong
    assert len(claims) > 8


# --- Real trees


def test_v6_19() -> None:
    root = kernel("v6.19")
    table = read_flag_table(root)
    remap = ("VMA_IO_BIT", "VMA_PFNMAP_BIT", "VMA_DONTEXPAND_BIT", "VMA_DONTDUMP_BIT")
    assert table.resolve("VM_REMAP_FLAGS") == Bits(remap)
    assert table.resolve("VM_SAO") == Bits(("VMA_SAO_BIT",))
    refused = {name for name in table.names() if isinstance(table.resolve(name), Refused)}
    assert {name for name in refused if table.flag(name)} == {
        "VM_UFFD_MISSING",
        "VM_SOFTDIRTY",
        "VM_STACK_EARLY",
        "VM_PKEY_BIT3",
        "VM_PKEY_BIT4",
        "VM_SHADOW_STACK",
        "VM_GROWSUP",
        "VM_ARCH_CLEAR",
        "VM_MTE",
        "VM_MTE_ALLOWED",
        "VM_UFFD_MINOR",
        "VM_ALLOW_ANY_UNCACHED",
        "VM_SEALED",
        "VM_DROPPABLE",
    }
    assert "VM_STARTGAP_FLAGS" in refused
    assert "arch/arc/include/asm/page.h:132 and 11 more" in (
        refusal(table, "VM_DATA_DEFAULT_FLAGS").reason
    )


def test_v7_2() -> None:
    table = read_flag_table(kernel("v7.2"))
    special = ("VMA_IO_BIT", "VMA_DONTEXPAND_BIT", "VMA_PFNMAP_BIT", "VMA_MIXEDMAP_BIT")
    assert table.resolve("VM_SPECIAL") == MaskTwin("VMA_SPECIAL_FLAGS", special)
    assert table.resolve("VM_STACK_FLAGS") == MaskTwin("VMA_STACK_FLAGS", None)
    assert table.resolve("VM_DROPPABLE") == MaskTwin("VMA_DROPPABLE", None)
    assert table.resolve("VM_UFFD_WP") == Bits(("VMA_UFFD_WP_BIT",))
    assert refusal(table, "VM_REMAP_FLAGS").code == "not-a-flag"
    assert table.word("VMA_SPECIAL_FLAGS") == "VM_SPECIAL"


def test_v6_12() -> None:
    table = read_flag_table(kernel("v6.12"))
    assert not table.declares_bits
    assert table.resolve("VM_READ") == Bits(("VMA_READ_BIT",))
    assert table.value_of("VM_MERGEABLE") == 1 << 31
    assert isinstance(table.resolve("VM_SHADOW_STACK"), Refused)
    assert "VM_REMAP_FLAGS" not in table or isinstance(table.resolve("VM_REMAP_FLAGS"), Bits)
