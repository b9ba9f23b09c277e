# SPDX-License-Identifier: GPL-2.0-only
"""Functions that read and write hooks call, too, so that they are no effects of a mapping.

In: a struct of hooks. Out: the functions that its read and write hooks call, themselves or through a helper
of the same file. What such a function does when a hook calls it is no effect of a mapping: it takes
and drops a cluster lock or looks whether pages are still valid, as often as the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.hooks.hook import HookSite
from vmaconv.hooks.hook_bodies import Bodies, FunctionBody
from vmaconv.hooks.hook_effect import Summary
from vmaconv.migrate.facts.sources import Sources

HOOKS = frozenset((b"read", b"write", b"read_iter", b"write_iter", b"splice_read", b"splice_write"))
"""Hooks of `struct file_operations` that move data (include/linux/fs.h)."""

_UP = late_regex(
    r"(?:^|_)(?:get|inc|add|alloc|hold|grab|take|k\w*alloc|dup)(?:_|$|(?=\d))|get\b|alloc"
)
_DOWN = late_regex(
    r"(?:^|_)(?:put|dec|del|free|sub|drop|release|erase|remove)(?:_|$)|put\b|free|del\b"
)


class SharedCalls:
    """The functions that reads and writes call, by the struct that a site initialises."""

    def __init__(self, sources: Sources, bodies: Bodies, site: HookSite) -> None:
        self._sources = sources
        self._bodies = bodies
        self._site = site
        self._names: frozenset[bytes] | None = None

    def has(self, name: bytes, path: str) -> bool:
        """Whether a read or a write calls `name`, which a function of the file `path` calls.

        Bodies are read only if one of the files names it once more.
        """
        texts = [self._sources.unit(file).text for file in {path, self._site.path}]
        if sum(text.count(name) for text in texts) < 2:
            return False
        called = re.compile(rb"\b" + re.escape(name) + rb"\s*\(")
        if sum(len(called.findall(text)) for text in texts if name in text) < 2:
            return False
        if self._names is None:
            self._names = frozenset(self._find())
        return name in self._names

    def _find(self) -> Iterator[bytes]:
        site = self._site
        braces = site.value.enclosing("initializer_list") if site.value is not None else None
        for pair in braces.children if braces is not None else ():
            if pair.kind != "initializer_pair" or pair.children[0].kind != "field_designator":
                continue
            value = pair.children[-1]
            if pair.children[0].children[-1].text in HOOKS and value.kind == "identifier":
                for body in self._bodies.near(site.path, value.text or b"")[0]:
                    names = _called(body)
                    yield from names
                    for name in names:
                        for helper in self._bodies.in_file(body.path, name)[0]:
                            yield from _called(helper)


def _called(body: FunctionBody) -> set[bytes]:
    return {
        node.children[0].text or b""
        for node in body.node.walk()
        if node.kind == "call_expression" and node.children[0].kind == "identifier"
    }


def takes_and_drops(summary: Summary) -> bool:
    """Whether a function is no mere taker: it drops what it takes, or does what cannot be followed.

    A function that only takes a reference is called by reads, too, which drop it themselves.
    """
    counted = [e.subject for e in summary.effects if e.kind in ("counts", "allocates")]
    ups = any(_UP.search(name) for name in counted)
    downs = any(_DOWN.search(name) for name in counted)
    open_ended = any(e.kind in ("indirect", "unknown") for e in summary.effects)
    return downs or not ups and open_ended
