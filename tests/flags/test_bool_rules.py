# SPDX-License-Identifier: GPL-2.0-only
"""Rules that a person would write first: a test that gives a bool, for a masked word.

In: such a rule, and expressions in which a word's value or only its truth counts. Out: the former
are left, with the reason that the rules that ship give.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import KERNEL, run

HEAD = """\
#include <linux/mm.h>

bool may_do(struct vm_area_struct *vma, vma_flag_t bit);
unsigned long masked_by(struct vm_area_struct *vma, vma_flag_t bit);
#define asks(vma, bit) may_do(vma, bit)
int take(unsigned long n);
int take_bool(bool b);

"""


def converted(tmp_path: Path, plus: str, statement: str) -> tuple[str, str]:
    """Return the statement as the rule leaves it, and what is said of it."""
    tree, rules = tmp_path / "tree", tmp_path / "own.cocci"
    (tree / "mm").mkdir(parents=True)
    shutil.copytree(KERNEL / "include", tree / "include")
    text = f"{HEAD}unsigned long f(struct vm_area_struct *vma, int n)\n{{\n\t{statement}\n}}\n"
    (tree / "mm/a.c").write_text(text)
    rules.write_text(
        "// Test through the helper\n//\n// Account: struct vm_area_struct.vm_flags\n\n"
        f"@@\nstruct vm_area_struct *V;\nflag F;\n@@\n- V->vm_flags & F\n+ {plus}\n"
    )
    done = run("apply", tree, "mm/a.c", "--rules", rules, "--force")
    assert done.code == 0, done.err
    return (tree / "mm/a.c").read_text().split("\t", 1)[1].rsplit("\n}", 1)[0], done.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if (vma->vm_flags & VM_READ)\n\t\tn++;", "if (CALL)\n\t\tn++;"),
        ("return !(vma->vm_flags & VM_READ);", "return !CALL;"),
        ("bool b = vma->vm_flags & VM_READ;", "bool b = CALL;"),
        ("return n && (vma->vm_flags & VM_READ);", "return n && CALL;"),
        ("return (vma->vm_flags & VM_READ) ? n : 0;", "return CALL ? n : 0;"),
        ("return (vma->vm_flags & VM_READ) != 0;", "return CALL != 0;"),
        ("return VM_NONE == (vma->vm_flags & VM_READ);", "return VM_NONE == CALL;"),
        ("return take_bool(vma->vm_flags & VM_READ);", "return take_bool(CALL);"),
    ],
)
def test_where_only_the_truth_counts(tmp_path: Path, before: str, after: str) -> None:
    text, said = converted(tmp_path, "vma_test(V, F)", before)
    assert text == after.replace("CALL", "vma_test(vma, VMA_READ_BIT)")
    assert "not applied" not in said


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("return (vma->vm_flags & VM_MAYSHARE) != VM_MAYSHARE;", "is compared with VM_MAYSHARE"),
        ("return VM_READ == (vma->vm_flags & VM_READ);", "is compared with VM_READ"),
        ("return (vma->vm_flags & VM_READ) > n;", "is compared with n"),
        ("unsigned long w = vma->vm_flags & VM_READ;", "the variable w takes the masked word"),
        ("return take(vma->vm_flags & VM_READ);", "take() takes the masked word"),
        ("return vma->vm_flags & VM_READ;", "the function's result takes the masked word"),
        ("return (vma->vm_flags & VM_READ) >> 1;", "takes the masked word"),
        ("n |= vma->vm_flags & VM_READ;", "n takes the masked word"),
    ],
)
@pytest.mark.parametrize("plus", ["vma_test(V, F)", "!may_do(V, F)", "asks(V, F)", "V && n"])
def test_where_the_word_itself_counts(tmp_path: Path, plus: str, before: str, why: str) -> None:
    """The result's type is known of a helper, a function, a macro for one, and an operator."""
    text, said = converted(tmp_path, plus, before)
    assert text == before
    assert "mm/a.c:11: rule starting on line 5 not applied: " in said and why in said
    assert "0 uses converted" in said and "1 left to a person" in said


def test_what_gives_a_word_goes_where_a_word_is_wanted(tmp_path: Path) -> None:
    text, _ = converted(tmp_path, "masked_by(V, F)", "return take(vma->vm_flags & VM_READ);")
    assert text == "return take(masked_by(vma, VMA_READ_BIT));"


@pytest.mark.parametrize(
    ("body", "is_warned"),
    [
        ("- V->vm_flags & F\n+ vma_test(V, F)\n", True),
        ("- (V->vm_flags & F)\n+ vma_desc_test_flags(V, F)\n", True),
        ("- V->vm_flags & F\n+ !is_set(V, F)\n", True),
        ("- (V->vm_flags & F) == F\n+ vma_test(V, F)\n", False),
        ("- V->vm_flags & F\n+ bits_of(V, F)\n", False),
        ("- V->vm_flags | F\n+ vma_test(V, F)\n", False),
        ("  if (\n- V->vm_flags & F\n+ vma_test(V, F)\n  ) return ...;\n", False),
    ],
)
def test_the_checker_warns(tmp_path: Path, body: str, is_warned: bool) -> None:
    rules = tmp_path / "own.cocci"
    rules.write_text(f"@@\nstruct vm_area_struct *V;\nflag F;\n@@\n{body}")
    done = run("rules", "check", rules)
    assert done.code == 0, done.err
    assert ("is a bool where a masked word stood" in done.err) == is_warned
    if is_warned:
        assert f"{rules}:6:3: " in done.err


@pytest.mark.parametrize("name", ["vma-desc", "vma-words"])
def test_the_rules_that_ship_need_no_warning(name: str) -> None:
    assert "masked word stood" not in run("rules", "check", name).err
