# SPDX-License-Identifier: GPL-2.0-only
"""Flags that are handed on, migrated row by row of the table, and run before and after.

In: `handed_on.c`, in the headers of `fixtures/kernel-7` with the helpers that flags by themselves have.
Out: that every signature and variable in it turns, and that each function does what it did in every
configuration that the headers can tell apart.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_words import CONFIGURATIONS, HERE, KERNEL, compiled, flags, with_gcc

from vmaconv.migrate.migration import migrate
from vmaconv.migrate.recipe import read_recipe

WORD = HERE.parent / "migrate" / "word"
SOURCE = "mm/handed_on.c"


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The tree as it is, and migrated."""
    before = tmp_path_factory.mktemp("handed") / "before"
    shutil.copytree(KERNEL / "include", before / "include")
    header = before / "include/linux/mm.h"
    text = header.read_text()
    end = text.rindex("#endif /* _LINUX_MM_H */")
    header.write_text(text[:end] + (WORD / "helpers.h").read_text() + "\n" + text[end:])
    (before / "mm").mkdir()
    shutil.copy(HERE / "handed_on.c", before / SOURCE)
    after = before.with_name("after")
    shutil.copytree(before, after)
    for path, (_, new) in migrate(after, read_recipe(WORD / "word.toml")).final().items():
        (after / path).write_bytes(new)
    return before, after


def test_every_signature_and_variable_turns(trees: tuple[Path, Path]) -> None:
    text = (trees[1] / SOURCE).read_text()
    assert "vm_flags_t" not in text
    assert "legacy" not in text
    for helper in re.findall(r"\bvma_flags_\w+(?=\()", (WORD / "helpers.h").read_text()):
        assert helper == "vma_flags_to_legacy" or helper in text, helper


@with_gcc
@pytest.mark.parametrize(
    ("symbols", "wide"),
    [pytest.param(symbols, wide, id=name) for name, symbols, wide in CONFIGURATIONS],
)
def test_same_behaviour(
    trees: tuple[Path, Path], symbols: tuple[str, ...], wide: bool, tmp_path: Path
) -> None:
    objects = [compiled(tree, [SOURCE], symbols, wide, tmp_path, f"{tree.name}_") for tree in trees]
    source = (trees[0] / SOURCE).read_text()
    names = re.findall(r"^int (\w+)\(struct vm_area_struct \*vma\)", source, re.MULTILINE)
    assert len(names) > 10
    (tmp_path / "pairs.h").write_text("".join(f"PAIR({name})\n" for name in names))
    program = tmp_path / "compare"
    link = ["gcc", *flags(KERNEL, symbols, wide), "-I", str(tmp_path), "-nostdlib", "-static"]
    link += ["-no-pie", str(HERE / "compare.c"), *map(str, objects), "-o", str(program)]
    done = subprocess.run(link, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code = subprocess.run([program], check=False).returncode
    assert code == 0, f"{names[code - 1]}() is not what it was" if code > 0 else f"signal {-code}"
