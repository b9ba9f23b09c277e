# SPDX-License-Identifier: GPL-2.0-only
"""The helpers' text and the edits that put it in: on headers of our own, compiled, on real trees.

The C program below knows nothing of how the helpers work: it compares each with operations on one
wide word. `VMACONV_KERNEL` names a v6.19 tree for what needs a real one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from kernels import KERNEL, MISSING, beside

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.flags.headers.header_lines import KernelTreeError
from vmaconv.flags.helpers.generation import descriptor_fields, detect
from vmaconv.flags.helpers.helper_patch import (
    FileEdits,
    HelperPatchError,
    add_helpers,
    remove_legacy_field,
)

MM, TYPES, UNROLL = "include/linux/mm.h", "include/linux/mm_types.h", "include/linux/unroll.h"
TEST_HEADER, TEST = "tools/testing/vma/vma_internal.h", "tools/testing/vma/vma.c"
V6_19 = KERNEL
GCC = shutil.which("gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="gcc is not installed: nothing is compiled")
needs_kernel = pytest.mark.skipif(
    not (V6_19 / TYPES).is_file(),
    reason=MISSING,
)

# --- Headers of our own -----------------------------------------------------------------------

TYPES_TEXT = """\
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/bitmap.h>

typedef unsigned long vm_flags_t;

#ifndef NUM_VMA_FLAG_BITS
#define NUM_VMA_FLAG_BITS BITS_PER_LONG
#endif
typedef struct {
	DECLARE_BITMAP(__vma_flags, NUM_VMA_FLAG_BITS);
} __private vma_flags_t;

struct vm_area_desc {
	unsigned long start;
	union {
		vm_flags_t vm_flags;	/* on its way out */
		vma_flags_t vma_flags;
	};
	void *private_data;
};

struct vm_area_struct {
	unsigned long vm_start;
	union {
		const vm_flags_t vm_flags;
		vma_flags_t flags;
	};
};

#endif
"""

MM_TEXT = """\
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/bitmap.h>
#include <linux/mm_types.h>

struct file;

#define VM_NONE		0x00000000

typedef int __bitwise vma_flag_t;

#define DECLARE_VMA_BIT(name, bitnum) VMA_ ## name ## _BIT = ((__force vma_flag_t)bitnum)
enum {
	DECLARE_VMA_BIT(READ, 0),
	DECLARE_VMA_BIT(SHARED, 3),
	DECLARE_VMA_BIT(PFNMAP, 10),
	DECLARE_VMA_BIT(IO, 14),
	DECLARE_VMA_BIT(DONTEXPAND, 18),
	DECLARE_VMA_BIT(DONTDUMP, 26),
	DECLARE_VMA_BIT(SOFTDIRTY, 27),
	DECLARE_VMA_BIT(MIXEDMAP, 28),
};

#define INIT_VM_FLAG(name) BIT((__force int) VMA_ ## name ## _BIT)
#define VM_READ		INIT_VM_FLAG(READ)
#define VM_SHARED	INIT_VM_FLAG(SHARED)
#define VM_PFNMAP	INIT_VM_FLAG(PFNMAP)
#define VM_IO		INIT_VM_FLAG(IO)
#define VM_DONTEXPAND	INIT_VM_FLAG(DONTEXPAND)
#define VM_DONTDUMP	INIT_VM_FLAG(DONTDUMP)
#ifdef CONFIG_MEM_SOFT_DIRTY
#define VM_SOFTDIRTY	INIT_VM_FLAG(SOFTDIRTY)
#else
#define VM_SOFTDIRTY	VM_NONE
#endif
#define VM_MIXEDMAP	INIT_VM_FLAG(MIXEDMAP)

#define VM_SPECIAL (VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)
#define VM_STICKY (VM_SOFTDIRTY | VM_READ)
#define VM_REMAP_FLAGS (VM_IO | VM_PFNMAP | \\
			VM_DONTEXPAND | VM_DONTDUMP)

static inline bool vma_flag_test_atomic(struct vm_area_struct *vma,
					vma_flag_t bit)
{
	return vma->vm_flags & BIT((__force int)bit);
}

static inline bool vma_is_shared(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_SHARED;
}

#endif
"""

UNROLL_TEXT = """\
#define unrolled_full _Pragma("GCC unroll 65534")
"""

TEST_HEADER_TEXT = (
    TYPES_TEXT.replace("_LINUX_MM_TYPES_H", "_VMA_INTERNAL_H").rsplit("\n#endif", 1)[0]
    + """
/* Clear some of the first word. */
static inline void vma_flags_clear_word(vma_flags_t *flags, unsigned long value)
{
	*ACCESS_PRIVATE(flags, __vma_flags) &= ~value;
}

static inline int compat(struct vm_area_struct *vma)
{
	struct vm_area_desc desc = {
		.start = vma->vm_start,
		.vm_flags = vma->vm_flags,
	};

	return prepare(&desc);
}

#endif
"""
)

TEST_TEXT = """\
#include "vma_internal.h"

static bool test_merge(void)
{
	return true;
}

int main(void)
{
#define TEST(name) do { if (!test_##name()) failed++; } while (0)
	int failed = 0;

	TEST(merge);

	TEST(merge);
#undef TEST
	return failed;
}
"""


def tree(folder: Path, **texts: str) -> Path:
    """Make a tree of the headers; `mm`, `types`, `unroll` replace one of them."""
    files = {
        MM: texts.get("mm", MM_TEXT),
        TYPES: texts.get("types", TYPES_TEXT),
        UNROLL: texts.get("unroll", UNROLL_TEXT),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


def with_tests(root: Path, header: str = TEST_HEADER_TEXT, test: str = TEST_TEXT) -> Path:
    (root / TEST_HEADER).parent.mkdir(parents=True)
    (root / TEST_HEADER).write_text(header)
    (root / TEST).write_text(test)
    return root


def write(root: Path, edits: tuple[FileEdits, ...]) -> tuple[FileEdits, ...]:
    for file in edits:
        (root / file.path).write_bytes(file.after)
    return edits


def by_path(edits: tuple[FileEdits, ...]) -> dict[str, FileEdits]:
    return {file.path: file for file in edits}


def refusal(root: Path, **options: object) -> HelperPatchError:
    with pytest.raises(HelperPatchError) as caught:
        add_helpers(root, **options)  # type: ignore[arg-type]
    return caught.value


# --- What is added, and where -----------------------------------------------------------------


def test_all_helpers_of_v7_0_are_there_afterwards(tmp_path: Path) -> None:
    root = tree(tmp_path)
    assert detect(root).name == "none"
    write(root, add_helpers(root))
    generation = detect(root)
    assert generation.name == "v7.0"
    # The atomic pair is not ours to add, and the tree calls the half that it has by its old name.
    assert {helper.name for helper in generation.absent()} == {"vma_set_atomic_flag"}


def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    root = with_tests(tree(tmp_path))
    assert len(write(root, add_helpers(root))) == 4
    assert add_helpers(root) == ()


def test_only_lines_are_added_and_private_removed(tmp_path: Path) -> None:
    for file in add_helpers(with_tests(tree(tmp_path))):
        for edit in file.edits:
            old = file.before[edit.start : edit.end]
            assert (old, edit.text) == (b"__private ", b"") or (
                old == b""
                and edit.text.endswith(b"\n")
                and file.before[edit.start - 1 : edit.start] == b"\n"
            )


def test_places(tmp_path: Path) -> None:
    files = by_path(add_helpers(tree(tmp_path)))
    types = files[TYPES].after.decode()
    assert "} vma_flags_t;\n\n/* The vma_flags_t" in types
    mm = files[MM].after.decode()
    assert "#include <linux/mm_types.h>\n#include <linux/unroll.h>\n\nstruct file;" in mm
    assert (
        "\t\t\tVM_DONTEXPAND | VM_DONTDUMP)\n"
        "#define VMA_REMAP_FLAGS mk_vma_flags(VMA_IO_BIT, VMA_PFNMAP_BIT, \\\n"
        "\t\t\t\t     VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT)\n"
        "\nstatic inline bool vma_flag_test_atomic("
    ) in mm
    assert "BIT((__force int)bit);\n}\n\n/*\n * VMA flags as sets" in mm
    assert "mk_vma_flags(__VA_ARGS__))\n\nstatic inline bool vma_is_shared(" in mm


def test_a_renamed_neighbour_is_found(tmp_path: Path) -> None:
    renamed = MM_TEXT.replace("vma_flag_test_atomic", "vma_test_atomic_flag")
    plain, other = tree(tmp_path / "a"), tree(tmp_path / "b", mm=renamed)
    after = by_path(add_helpers(other))[MM].after.replace(b"vma_test_atomic_flag", b"X")
    assert after == by_path(add_helpers(plain))[MM].after.replace(b"vma_flag_test_atomic", b"X")


def test_line_ends_are_the_file_s(tmp_path: Path) -> None:
    crlf = MM_TEXT.replace("\n", "\r\n")
    files = by_path(add_helpers(tree(tmp_path, mm=crlf)))
    assert re.search(rb"(?<!\r)\n", files[MM].after) is None
    assert b"\r" not in files[TYPES].after


def test_a_tree_with_helpers_gets_none() -> None:
    data = Path(__file__).parent / "data"
    for name in ("posted", "landed", "later"):
        assert add_helpers(data / name) == ()


# --- Masks ------------------------------------------------------------------------------------


def test_a_mask_gets_the_twin_s_name_that_trees_use(tmp_path: Path) -> None:
    files = by_path(add_helpers(tree(tmp_path), masks=("VM_SPECIAL",)))
    mm = files[MM].after.decode()
    assert (
        "#define VMA_SPECIAL_FLAGS mk_vma_flags(VMA_IO_BIT, VMA_DONTEXPAND_BIT, \\\n"
        "\t\t\t\t       VMA_PFNMAP_BIT, VMA_MIXEDMAP_BIT)\n"
    ) in mm
    assert "VMA_REMAP_FLAGS mk" not in mm


def test_a_mask_that_the_tree_has_not_is_no_error(tmp_path: Path) -> None:
    files = by_path(add_helpers(tree(tmp_path), masks=("VM_NO_SUCH_FLAGS",)))
    assert b"VMA_NO_SUCH" not in files[MM].after


def test_a_mask_whose_bits_depend_on_the_configuration_is_refused(tmp_path: Path) -> None:
    error = refusal(tree(tmp_path), masks=("VM_STICKY",))
    assert error.code == "mask-unfit"
    line = MM_TEXT[: MM_TEXT.index("#define VM_STICKY")].count("\n") + 1
    assert f"line {line}: VM_STICKY is not the same" in str(error)


def test_a_mask_with_two_definitions_is_refused(tmp_path: Path) -> None:
    twice = MM_TEXT.replace(
        "#define VM_SPECIAL", "#define VM_REMAP_FLAGS VM_IO\n#define VM_SPECIAL"
    )
    assert refusal(tree(tmp_path, mm=twice)).code == "anchor-ambiguous"


# --- Refusals ---------------------------------------------------------------------------------

TEST_ATOMIC = MM_TEXT[
    MM_TEXT.index("static inline bool vma_flag_t") : MM_TEXT.index("static inline bool vma_is_")
]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("no-bitmap", {"types": TYPES_TEXT.replace("vma_flags_t", "flagset_t")}),
        ("anchor-missing", {"mm": MM_TEXT.replace("vma_flag_test_atomic", "other")}),
        ("anchor-missing", {"unroll": "/* nothing */\n"}),
        ("anchor-missing", {"mm": re.sub(r"#include.*\n", "", MM_TEXT)}),
        (
            "anchor-conditional",
            {"mm": MM_TEXT.replace(TEST_ATOMIC, f"#ifdef CONFIG_MMU\n{TEST_ATOMIC}#endif\n")},
        ),
        (
            "anchor-conditional",
            {
                "types": TYPES_TEXT.replace("typedef struct", "#ifdef A\ntypedef struct").replace(
                    "vma_flags_t;\n\n", "vma_flags_t;\n#endif\n\n", 1
                )
            },
        ),
        (
            "anchor-ambiguous",
            {
                "mm": MM_TEXT.replace(
                    TEST_ATOMIC, f"#ifdef A\n{TEST_ATOMIC}#else\n{TEST_ATOMIC}#endif\n"
                )
            },
        ),
        ("helpers-half", {"types": TYPES_TEXT + "#define EMPTY_VMA_FLAGS ((vma_flags_t){ })\n"}),
    ],
)
def test_a_tree_that_does_not_fit_is_refused(
    tmp_path: Path, code: str, texts: dict[str, str]
) -> None:
    assert refusal(tree(tmp_path, **texts)).code == code


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    (tree(tmp_path) / UNROLL).unlink()
    with pytest.raises(KernelTreeError) as caught:
        add_helpers(tmp_path)
    assert caught.value.code == "header-missing"
    assert UNROLL in str(caught.value)


# --- tools/testing/vma ------------------------------------------------------------------------


def test_tests_are_defined_and_called(tmp_path: Path) -> None:
    test = by_path(add_helpers(with_tests(tree(tmp_path))))[TEST].after.decode()
    defined = re.findall(r"^static bool test_(vma_flags_\w+)\(void\)$", test, re.M)
    assert len(defined) == 7
    calls = "".join(f"\tTEST({name});\n" for name in defined)
    assert f"\tTEST(merge);\n\n\tTEST(merge);\n\n{calls}#undef TEST\n" in test
    assert test.index("test_vma_flags_desc(void)") < test.index("int main(void)")


def test_the_copied_header_gets_the_same_helpers(tmp_path: Path) -> None:
    files = by_path(add_helpers(with_tests(tree(tmp_path))))
    longest = max((edit.text for edit in files[MM].edits), key=len)
    after = files[TEST_HEADER].after
    assert longest in after
    assert after.index(b"~value;\n}\n") < after.index(b"#define unrolled_full\n")
    assert after.index(b"bitmap_subset(") < after.index(longest)


def test_tests_can_be_left_out(tmp_path: Path) -> None:
    files = by_path(add_helpers(with_tests(tree(tmp_path)), tests=False))
    assert set(files) == {MM, TYPES}


def test_a_copied_header_with_such_functions_is_refused(tmp_path: Path) -> None:
    header = TEST_HEADER_TEXT.replace(
        "struct vm_area_d", "void bitmap_or(void);\nstruct vm_area_d", 1
    )
    error = refusal(with_tests(tree(tmp_path), header=header))
    assert (error.code, "bitmap_or" in str(error)) == ("anchor-ambiguous", True)


def test_a_main_without_tests_is_refused(tmp_path: Path) -> None:
    test = TEST_TEXT.replace("\tTEST(merge);\n", "")
    assert refusal(with_tests(tree(tmp_path), test=test)).code == "anchor-missing"


# --- The legacy field -------------------------------------------------------------------------


def test_the_union_gives_way_to_its_bitmap_field(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (file,) = remove_legacy_field(root)
    union = TYPES_TEXT[TYPES_TEXT.index("union {") : TYPES_TEXT.index("\tvoid *private_data")]
    assert file.after.decode() == TYPES_TEXT.replace(union, "vma_flags_t vma_flags;\n", 1)
    write(root, (file,))
    fields = descriptor_fields(root)
    assert (fields.vm_flags, fields.union) == (None, False)
    assert fields.vma_flags is not None
    assert remove_legacy_field(root) == ()


def test_the_copied_header_follows_with_its_initialiser(tmp_path: Path) -> None:
    root = with_tests(tree(tmp_path))
    write(root, add_helpers(root))
    file = by_path(write(root, remove_legacy_field(root)))[TEST_HEADER]
    assert b"\t\t.vma_flags = vma->flags,\n" in file.after
    assert b"\tconst vm_flags_t vm_flags;\n\t\tvma_flags_t flags;\n\t};" in file.after
    assert remove_legacy_field(root) == ()


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("no-bitmap", "\t\tvma_flags_t vma_flags;\n", ""),
        ("no-bitmap", "\tunion {\n\t\tvm_f", "\tstruct {\n\t\tvm_f"),
        (
            "no-bitmap",
            "\t\tvma_flags_t vma_flags;\n",
            "\t\tvma_flags_t vma_flags;\n\t\tlong more;\n",
        ),
        (
            "no-bitmap",
            "\t\tvm_flags_t vm_flags;\t/* on its way out */\n\t\tvma_flags_t vma_flags;\n",
            "\t\tint a;\n",
        ),
        ("anchor-missing", "struct vm_area_desc", "struct vm_area_plan"),
    ],
)
def test_a_descriptor_that_does_not_fit_is_refused(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    types = TYPES_TEXT.replace(old, new, 1)
    assert types != TYPES_TEXT
    with pytest.raises(HelperPatchError) as caught:
        remove_legacy_field(tree(tmp_path, types=types))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return prepare(&desc)", "return desc.vm_flags ? prepare(&desc) : 0"),
        (".vm_flags = vma->vm_flags", ".vm_flags = word"),
    ],
)
def test_a_use_in_the_copied_header_is_refused(tmp_path: Path, old: str, new: str) -> None:
    header = TEST_HEADER_TEXT.replace(old, new)
    assert header != TEST_HEADER_TEXT
    with pytest.raises(HelperPatchError) as caught:
        remove_legacy_field(with_tests(tree(tmp_path), header=header))
    assert caught.value.code == "legacy-used"


def test_file_edits_apply() -> None:
    edit = Edit(1, 2, b"x", "r")
    assert FileEdits("f", b"abc", (edit,)).after == apply(b"abc", [edit]) == b"axc"


# --- What the helpers do ----------------------------------------------------------------------

BITMAP_TEXT = """\
#ifndef BITMAP_H
#define BITMAP_H
#include <stdbool.h>
#include <stddef.h>
#define __bitwise
#define __force
#define __private
#define __always_inline inline __attribute__((__always_inline__))
#define ACCESS_PRIVATE(p, member) ((p)->member)
#define BITS_PER_LONG ((int)sizeof(long) * 8)
#define BIT(nr) (1UL << (nr))
#define BIT_WORD(nr) ((nr) / BITS_PER_LONG)
#define BIT_MASK(nr) (1UL << ((nr) % BITS_PER_LONG))
#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, n) unsigned long name[BITS_TO_LONGS(n)]
typedef unsigned long *map;
typedef const unsigned long *cmap;
static __always_inline void bitmap_or(map d, cmap a, cmap b, int n)
{
	for (int i = 0; i < BITS_TO_LONGS(n); i++)
		d[i] = a[i] | b[i];
}
static __always_inline void bitmap_andnot(map d, cmap a, cmap b, int n)
{
	for (int i = 0; i < BITS_TO_LONGS(n); i++)
		d[i] = a[i] & ~b[i];
}
static __always_inline bool bitmap_intersects(cmap a, cmap b, int n)
{
	unsigned long any = 0;
	for (int i = 0; i < BITS_TO_LONGS(n); i++)
		any |= a[i] & b[i];
	return any;
}
static __always_inline bool bitmap_subset(cmap a, cmap b, int n)
{
	unsigned long any = 0;
	for (int i = 0; i < BITS_TO_LONGS(n); i++)
		any |= a[i] & ~b[i];
	return !any;
}
#endif
"""

# Each flag, each pair and some triples of flags, on some words; N is the number of bits, W one word
# of at least as many. A flag from N on is no bit of the word: the semantics of VM_NONE.
PROGRAM = r"""
#include <linux/mm.h>
#include <stdio.h>
#include <string.h>

#define N NUM_VMA_FLAG_BITS
typedef unsigned __int128 W;
static const W all = N == 128 ? ~(W)0 : ((W)1 << (N % 128)) - 1;

static W bit(int b) { return b < N ? (W)1 << b : 0; }
static W word(vma_flags_t f) { W w = 0; memcpy(&w, &f, sizeof(f)); return w & all; }
static vma_flags_t set(W w) { vma_flags_t f; memcpy(&f, &w, sizeof(f)); return f; }
static int bad;
#define CHECK(x) do { if (!(x)) { bad++; printf("%d: %s\n", __LINE__, #x); } } while (0)

static void check(W w, int a, int b, int c)
{
	const W m = bit(a) | bit(b) | bit(c);
	const vma_flags_t mask = mk_vma_flags(a, b, c), f = set(w);
	const struct vm_area_desc cd = { .vma_flags = f };
	const struct vm_area_struct cv = { .flags = f };
	struct vm_area_desc d = cd, e = cd;
	struct vm_area_struct v = cv;
	vma_flags_t g = f, h = f, i = f, j = f;

	CHECK(word(mask) == m);
	CHECK(word(mk_vma_flags(c, a, b, a)) == m);
	CHECK(vma_flags_test(&f, a, b, c) == ((w & m) != 0));
	CHECK(vma_flags_test_mask(&f, mask) == ((w & m) != 0));
	CHECK(vma_flags_test_all(&f, a, b, c) == ((w & m) == m));
	CHECK(vma_flags_test_all_mask(&f, mask) == ((w & m) == m));
	CHECK(vma_flags_test(&f, a) == ((w & bit(a)) != 0));

	vma_flags_set(&g, a, b, c);
	CHECK(word(g) == (w | m));
	vma_flags_set_mask(&h, mask);
	CHECK(word(h) == (w | m));
	vma_flags_clear(&i, a, b, c);
	CHECK(word(i) == (w & ~m));
	vma_flags_clear_mask(&j, mask);
	CHECK(word(j) == (w & ~m));

	CHECK(vma_desc_test_flags(&cd, a, b, c) == ((w & m) != 0));
	CHECK(vma_desc_test_flags_mask(&cd, mask) == ((w & m) != 0));
	CHECK(vma_flags_test_all(&cd.vma_flags, a, b, c) == ((w & m) == m));
	vma_desc_set_flags(&d, a, b);
	vma_desc_set_flags_mask(&d, mask);
	CHECK(word(d.vma_flags) == (w | m));
	vma_desc_clear_flags(&d, a, b);
	CHECK(word(d.vma_flags) == ((w | m) & ~(bit(a) | bit(b))));
	vma_desc_clear_flags_mask(&e, mask);
	CHECK(word(e.vma_flags) == (w & ~m));

	CHECK(vma_test_all_flags(&cv, a, b, c) == ((w & m) == m));
	CHECK(vma_test_all_flags_mask(&cv, mask) == ((w & m) == m));
	vma_set_flags(&v, a);
	CHECK(word(v.flags) == (w | bit(a)));
	vma_set_flags_mask(&v, mask);
	CHECK(word(v.flags) == (w | m));
}

int main(void)
{
	W w = 1, words[8] = { 0, all, 1, (W)1 << (N - 1) };
	int a, b, i, calls = 0, pointer = 0;
	vma_flags_t once[2] = { EMPTY_VMA_FLAGS, EMPTY_VMA_FLAGS };

	CHECK(word(EMPTY_VMA_FLAGS) == 0);
	CHECK(word(VMA_REMAP_FLAGS) == (bit(14) | bit(10) | bit(18) | bit(26)));
	for (i = 4; i < 8; i++)
		for (a = 0; a < 128; a++) {
			w = w * 6364136223846793005u + 1442695040888963407u;
			words[i] = (words[i] << 1 | (w >> 63 & 1)) & all;
		}
	for (i = 0; i < 8 && !bad; i++)
		for (a = 0; a < N + 70; a++)
			for (b = 0; b < N + 70; b++)
				check(words[i], a, b, (a * 7 + b * 3 + i) % (N + 70));

	/* Bits and pointers are evaluated once. */
	vma_flags_set(&once[pointer++], calls++);
	CHECK(calls == 1 && pointer == 1 && word(once[0]) == 1 && word(once[1]) == 0);
	return bad != 0;
}
"""

CODE = """
#include <linux/mm.h>
_Bool word1(struct vm_area_desc *d) { return d->vm_flags & VM_SHARED; }
_Bool list1(struct vm_area_desc *d) { return vma_desc_test_flags(d, VMA_SHARED_BIT); }
_Bool word3(struct vm_area_desc *d) { return d->vm_flags & (VM_SHARED | VM_IO | VM_READ); }
_Bool list3(struct vm_area_desc *d)
{ return vma_desc_test_flags(d, VMA_SHARED_BIT, VMA_IO_BIT, VMA_READ_BIT); }
_Bool word8(struct vm_area_desc *d)
{ return d->vm_flags & (VM_SPECIAL | VM_SHARED | VM_READ | VM_DONTDUMP | BIT(27)); }
_Bool list8(struct vm_area_desc *d)
{
	return vma_desc_test_flags(d, VMA_IO_BIT, VMA_DONTEXPAND_BIT, VMA_PFNMAP_BIT,
				VMA_MIXEDMAP_BIT, VMA_SHARED_BIT, VMA_READ_BIT,
				VMA_DONTDUMP_BIT, VMA_SOFTDIRTY_BIT);
}
void wordset(struct vm_area_desc *d) { d->vm_flags |= VM_REMAP_FLAGS; }
void listset(struct vm_area_desc *d) { vma_desc_set_flags_mask(d, VMA_REMAP_FLAGS); }
void wordclear(struct vm_area_desc *d) { d->vm_flags &= ~(VM_READ | VM_IO | VM_SHARED); }
void listclear(struct vm_area_desc *d)
{ vma_desc_clear_flags(d, VMA_READ_BIT, VMA_IO_BIT, VMA_SHARED_BIT); }
"""


def compilable(folder: Path) -> Path:
    root = tree(folder)
    (root / "include/linux/bitmap.h").write_text(BITMAP_TEXT)
    write(root, add_helpers(root))
    return root


def gcc(root: Path, text: str, output: str, *options: str) -> Path:
    """Compile `text` against the tree's headers, without a warning."""
    assert GCC is not None
    (root / "program.c").write_text(text)
    command = [GCC, "-std=gnu11", "-Wall", "-Wextra", "-Wno-sign-compare", "-Werror"]
    command += [*options, "-I", "include", "program.c", "-o", output]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return root / output


def run(program: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program)], capture_output=True, text=True, timeout=120)


@needs_gcc
@pytest.mark.parametrize("bits", [32, 64, 128])
def test_helpers_agree_with_a_word(tmp_path: Path, bits: int) -> None:
    program = gcc(compilable(tmp_path), PROGRAM, "p", "-O2", f"-DNUM_VMA_FLAG_BITS={bits}")
    done = run(program)
    assert done.returncode == 0, done.stdout[:500]


@needs_gcc
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return bitmap_intersects(", "return bitmap_subset("),
        ("bitmap_andnot(bitmap", "bitmap_or(bitmap"),
        ("if (nr < NUM_VMA_FLAG_BITS)", "if (nr < NUM_VMA_FLAG_BITS - 1)"),
        ("return vma_flags_test_all_mask(&vma->flags", "return vma_flags_test_mask(&vma->flags"),
        ("vma_desc_test_flags_mask(desc, mk_vma_flags(__VA_ARGS__))", "(true)"),
    ],
)
def test_the_comparison_sees_a_wrong_helper(tmp_path: Path, old: str, new: str) -> None:
    root = compilable(tmp_path)
    text = (root / MM).read_text()
    assert text.count(old) == 1
    (root / MM).write_text(text.replace(old, new))
    options = ("-O2", "-Wno-unused-value", "-Wno-unused-parameter")
    assert run(gcc(root, PROGRAM, "p", *options)).returncode != 0


@needs_gcc
@pytest.mark.parametrize("optimised", ["-O2", "-Os"])
def test_a_list_compiles_to_what_a_word_does(tmp_path: Path, optimised: str) -> None:
    options = ("-S", optimised, "-fno-asynchronous-unwind-tables", "-fcf-protection=none")
    code = gcc(compilable(tmp_path), CODE, "p.s", *options).read_text()
    bodies: dict[str, list[str]] = {}
    for line in code.splitlines():
        if label := re.match(r"(\w+):", line):
            body = bodies.setdefault(label[1], [])
        elif line.startswith("\t") and not line.startswith("\t."):
            body.append(line)
    for name in ("1", "3", "8", "set", "clear"):
        assert bodies[f"word{name}"] == bodies[f"list{name}"], name
        assert len(bodies[f"word{name}"]) < 10


# --- Real trees -------------------------------------------------------------------------------


@needs_kernel
def test_v6_19_gets_the_helpers_and_loses_the_field(tmp_path: Path) -> None:
    for path in (MM, TYPES, UNROLL, TEST_HEADER, TEST):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(V6_19 / path, tmp_path / path)
    added = write(tmp_path, add_helpers(tmp_path))
    assert [file.path for file in added] == [TYPES, MM, TEST_HEADER, TEST]
    generation = detect(tmp_path)
    # v6.19 has the atomic pair, under the names from before the series.
    assert (generation.name, generation.absent()) == ("v7.0", ())
    assert add_helpers(tmp_path) == ()

    removed = write(tmp_path, remove_legacy_field(tmp_path))
    assert [file.path for file in removed] == [TYPES, TEST_HEADER]
    fields = descriptor_fields(tmp_path)
    assert (fields.vm_flags, fields.union, fields.vma_flags is None) == (None, False, False)
    assert remove_legacy_field(tmp_path) == ()


def test_a_later_tree_gets_nothing() -> None:
    root = beside("v7.2")
    if not (root / TYPES).is_file():
        pytest.skip("no v7.2 tree beside the one that VMACONV_KERNEL names")
    assert add_helpers(root) == ()
    assert remove_legacy_field(root) == ()


@needs_gcc
@needs_kernel
@pytest.mark.skipif(
    not [*Path("/usr/include").glob("urcu.h"), *Path("/usr/include").glob("*/urcu.h")],
    reason="liburcu-dev is not installed",
)
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_kernel_s_own_userland_tests_pass(tmp_path: Path) -> None:
    parts = ["tools/testing/vma", "tools/testing/shared", "tools/include", "tools/lib"]
    parts += ["tools/arch", "tools/scripts", "tools/build", "include/linux", "lib"]
    parts += [f"mm/{name}" for name in ("vma.c", "vma.h", "vma_init.c", "vma_exec.c")]
    sources = [f"./{part}" for part in parts]
    copied = subprocess.run(["cp", "-r", "--parents", *sources, str(tmp_path)], cwd=V6_19)
    assert copied.returncode == 0
    before = (tmp_path / TEST).read_text().count("\tTEST(")
    write(tmp_path, add_helpers(tmp_path))
    folder = tmp_path / "tools/testing/vma"
    built = subprocess.run(
        ["make", "-s", "-C", str(folder)], capture_output=True, text=True, timeout=300
    )
    assert built.returncode == 0, built.stderr[-2000:]
    assert "warning" not in built.stderr
    done = run(folder / "vma")
    assert done.stdout == f"{before + 6} tests run, {before + 6} passed, 0 failed.\n", done.stderr
