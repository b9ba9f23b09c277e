# SPDX-License-Identifier: GPL-2.0-only
"""Whether what a hook sets for good is looked at on the way: test and set does not bear repeating.

In: a function, and a member or variable that it, or one that it calls, sets to a constant. Out: where
the driver reads it on the way. Only the driver's own folder is read: its state is tested there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook_bodies import Bodies, FunctionBody
from vmaconv.hooks.hook_effect import Effect
from vmaconv.migrate.facts.sources import Sources

_MOST = 200
"""Functions and macros that are read for one hook."""

_WORD = late_regex(rb"[A-Za-z_]\w*")
_BIT = late_regex(rb"\b\w*_bit\w*\s*\([^;{}]*\Z")


def read_of(
    sources: Sources, bodies: Bodies, body: FunctionBody, effect: Effect
) -> HeaderPlace | None:
    """Return where a function, or one of its driver's that it calls, reads what `effect` sets.

    What `test_bit()` and its kin look at is an effect of its own (`tests`), and none of this.
    """
    name = re.escape(effect.member.encode())
    looks = re.compile(
        rb"(?:->|\.|(?<![\w&]))\s*\b" + name + rb"\b(?!\s*(?:\[[^\]]*\]\s*)?(?:=[^=]|[|&]=|[(:]))"
    )
    for path, start, text in _texts(sources, bodies, body):
        for match in looks.finditer(text):
            if not _BIT.search(text, 0, match.start()):
                return HeaderPlace(path, sources.unit(path).line(start + match.start()))
    return None


def _texts(
    sources: Sources, bodies: Bodies, body: FunctionBody
) -> Iterator[tuple[str, int, bytes]]:
    """Yield the bodies of a function and of all that it names in its folder: file, first byte, text."""
    folder = body.path.rpartition("/")[0]
    inside = body.node.children[-1]
    todo = [(body.path, inside.start, sources.unit(body.path).slice(inside))]
    seen = {(body.path, body.node.start)}
    while todo and len(seen) < _MOST:
        path, start, text = todo.pop(0)
        text = blank_out(text, strings=True)
        yield path, start, text
        for name in dict.fromkeys(_WORD.findall(text)):
            # Of the tree's root no folder is listed.
            if folder and name not in bodies.defined_in(folder):
                continue
            functions, macros = bodies.near(path, name)
            for one in functions:
                key = (one.path, one.node.start)
                if one.path.rpartition("/")[0] == folder and key not in seen:
                    seen.add(key)
                    block = one.node.children[-1]
                    todo.append((one.path, block.start, sources.unit(one.path).slice(block)))
            for macro in macros:
                key = (macro.path, macro.offset)
                if macro.path.rpartition("/")[0] == folder and key not in seen:
                    seen.add(key)
                    todo.append((macro.path, macro.offset, macro.text))
