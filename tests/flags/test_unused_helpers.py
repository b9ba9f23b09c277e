# SPDX-License-Identifier: GPL-2.0-only
"""Helpers that nothing is going to use are not added, nor are their tests."""

from __future__ import annotations

import re

import pytest

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.flags.helpers.helper_patch import FileEdits
from vmaconv.flags.helpers.texts import read_text
from vmaconv.flags.helpers.unused import without_unused

CALLS = b"\n" + b"".join(
    b"\tTEST(%s);\n" % name for name in re.findall(rb"static bool test_(\w+)\(", read_text("vma.c"))
)


def added(*used: bytes) -> tuple[bytes, bytes, bytes]:
    """Return helpers, tests and calls of tests that are added where some names are used."""
    texts = (read_text("mm.h"), read_text("vma.c"), CALLS)
    edits = tuple(Edit(0, 0, text, "add the flag helpers") for text in texts)
    ((file),) = without_unused([FileEdits("x", b"", edits)], used)
    mine, tests, calls = (edit.text for edit in file.edits)
    return mine, tests, calls


def helpers(text: bytes) -> set[str]:
    return {name.decode() for name in re.findall(rb"/\*\*\n \* (\w+) - ", text)}


def test_what_is_used_brings_what_it_builds_on() -> None:
    text, tests, calls = added(b"vma_desc_set_flags", b"vma_desc_test_flags", b"vma_flags_clear")
    names = helpers(text)
    assert {"vma_desc_set_flags", "vma_desc_set_flags_mask", "vma_flags_set_mask"} <= names
    assert "mk_vma_flags" in names
    assert not [name for name in names if name.startswith(("vma_set", "vma_test"))]
    assert b"__mk_vma_flags(const" in text and text.count(b"/**\n") == len(names)
    assert b"vma_set_flags" not in tests and b"vma_test_all_flags" not in tests + calls
    assert b"\tTEST(vma_flags_set_clear);\n" in calls and b"TEST(vma_flags_vma_set)" not in calls


def test_all_is_added_where_all_is_used() -> None:
    text, tests, calls = added(b"vma_set_flags", b"vma_test_all_flags_mask", b"vma_desc_set_flags")
    assert text == read_text("mm.h")
    assert tests == read_text("vma.c") and calls == CALLS


@pytest.mark.parametrize("used", [b"vma_set_flags", b"vma_test_all_flags", b"vma_flags_test"])
def test_what_stays_is_whole(used: bytes) -> None:
    """No helper that stays names one that went; each test that stays is called, and no other."""
    text, tests, calls = added(used)
    gone = helpers(read_text("mm.h")) - helpers(text)
    assert gone and used.decode() in helpers(text)
    assert not gone & {word.decode() for word in re.findall(rb"\w+", text.partition(b"/**\n")[2])}
    assert not gone & {word.decode() for word in re.findall(rb"\w+", tests)}
    wanted = set(re.findall(rb"static bool test_(\w+)\(void\)\n", tests))
    assert set(re.findall(rb"TEST\((\w+)\)", calls)) == wanted and wanted
