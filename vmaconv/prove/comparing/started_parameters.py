# SPDX-License-Identifier: GPL-2.0-only
"""What the parameters of a function start with on both sides.

In: a function before and after, and which parameters answer to each other. Out: the states of both
runs, in which these start with one unknown value. Those whose way to take flags changed are left to
`function_judging`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.prove.comparing.renamed_names import parameters_of
from vmaconv.prove.headers.header_index import FoundFunction
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.operators import fitted, with_room
from vmaconv.prove.meaning.side_facts import held_as
from vmaconv.prove.terms.term import TermValue, made


def start_unrenamed(
    run: Interpreter, old: FoundFunction, new: FoundFunction, pairs: Sequence[tuple[int, int]]
) -> None:
    """Let parameters that keep their own name start with what the one before started with."""
    before, after = parameters_of(old.node), parameters_of(new.node)
    for i, j in pairs if len(before) == len(after) else ():
        (name, ctype), was = after[j], before[i][0]
        if run.frame.renamed.get(name, name) != was:
            value = TermValue(made("init", (was,)), held_as(ctype))
            run.state.values[run.frame.local(name)] = value


def start_narrow(
    sides: tuple[Interpreter, Interpreter],
    old: FoundFunction,
    new: FoundFunction,
    pairs: Sequence[tuple[int, int]],
) -> None:
    """Let parameters that have no room for a whole word on either side start with what fits.

    Where only one side has the room, what is handed to it is compared by whoever calls.
    """
    before, after = parameters_of(old.node), parameters_of(new.node)
    if len(before) != len(after):
        return
    for i, j in pairs:
        (was, ctype), (name, other) = before[i], after[j]
        width, now = sides[0].facts.width_of(ctype), sides[1].facts.width_of(other)
        if width is None or now is None or width.bits == 1 or width.bits != now.bits:
            continue
        value = with_room("init", (was,), width.bits, width.is_signed)
        starts = (value, fitted(value, now.bits, now.is_signed))
        for run, own, start in zip(sides, (was, name), starts, strict=True):
            run.state.values[run.frame.local(own)] = TermValue(start, "word")
