# SPDX-License-Identifier: GPL-2.0-only
"""Verdicts on small changes: a folder for each, with the text before, the text after, the verdicts.

The texts stand in the fixtures' tree as mm/quill.c, and see its headers.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from command_line import KERNEL

from vmaconv.prove.prover import prove
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced
from vmaconv.prove.verdict import Judgement, Proof, Verdict

CASES = Path(__file__).parent / "cases"
PATH = "mm/quill.c"


def proof(before: bytes, after: bytes) -> Proof:
    """Return the verdicts on a change of one file."""
    base = Folder(KERNEL)
    sides = (Replaced(base, {PATH: before}), Replaced(base, {PATH: after}))
    return prove(TreePair(sides[0], sides[1], ((PATH, PATH),), ""))


def verdicts(before: bytes, after: bytes) -> dict[str, Judgement]:
    """Return the verdicts by function; of several on one, that it differs."""
    found: dict[str, Judgement] = {}
    for judgement in proof(before, after).judgements:
        if judgement.verdict is Verdict.DIFFERS or judgement.function not in found:
            found[judgement.function] = judgement
    return found


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_the_verdict_is_the_expected_one(case: Path) -> None:
    expected = tomllib.loads((case / "verdict.toml").read_text("utf-8"))
    found = verdicts((case / "before.c").read_bytes(), (case / "after.c").read_bytes())
    for function, wanted in expected.items():
        judgement = found[function]
        assert judgement.verdict.value == wanted["verdict"], judgement
        assert wanted.get("reason", "") in judgement.reason


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_nothing_is_judged_where_nothing_changed(case: Path) -> None:
    text = (case / "before.c").read_bytes()
    assert not proof(text, text).judgements


def test_an_example_says_flags_configuration_and_both_lines() -> None:
    case = CASES / "flag-of-other-configurations"
    found = verdicts((case / "before.c").read_bytes(), (case / "after.c").read_bytes())
    example = found["quill_prepare"].example
    assert example is not None
    assert "CONFIG_PARISC=n" in example.configuration
    assert any(line.startswith("desc->vm_flags = VM_") for line in example.flags)
    assert (example.before.line, example.after.line) == (6, 6)
    assert (example.before.value, example.after.value) == ("false", "true")


_HEADER = b"""#ifdef CONFIG_QUILL
int quill_reserve(struct vm_area_desc *desc, int n);
#else
static inline int quill_reserve(struct vm_area_desc *desc, int n)
{
	return desc->vm_flags & VM_IO ? n : 0;
}
#endif
"""


def test_a_stub_for_other_configurations_hides_nothing() -> None:
    """The prototype beside the stub is what the configuration that matters here compiles."""
    before = b"""#include <linux/mm.h>

#ifdef CONFIG_QUILL
int quill_prepare(struct vm_area_desc *desc)
{
	if (desc->vm_flags & VM_EXEC)
		return -EACCES;
	return quill_reserve(desc, 1) + !(desc->vm_flags & VM_READ);
}
#endif
"""
    after = before.replace(b"desc->vm_flags & VM_EXEC", b"vma_desc_test_flags(desc, VMA_EXEC_BIT)")
    wrong = b"vma_desc_test_flags(desc, VMA_WRITE_BIT)"
    after = after.replace(b"(desc->vm_flags & VM_READ)", wrong)
    base = Replaced(Folder(KERNEL), {"include/linux/quill.h": _HEADER})
    sides = (Replaced(base, {PATH: before}), Replaced(base, {PATH: after}))
    found = prove(TreePair(sides[0], sides[1], ((PATH, PATH),), ""))
    assert [j.verdict for j in found.judgements] == [Verdict.DIFFERS]


_PROTECTIONS = b"""#ifdef CONFIG_QUILL
int quill_made(vm_flags_t flags);

static inline int quill_of_word(vm_flags_t flags)
{
	return quill_made(flags);
}
static inline int quill_of(const struct vm_area_desc *desc)
{
	return quill_of_word(desc->vm_flags);
}
#else
static inline int quill_of_word(vm_flags_t flags)
{
	return 7;
}
static inline int quill_of(const struct vm_area_desc *desc)
{
	return %d;
}
#endif
"""


@pytest.mark.parametrize(("number", "verdict"), [(7, Verdict.PROVEN), (8, Verdict.DIFFERS)])
def test_a_helper_that_asks_for_flags_in_some_configurations_only_is_looked_into(
    number: int, verdict: Verdict
) -> None:
    before = b"""#include <linux/mm.h>

int quill_prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_IO;
	return quill_of_word(desc->vm_flags);
}
"""
    after = before.replace(b"quill_of_word(desc->vm_flags)", b"quill_of(desc)")
    base = Replaced(Folder(KERNEL), {"include/linux/quill.h": _PROTECTIONS % number})
    sides = (Replaced(base, {PATH: before}), Replaced(base, {PATH: after}))
    found = prove(TreePair(sides[0], sides[1], ((PATH, PATH),), ""))
    assert [j.verdict for j in found.judgements] == [verdict]


@pytest.mark.parametrize("number", [b"BIT(0)", b"(1 << 0)", b"0x1U", b"BIT_ULL( 0 )"])
def test_what_a_constant_of_another_header_stands_for_is_known(number: bytes) -> None:
    """One that no header of flags defines, and that only one side has."""
    before = b"""#include <linux/mm.h>

int quill_how(struct vm_area_desc *desc)
{
	return desc->vm_flags & VM_IO ? QUILL_F_LAZY : 0;
}
"""
    after = before.replace(b"desc->vm_flags & VM_IO", b"vma_desc_test_flags(desc, VMA_IO_BIT) && 0")
    header = b"#define QUILL_F_LAZY %s /* not yet */\n" % number
    base = Replaced(Folder(KERNEL), {"include/linux/quill.h": header})
    sides = (Replaced(base, {PATH: before}), Replaced(base, {PATH: after}))
    found = prove(TreePair(sides[0], sides[1], ((PATH, PATH),), ""))
    assert [j.verdict for j in found.judgements] == [Verdict.DIFFERS]


def test_a_constant_of_another_driver_is_another_one() -> None:
    """What was learned for the first file says nothing of the second."""
    before = b"""#include <linux/mm.h>

int quill_how(struct vm_area_desc *desc)
{
	return desc->vm_flags & VM_IO ? QUILL_F_LAZY : 0;
}
"""
    after = before.replace(b"desc->vm_flags & VM_IO", b"vma_desc_test_flags(desc, VMA_IO_BIT)")
    after = after.replace(b"QUILL_F_LAZY", b"1")
    paths = {"drivers/nib/nib.c": b"1", "drivers/pen/pen.c": b"2"}
    headers = {
        path.replace(".c", ".h"): b"#define QUILL_F_LAZY %s\n" % number
        for path, number in paths.items()
    }
    base = Replaced(Folder(KERNEL), headers)
    sides = (
        Replaced(base, dict.fromkeys(paths, before)),
        Replaced(base, dict.fromkeys(paths, after)),
    )
    found = prove(TreePair(sides[0], sides[1], tuple((path, path) for path in paths), ""))
    assert [j.verdict for j in found.judgements] == [Verdict.PROVEN, Verdict.DIFFERS]
