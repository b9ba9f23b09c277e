# SPDX-License-Identifier: GPL-2.0-only
"""The second way of counting, and what happens where it differs from the account."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import copy_kernel, run

from vmaconv.convert import tree_conversion as conversion
from vmaconv.uses import member_uses as uses
from vmaconv.uses.text_count import count_uses


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"d->vm_flags", 1),
        (b"d.vm_flags |= d->vm_flags;", 2),
        (b"{ .vm_flags = 1 }", 1),
        (b"d->\n\tvm_flags", 1),
        (b"#define F(d) \\\n\t((d)->\\\n\tvm_flags)", 1),
        (b"d->vm_flags_t + d->xvm_flags + vm_flags", 0),
        (b"/* d->vm_flags\n */ // d->vm_flags\n", 0),
        (b"// d->vm_flags \\\n d->vm_flags\nd->vm_flags", 1),
        (b'"d->vm_flags \\" d->vm_flags" + d->vm_flags', 1),
        (b"'\"' + d->vm_flags + '\"'", 1),
        (b"#error don't\nd->vm_flags", 1),
        (b"d->vm_flags /* open", 1),
    ],
)
def test_members_are_counted_outside_comments_and_literals(text: bytes, count: int) -> None:
    assert count_uses(text, b"vm_flags") == count


def test_a_use_that_the_account_misses_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = copy_kernel(tmp_path / "kernel")

    def short(*words: object) -> uses.FileUses:
        found = uses.find(*words)  # type: ignore[arg-type]
        found.uses = found.uses[1:]
        return found

    monkeypatch.setattr(conversion, "find", short)
    done = run("scan", tree, "mm/memory.c", "-j1")
    assert "mm/memory.c: the text holds 1 use more than this account" in done.err
    assert run("scan", tree, "mm/memory.c", "-j1", "--strict").code == 1
