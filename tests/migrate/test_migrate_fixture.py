# SPDX-License-Identifier: GPL-2.0-only
"""The fixture tree, migrated: it compiles after each group and does what it did before.

In: `fixtures/kernel`, the drivers in `behaviour/`, gcc. Out: that every C file compiles in every
configuration after every group; that with the helpers said as words, a migrated file's machine
code is the original's; and that the drivers print the same before and after, for every subset of
the flags that their functions look at. None of this asks the program what it did.
"""

# The C text below has tabs, as C has.
# ruff: noqa: E101, W191
from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from migrate_trees import FIXTURES, KERNEL, run, write

from vmaconv.migrate.migration import Migration

GCC = shutil.which("gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="gcc is not installed")

DRIVERS = Path(__file__).with_name("behaviour")
SKIPPED_TEXT = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
STRICT = ["-std=gnu11", "-nostdinc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
HEADERS = ["-I", "include", "-include", "linux/types.h"]
X86 = [f"-DCONFIG_{s}=1" for s in ("MMU", "64BIT", "HUGETLB_PAGE", "SHMEM", "DAX")]


def sources(suffix: str = ".c") -> list[str]:
    return sorted(p.relative_to(KERNEL).as_posix() for p in KERNEL.rglob(f"*{suffix}"))


def configs(file: str) -> Iterator[tuple[str, ...]]:
    """List what a file is compiled with, as fixtures/configs.toml says."""
    table = tomllib.loads((FIXTURES / "configs.toml").read_text("utf-8"))
    places = [KERNEL / file, *(KERNEL / file).parent.glob("*.h")]
    texts = (SKIPPED_TEXT.sub(b" ", path.read_bytes()) for path in places)
    found = {s.decode() for text in texts for s in re.findall(rb"\bCONFIG_(\w+)", text)}
    own = sorted(found - {symbol for base in table["bases"].values() for symbol in base})
    needs = [
        need
        for place, symbols in table["only"].items()
        if file == place or (place.endswith("/") and file.startswith(place))
        for need in symbols
    ]
    for base in table["bases"].values():
        if all((need.lstrip("!") in base) != need.startswith("!") for need in needs):
            for size in range(len(own) + 1):
                for extra in itertools.combinations(own, size):
                    yield (*base, *extra)


def gcc(tree: Path, *arguments: str | Path) -> bytes:
    assert GCC is not None
    done = subprocess.run([GCC, *arguments], cwd=tree, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


@pytest.fixture(scope="session")
def migration() -> Migration:
    return run(KERNEL)


@pytest.fixture(scope="session")
def migrated(migration: Migration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("migrated") / "kernel"
    shutil.copytree(KERNEL, tree)
    write(tree, migration)
    return tree


@needs_gcc
def test_compiles_after_each_group(migration: Migration, tmp_path: Path) -> None:
    tree = tmp_path / "kernel"
    shutil.copytree(KERNEL, tree)
    for group in migration.groups:
        for path, (before, after) in group.changes.items():
            assert (tree / path).read_bytes() == before
            (tree / path).write_bytes(after)
        is_header = any(path.endswith(".h") for path in group.changes)
        for file in sources() if is_header else group.changes:
            for config in configs(file):
                defines = [f"-DCONFIG_{symbol}=1" for symbol in config]
                gcc(tree, *STRICT, "-fsyntax-only", *HEADERS, *defines, file)


# The functions whose parameter became a bool: what they are handed is another value, so their
# callers' and their own code differs. The drivers cover them.
NARROWED = {"mm/mlock.c", "mm/heap.c", "mm/vault.c"}

WORD_HELPERS = """
#define WORD_1(a)		BIT(a)
#define WORD_2(a, ...)		(BIT(a) | WORD_1(__VA_ARGS__))
#define WORD_3(a, ...)		(BIT(a) | WORD_2(__VA_ARGS__))
#define WORD_4(a, ...)		(BIT(a) | WORD_3(__VA_ARGS__))
#define WORD_5(a, ...)		(BIT(a) | WORD_4(__VA_ARGS__))
#define WORD_6(a, ...)		(BIT(a) | WORD_5(__VA_ARGS__))
#define WORD_7(a, ...)		(BIT(a) | WORD_6(__VA_ARGS__))
#define WORD_PICK(a, b, c, d, e, f, g, name, ...)	name
#define mk_vma_flags(...)						\\
	WORD_PICK(__VA_ARGS__, WORD_7, WORD_6, WORD_5, WORD_4, WORD_3,	\\
		  WORD_2, WORD_1, )(__VA_ARGS__)
#undef EMPTY_VMA_FLAGS
#define EMPTY_VMA_FLAGS				0
#define VMA_REMAP_FLAGS				VM_REMAP_FLAGS
#define vma_flags_test_mask(f, m)		((*(f) & (m)) != 0)
#define vma_flags_test_all_mask(f, m)		((*(f) & (m)) == (m))
#define vma_flags_set_mask(f, m)		((void)(*(f) |= (m)))
#define vma_flags_clear_mask(f, m)		((void)(*(f) &= ~(m)))
#define vma_flags_test(f, ...)			vma_flags_test_mask(f, mk_vma_flags(__VA_ARGS__))
#define vma_flags_test_all(f, ...)		vma_flags_test_all_mask(f, mk_vma_flags(__VA_ARGS__))
#define vma_flags_set(f, ...)			vma_flags_set_mask(f, mk_vma_flags(__VA_ARGS__))
#define vma_flags_clear(f, ...)			vma_flags_clear_mask(f, mk_vma_flags(__VA_ARGS__))
#define vma_set_flags_mask(vma, m)		vma_flags_set_mask(&(vma)->flags, m)
#define vma_desc_test_flags_mask(d, m)		vma_flags_test_mask(&(d)->vma_flags, m)
#define vma_desc_set_flags_mask(d, m)		vma_flags_set_mask(&(d)->vma_flags, m)
#define vma_desc_clear_flags_mask(d, m)		vma_flags_clear_mask(&(d)->vma_flags, m)
#define vma_desc_test_flags(d, ...)		vma_flags_test(&(d)->vma_flags, __VA_ARGS__)
#define vma_desc_set_flags(d, ...)		vma_flags_set(&(d)->vma_flags, __VA_ARGS__)
#define vma_desc_clear_flags(d, ...)		vma_flags_clear(&(d)->vma_flags, __VA_ARGS__)

"""


def with_words(tree: Path, copy: Path) -> Path:
    """Copy a tree and make the bitmap a word there: its type, and every helper."""
    shutil.copytree(tree, copy)
    types = copy / "include/linux/mm_types.h"
    text = types.read_text()
    struct = re.compile(r"typedef struct \{\n\tDECLARE_BITMAP[^}]*\} __private vma_flags_t;")
    text, count = struct.subn("typedef unsigned long vma_flags_t;", text)
    assert count == 1
    legacy = re.compile(r"static [^;]*vma_flags_to_legacy\([^}]*\}")
    types.write_text(legacy.sub("#define vma_flags_to_legacy(flags) (flags)", text))
    header = copy / "include/linux/mm.h"
    text = header.read_text()
    start = text.index("/* A list of bits ends with this")
    end = text.index("static inline void vm_flags_set(")
    header.write_text(text[:start] + WORD_HELPERS + text[end:])
    bug = copy / "include/linux/bug.h"
    # A conversion may move lines; the number of a line is nothing that it must keep.
    bug.write_text(bug.read_text().replace("warn_here(__FILE__, __LINE__)", 'warn_here("", 0)'))
    return copy


@pytest.fixture(scope="session")
def worded(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("worded")
    return with_words(KERNEL, folder / "before"), with_words(migrated, folder / "after")


@needs_gcc
@pytest.mark.parametrize("file", [f for f in sources() if f not in NARROWED])
def test_means_what_the_original_meant(file: str, worded: tuple[Path, Path]) -> None:
    for config in configs(file):
        defines = [f"-DCONFIG_{symbol}=1" for symbol in config]
        options = ["-std=gnu11", "-nostdinc", "-w", "-O2", "-S", "-o", "-", *HEADERS, *defines]
        before, after = (
            re.sub(rb"\.L[A-Z]*\d+", b".L", gcc(tree, *options, file)) for tree in worded
        )
        assert before == after, config


@needs_gcc
@pytest.mark.parametrize("driver", sorted(p.name for p in DRIVERS.glob("*.c")))
def test_does_what_the_original_did(driver: str, migrated: Path, tmp_path: Path) -> None:
    printed: list[bytes] = []
    for name, tree in (("before", KERNEL), ("after", migrated)):
        program = tmp_path / name
        options = ["-std=gnu11", "-nostdinc", "-w", "-O1", *HEADERS, *X86, "-I", "."]
        gcc(tree, *options, DRIVERS / driver, "-o", program)
        done = subprocess.run([program], capture_output=True, timeout=60, check=True)
        printed.append(done.stdout)
    before, after = printed
    assert len(set(before.splitlines())) > 20, "the driver shows next to nothing"
    assert before == after


def test_a_wrong_conversion_would_be_seen(migrated: Path, tmp_path: Path) -> None:
    """The drivers and the comparison of code can fail."""
    if GCC is None:
        pytest.skip("gcc is not installed")
    tree = tmp_path / "kernel"
    shutil.copytree(migrated, tree)
    path = tree / "drivers/dax/harbour.c"
    text = path.read_text()
    assert "VMA_MAYSHARE_BIT" in text
    path.write_text(text.replace("VMA_MAYSHARE_BIT", "VMA_SHARED_BIT"))
    with pytest.raises(AssertionError):
        test_does_what_the_original_did("harbour.c", tree, tmp_path)


def test_nothing_outside_the_plan_is_touched(migration: Migration) -> None:
    planned = {step.path for step in migration.trial.steps}
    added = {"include/linux/mm_types.h"}
    assert set(migration.final()) <= planned | added


def test_second_run_changes_nothing_more(migrated: Path) -> None:
    again = run(migrated)
    assert again.final() == {}


def test_goes_on_from_the_middle(migration: Migration, migrated: Path, tmp_path: Path) -> None:
    """A tree that has some of the groups already is brought to the same end."""
    tree = tmp_path / "kernel"
    shutil.copytree(KERNEL, tree)
    for group in migration.groups:
        for path, (_, after) in group.changes.items():
            (tree / path).write_bytes(after)
        rest = run(tree).final()
        for path in {*rest, *migration.final()}:
            text = rest[path][1] if path in rest else (tree / path).read_bytes()
            assert text == (migrated / path).read_bytes(), f"after {group.title}: {path}"
