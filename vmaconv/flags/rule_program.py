# SPDX-License-Identifier: GPL-2.0-only
"""Several rule files as one program.

In: rule files, and the virtual rules that are on. Out: one `Program` that runs them one after the other,
with the kernel's isomorphisms.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.smpl.rule import RuleFile
from vmaconv.flags.kernel_isomorphisms import isomorphisms


def compile_files(files: Sequence[RuleFile], virtuals: frozenset[str]) -> Program:
    """Compile rule files, at least one, into one program, which has the first one's name and words.

    Raises `SmplError`.
    """
    return joined([compile_file(file, isomorphisms(), virtuals, {}) for file in files])


def joined(programs: Sequence[Program]) -> Program:
    """Return programs, at least one, as one that runs them one after the other."""
    steps = tuple(step for program in programs for step in program.steps)
    first = programs[0]
    return Program(first.file, steps, first.virtual, first.words)
