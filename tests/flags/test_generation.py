# SPDX-License-Identifier: GPL-2.0-only
"""The helper generation: on headers of our own, one tree for each, and on real trees.

`data/enum` and `data/plain` have no helpers, `data/posted` those of the series as first posted,
`data/landed` those of Linux v7.0, `data/later` those of v7.1.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from kernels import KERNEL, beside

from vmaconv.flags.headers.header_lines import HeaderPlace, KernelTreeError
from vmaconv.flags.helpers.generation import (
    API_NAMES,
    OPERATIONS,
    DescriptorFields,
    Operation,
    descriptor_fields,
    detect,
    parse_override,
)

DATA = Path(__file__).parent / "data"
MM, TYPES = "include/linux/mm.h", "include/linux/mm_types.h"
V6_19 = KERNEL


def tree(folder: Path, mm: str = "", types: str = "") -> Path:
    """Make a tree of the two headers."""
    (folder / "include/linux").mkdir(parents=True)
    (folder / MM).write_text(mm)
    (folder / TYPES).write_text(types)
    return folder


def landed_without(folder: Path, *names: str) -> Path:
    """Make the tree `data/landed` anew, with some of its helpers called otherwise."""
    mm = (DATA / "landed" / MM).read_text()
    for name in names:
        assert f"{name}(" in mm
        mm = mm.replace(f"{name}(", f"other_{name}(")
    return tree(folder, mm, (DATA / "landed" / TYPES).read_text())


def line_of(name: str, header: str, text: str) -> HeaderPlace:
    lines = (DATA / name / header).read_text().splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if text in line]
    assert len(numbers) == 1, (text, numbers)
    return HeaderPlace(header, numbers[0])


# --- Generations


@pytest.mark.parametrize(
    ("name", "generation", "virtuals", "decided_by"),
    [
        ("enum", "none", {"v7_0"}, None),
        ("plain", "none", {"v7_0"}, None),
        ("posted", "series-v1", {"v7_0", "by_value"}, "bool vma_flags_test_mask(vma_flags_t"),
        ("landed", "v7.0", {"v7_0"}, "#define mk_vma_flags("),
        ("later", "v7.1", {"v7_1"}, "#define vma_desc_test_any("),
    ],
)
def test_generation(name: str, generation: str, virtuals: set[str], decided_by: str | None) -> None:
    found = detect(DATA / name)
    assert found.name == generation
    assert found.virtuals() == virtuals
    assert found.by_value() == (generation == "series-v1")
    assert found.decided_by == (line_of(name, MM, decided_by) if decided_by else None)
    assert not found.overridden


SPELLINGS: list[tuple[Operation, str | None, str | None, str | None]] = [
    # operation, as first posted, v7.0, v7.1: the table "Helper generations"
    ("build", "mk_vma_flags", "mk_vma_flags", "mk_vma_flags"),
    ("append", None, None, "append_vma_flags"),
    ("empty", "EMPTY_VMA_FLAGS", "EMPTY_VMA_FLAGS", "EMPTY_VMA_FLAGS"),
    ("flags_test", "vma_flags_test", "vma_flags_test", "vma_flags_test"),
    ("flags_test_any", "vma_flags_test", "vma_flags_test", "vma_flags_test_any"),
    (
        "flags_test_any_mask",
        "vma_flags_test_mask",
        "vma_flags_test_mask",
        "vma_flags_test_any_mask",
    ),
    ("flags_test_all", None, "vma_flags_test_all", "vma_flags_test_all"),
    (
        "flags_test_all_mask",
        "vma_flags_test_all_mask",
        "vma_flags_test_all_mask",
        "vma_flags_test_all_mask",
    ),
    ("flags_set", "vma_flags_set", "vma_flags_set", "vma_flags_set"),
    ("flags_set_mask", "vma_flags_set_mask", "vma_flags_set_mask", "vma_flags_set_mask"),
    ("flags_clear", "vma_flags_clear", "vma_flags_clear", "vma_flags_clear"),
    ("flags_clear_mask", "vma_flags_clear_mask", "vma_flags_clear_mask", "vma_flags_clear_mask"),
    ("desc_test", "vma_desc_test_flags", "vma_desc_test_flags", "vma_desc_test"),
    ("desc_test_any", "vma_desc_test_flags", "vma_desc_test_flags", "vma_desc_test_any"),
    ("desc_test_any_mask", None, "vma_desc_test_flags_mask", "vma_desc_test_any_mask"),
    ("desc_test_all", None, None, "vma_desc_test_all"),
    ("desc_test_all_mask", None, None, "vma_desc_test_all_mask"),
    ("desc_set", "vma_desc_set_flags", "vma_desc_set_flags", "vma_desc_set_flags"),
    (
        "desc_set_mask",
        "vma_desc_set_flags_mask",
        "vma_desc_set_flags_mask",
        "vma_desc_set_flags_mask",
    ),
    ("desc_clear", "vma_desc_clear_flags", "vma_desc_clear_flags", "vma_desc_clear_flags"),
    (
        "desc_clear_mask",
        "vma_desc_clear_flags_mask",
        "vma_desc_clear_flags_mask",
        "vma_desc_clear_flags_mask",
    ),
    ("vma_test", None, None, "vma_test"),
    ("vma_test_any", None, None, "vma_test_any"),
    ("vma_test_any_mask", None, None, "vma_test_any_mask"),
    ("vma_test_all", None, "vma_test_all_flags", "vma_test_all"),
    ("vma_test_all_mask", None, "vma_test_all_flags_mask", "vma_test_all_mask"),
    ("vma_set", "vma_set_flags", "vma_set_flags", "vma_set_flags"),
    ("vma_set_mask", "vma_set_flags_mask", "vma_set_flags_mask", "vma_set_flags_mask"),
    ("vma_clear", None, None, "vma_clear_flags"),
    ("vma_clear_mask", None, None, "vma_clear_flags_mask"),
    ("atomic_test", "vma_test_atomic_flag", "vma_test_atomic_flag", "vma_test_atomic_flag"),
    ("atomic_set", "vma_set_atomic_flag", "vma_set_atomic_flag", "vma_set_atomic_flag"),
    ("to_legacy", None, None, "vma_flags_to_legacy"),
]


def test_every_operation_is_in_the_table() -> None:
    assert tuple(operation for operation, *_ in SPELLINGS) == OPERATIONS


@pytest.mark.parametrize(("column", "name"), [(1, "posted"), (2, "landed"), (3, "later")])
def test_spellings(column: int, name: str) -> None:
    found = detect(DATA / name)
    assert {operation: found.spelling(operation) for operation in OPERATIONS} == {
        row[0]: row[column] for row in SPELLINGS
    }
    assert found.missing() == tuple(row[0] for row in SPELLINGS if row[column] is None)
    assert found.absent() == ()
    assert found.warning() is None


def test_places() -> None:
    found = detect(DATA / "later")
    helper = found.helper("desc_test")
    assert helper is not None
    assert helper.place == line_of("later", MM, "vma_desc_test(const struct vm_area_desc *desc")
    helper = found.helper("to_legacy")
    assert helper is not None
    assert helper.place == line_of("later", TYPES, "vma_flags_to_legacy(vma_flags_t flags)")


# --- Trees that lack something


def test_tree_without_helpers_gets_the_names_of_v7_0_and_a_warning() -> None:
    found = detect(DATA / "plain")
    assert found.spelling("desc_set") == "vma_desc_set_flags"
    assert found.spelling("desc_test_any") == "vma_desc_test_flags"
    assert [helper.operation for helper in found.absent()] == [
        operation for operation in OPERATIONS if found.spelling(operation)
    ]
    warning = found.warning()
    assert warning is not None
    assert "declares no VMA flag helpers" in warning
    assert "v7.0" in warning


def test_atomic_pair_alone_is_no_generation_and_keeps_its_name() -> None:
    found = detect(DATA / "enum")
    assert found.name == "none"
    helper = found.helper("atomic_set")
    assert helper is not None
    assert helper.name == "vma_flag_set_atomic"
    assert helper.place == line_of("enum", MM, "static inline void vma_flag_set_atomic(")
    assert found.spelling("atomic_test") == "vma_test_atomic_flag"  # the tree has neither


def test_tree_with_some_helpers_only(tmp_path: Path) -> None:
    names = ("vma_desc_set_flags", "vma_test_all_flags")
    found = detect(landed_without(tmp_path / "x", *names))
    assert found.name == "v7.0"
    assert [helper.name for helper in found.absent()] == list(names)
    warning = found.warning()
    assert warning is not None
    assert warning.endswith("does not declare vma_desc_set_flags, vma_test_all_flags")


def test_tree_with_only_the_builder(tmp_path: Path) -> None:
    found = detect(tree(tmp_path / "x", "#define mk_vma_flags(...) 0\n"))
    assert found.name == "v7.0"
    assert found.warning() is not None


def test_comments_and_calls_declare_nothing(tmp_path: Path) -> None:
    mm = (
        "/* bool vma_flags_test_mask(vma_flags_t flags, vma_flags_t m); */\n"
        "// #define vma_desc_test_any(desc, ...) 0\n"
        '#define TEXT "vma_desc_test_any(struct vm_area_desc *desc)"\n'
        "static inline bool f(vma_flags_t flags)\n{\n"
        "\treturn vma_flags_test_mask(flags, flags) || vma_desc_test_any(desc, VMA_READ_BIT);\n}\n"
    )
    assert detect(tree(tmp_path / "x", mm)).name == "none"


def test_names_that_only_begin_alike(tmp_path: Path) -> None:
    mm = "void vma_flags_set_word(vma_flags_t *flags, unsigned long value);\n"
    mm += "#define vma_desc_test_anything(desc) 0\n#define my_vma_flags_test(f, ...) 0\n"
    assert detect(tree(tmp_path / "x", mm)).name == "none"


def test_prototype_over_several_lines(tmp_path: Path) -> None:
    mm = "extern bool\nvma_flags_test_mask(const\n\tvma_flags_t *flags,\n\tvma_flags_t m);\n"
    found = detect(tree(tmp_path / "x", mm))
    assert (found.name, found.by_value()) == ("v7.0", False)
    found = detect(tree(tmp_path / "y", mm.replace("*", "")))
    assert (found.name, found.by_value()) == ("series-v1", True)


# --- --api


@pytest.mark.parametrize("name", API_NAMES)
def test_override(name: str) -> None:
    found = parse_override(name)
    assert (found.name, found.overridden, found.decided_by) == (name, True, None)
    assert found.absent() == ()
    assert found.warning() is None
    trees = {"series-v1": "posted", "v7.0": "landed", "v7.1": "later"}
    detected = detect(DATA / trees[name])
    assert found.virtuals() == detected.virtuals()
    assert [helper.name for helper in found.helpers] == [h.name for h in detected.helpers]


@pytest.mark.parametrize("text", ["none", "v6.19", "7.1", "", "V7.1"])
def test_override_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"series-v1, v7\.0, v7\.1"):
        parse_override(text)


# --- struct vm_area_desc


def test_descriptor_with_both_fields_in_a_union() -> None:
    assert descriptor_fields(DATA / "enum") == DescriptorFields(
        place=HeaderPlace(TYPES, 19),
        vm_flags=HeaderPlace(TYPES, 22),
        vma_flags=HeaderPlace(TYPES, 23),
        union=True,
    )


def test_descriptor_with_the_bitmap_alone() -> None:
    fields = descriptor_fields(DATA / "later")
    assert fields.vma_flags == line_of("later", TYPES, "vma_flags_t vma_flags;")
    assert (fields.vm_flags, fields.union) == (None, False)


def test_tree_without_the_descriptor() -> None:
    assert descriptor_fields(DATA / "plain") == DescriptorFields(None, None, None, False)


@pytest.mark.parametrize(
    ("body", "vm_flags", "vma_flags", "union"),
    [
        ("vm_flags_t vm_flags; vma_flags_t vma_flags;", True, True, False),
        ("union { vm_flags_t vm_flags; }; vma_flags_t vma_flags;", True, True, False),
        ("union { vm_flags_t vm_flags; }; union { vma_flags_t vma_flags; };", True, True, False),
        ("union { vm_flags_t vm_flags; struct { vma_flags_t vma_flags; }; };", True, True, False),
        ("struct { vm_flags_t vm_flags; } old; vma_flags_t vma_flags;", False, True, False),
        ("struct inner { int vm_flags; } *old;", False, False, False),
        ("union { vm_flags_t vm_flags; vma_flags_t vma_flags; } __packed;", True, True, True),
        ("int (*hook)(vm_flags_t vm_flags, int); vma_flags_t vma_flags;", False, True, False),
        ("/* vm_flags_t vm_flags; */ vma_flags_t vma_flags; // } vm_flags;\n", False, True, False),
        ("unsigned long vm_flags, other;", True, False, False),
        ("struct vma_flags *vma; int old_vm_flags;", False, False, False),
    ],
)
def test_descriptor_bodies(
    tmp_path: Path, body: str, vm_flags: bool, vma_flags: bool, union: bool
) -> None:
    types = f"struct vm_area_desc *make(void);\nstruct vm_area_desc {{\n{body}\n}};\n"
    types += "struct vm_area_struct { vm_flags_t vm_flags; vma_flags_t vma_flags; };\n"
    fields = descriptor_fields(tree(tmp_path / "x", "", types))
    assert fields.place == HeaderPlace(TYPES, 2)
    assert fields.vm_flags == (HeaderPlace(TYPES, 3) if vm_flags else None)
    assert fields.vma_flags == (HeaderPlace(TYPES, 3) if vma_flags else None)
    assert fields.union is union


def test_descriptor_that_is_cut_off(tmp_path: Path) -> None:
    types = "struct vm_area_desc {\n\tunion {\n\t\tvm_flags_t vm_flags;"
    assert descriptor_fields(tree(tmp_path / "x", "", types)).vm_flags == HeaderPlace(TYPES, 3)


# --- Trees that are none


def test_tree_without_the_headers(tmp_path: Path) -> None:
    for read in (detect, descriptor_fields):
        with pytest.raises(KernelTreeError) as caught:
            read(tmp_path / "nowhere")
        assert caught.value.code == "tree-missing"
    (tmp_path / "include/linux").mkdir(parents=True)
    (tmp_path / MM).write_text("")
    with pytest.raises(KernelTreeError) as caught:
        detect(tmp_path)
    assert (caught.value.code, caught.value.path) == ("header-missing", tmp_path / TYPES)


# --- Real trees


@pytest.mark.parametrize(
    ("version", "name", "struct", "union"),
    [("v6.12", "none", False, False), ("v6.19", "none", True, True), ("v7.2", "v7.1", True, False)],
)
def test_real_trees(version: str, name: str, struct: bool, union: bool) -> None:
    root = beside(version)
    if not (root / MM).exists():
        pytest.skip(f"no {version} tree: VMACONV_KERNEL names one of v6.19, others stand beside it")
    found = detect(root)
    assert found.name == name
    fields = descriptor_fields(root)
    assert (fields.place is not None, fields.union) == (struct, union)
    if version == "v6.19":
        assert found.spelling("atomic_test") == "vma_flag_test_atomic"
        assert fields.vm_flags == HeaderPlace(TYPES, 879)
    if version == "v7.2":
        assert found.warning() is None
        assert fields.vm_flags is None
