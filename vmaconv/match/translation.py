"""What a pattern's steps mean on a control-flow graph.

In: `Step`s, and whether the rule is about all paths. Out: a formula that holds at the points where the
pattern begins to match. The translation follows that of Coccinelle 1.1.1, whose facts it takes over:
dots take the shortest path, a jump out of a then branch excuses a path from reaching what follows
the dots, a statement is followed by what comes after all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vmaconv.match.cfg import Kind
from vmaconv.match.dots import DotsTranslation
from vmaconv.match.formula import (
    ALWAYS,
    NEVER,
    Brace,
    Copied,
    Formula,
    LabelIs,
    Names,
    before_all,
    before_some,
    conjunction,
    disjunction,
    everywhere,
    first_of,
    hitherto,
    negation,
    next_all,
    next_some,
    points,
    quiet,
    some,
    until,
)
