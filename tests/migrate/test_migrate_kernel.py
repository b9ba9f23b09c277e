# SPDX-License-Identifier: GPL-2.0-only
"""Plain Linux v6.19, migrated and counted a second way: by the text alone.

In: a kernel tree, where `VMACONV_KERNEL` names one. Out: that no use of the
legacy field is left, that every call of every changed function is changed, and nothing else.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from functools import cache

import pytest
from kernels import KERNEL, MISSING
from migrate_trees import run

from vmaconv.migrate.facts.entity import Parameter, ReturnValue
from vmaconv.migrate.migration import Migration

TREE = KERNEL
SKIPPED = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)

pytestmark = pytest.mark.skipif(
    not (TREE / ".git").exists() or "SUBLEVEL = 0\n" not in (TREE / "Makefile").read_text()[:200],
    reason=MISSING,
)


def grep(words: Iterable[str]) -> list[str]:
    """List, by git grep, the C files outside tools/ that have one of the words."""
    command = ["git", "-C", str(TREE), "grep", "-l", "-w", "-F"]
    for word in words:
        command += ["-e", word]
    command += ["--", "*.[ch]", ":!tools"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture(scope="module")
def migration() -> Migration:
    return run(TREE)


@cache
def code_of(path: str) -> bytes:
    return code((TREE / path).read_bytes())


def code(text: bytes) -> bytes:
    """Put spaces for comments and strings, so that every offset stays true."""
    return SKIPPED.sub(lambda m: re.sub(rb"[^\n]", b" ", m.group()), text)


def test_no_use_is_left(migration: Migration) -> None:
    assert migration.left == []
    assert migration.removal == ""
    # Where a variable is called desc, the text alone tells.
    wanted = re.compile(rb"\bdesc(?:->|\.)vm_flags\b")
    final = migration.final()
    was_there = 0
    for path in grep(["vm_flags"]):
        before, after = final.get(path, (code_of(path),) * 2)
        was_there += len(wanted.findall(code(before)))
        assert wanted.search(code(after)) is None, path
    # All that the scan counts are called desc, but for what no name tells.
    assert was_there >= 40
    types = final["include/linux/mm_types.h"][1]
    struct = types[types.index(b"struct vm_area_desc {") :]
    assert b"vm_flags_t" not in struct[: struct.index(b"\n};")]


def test_every_caller_of_every_changed_function_is_changed(migration: Migration) -> None:
    """Each line that names a changed function's parameter list is looked at, by name alone."""
    final = migration.final()
    changed = {
        e.function
        for e in (*migration.trial.migrating, *migration.trial.narrowed)
        if isinstance(e, Parameter | ReturnValue)
    }
    assert len(changed) > 12
    edited: dict[str, list[int]] = {}
    for step in migration.trial.steps:
        edited.setdefault(step.path, []).append(step.edit.start)
    everywhere = grep(sorted(str(f) for f in changed if not f.file))
    for function in changed:
        name = re.compile(rb"\b" + re.escape(function.name) + rb"\s*\(")
        for path in [function.file] if function.file else everywhere:
            text = code_of(path)
            for match in name.finditer(text):
                depth, at = 1, match.end()
                while depth:
                    depth += {b"(": 1, b")": -1}.get(text[at : at + 1], 0)
                    at += 1
                inside = any(match.end() <= o < at for o in edited.get(path, ()))
                variable = passes_a_migrated_variable(migration, path, text[match.end() : at])
                assert inside or variable, f"{path}: {text[match.start() : at]!r}"
        assert function.file == "" or function.file in final


def passes_a_migrated_variable(migration: Migration, path: str, arguments: bytes) -> bool:
    """Whether an argument is a variable that changed its type and kept its name."""
    names = {
        new
        for entity, own in migration.trial.migrating.items()
        for new in own.values()
        if getattr(entity, "file", path) == path
    }
    return any(re.search(rb"\b" + re.escape(name) + rb"\b", arguments) for name in names if name)


def test_what_changes_has_a_decision(migration: Migration) -> None:
    assert {d.action for d in migration.trial.decisions} == {
        "migrate",
        "narrow",
        "add twin",
        "add union",
        "convert",
        "rename",
    }
    assert migration.converted == 26
