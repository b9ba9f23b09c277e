# SPDX-License-Identifier: GPL-2.0-only
"""Who calls an `mmap` member, and through which member the old hook is called directly.

In: the sources and the files that call one. Out: for each struct the callers, and the members (such
as `struct drm_driver`'s `fops`) through which the tree calls `.mmap` of a `struct file_operations`
without looking for the new hook.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree_run.crew import Crew, Lost
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import FILE_OPERATIONS, HookReason, HookSite
from vmaconv.migrate.facts.local_names import local_declaration, uses_of
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import leaf_at, owner_of

_READ = late_regex(rb"mmap\b(?!\s*=[^=])")
# Literals first: Python skips to them.
_CALL = late_regex(rb"mmap(?<=[.>]mmap)(?=\()")
_NAMES = (b"file_operations", b"f_op")
_BEFORE = late_regex(rb"(?:->|\.)\s*((?:proc_)?)\Z")

CORE = ("include/linux/fs.h", "mm/")
"""Callers that look for either hook (fs.h, vfs_mmap(); mm/vma.c)."""


_FEW = 50
"""Files that are looked at sooner than another process is there."""


class Callers(Struct):
    """`by_struct`: who calls a struct's hook; `direct`: members through which the old hook is
    called, or looked at, by itself; `files`: where the files do so that do; `reads`: every look at a
    struct's member, as files and bytes; `unknown`: files with looks at nobody knows whose.
    """

    by_struct: dict[str, list[HeaderPlace]] = field(default_factory=dict)
    direct: dict[tuple[str, bytes], HeaderPlace] = field(default_factory=dict)
    files: dict[str, HeaderPlace] = field(default_factory=dict)
    reads: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


@contextmanager
def finding_callers(sources: Sources, paths: Sequence[str]) -> Iterator[Callable[[], Callers]]:
    """Begin to look for the callers in all `paths`, and give what waits for them.

    Another process does it, where there is a processor for it, while this one goes on.
    """
    crew: Crew[str, Callers] = Crew(lambda: _answering(callers_in(sources, paths)))
    try:
        worker = None
        if (os.cpu_count() or 1) > 1 and len(paths) > _FEW:
            with contextlib.suppress(OSError):
                worker = crew.hire()

        def wait() -> Callers:
            found = crew.ask(worker, "") if worker is not None else Lost(0)
            # What became of the process is no matter: the answer can be had without it.
            return callers_in(sources, paths) if isinstance(found, Lost) else found

        yield wait
    finally:
        crew.close()


def _answering(found: Callers) -> Callable[[str], Callers]:
    return lambda _order: found


def callers_in(sources: Sources, paths: Iterable[str]) -> Callers:
    """Return the callers in all `paths`."""
    found = Callers()
    for path in paths:
        unit = sources.unit(path)
        # Only calls matter in a file that names no struct of hooks and calls none.
        whole = not path.startswith(CORE) and (
            any(word in unit.text for word in _NAMES) or _CALL.search(unit.text) is not None
        )
        for match in (_READ if whole else _CALL).finditer(unit.text):
            before = _BEFORE.search(unit.text, max(match.start() - 80, 0), match.start())
            if before is None:
                continue
            start = before.start(1)
            leaf = leaf_at(unit.chunk_at(start), start)
            if leaf is None or leaf.parent is None or leaf.parent.kind != "field_expression":
                continue
            struct = (owner_of(leaf, sources.types(path)) or b"").decode(errors="replace")
            place = HeaderPlace(path, unit.line(start))
            found.reads.setdefault(struct, []).append((path, start))
            if not struct:
                found.unknown.add(path)
            call = leaf.parent.parent
            if call is not None and call.kind == "call_expression":
                found.by_struct.setdefault(struct, []).append(place)
            if struct == FILE_OPERATIONS and not path.startswith(CORE):
                found.files.setdefault(path, place)
                for base in _sources_of(leaf.parent.children[0]):
                    member = base.children[-1]
                    owner = owner_of(member, sources.types(path)) or b""
                    key = (owner.decode(errors="replace"), member.text or b"")
                    found.direct.setdefault(key, place)
    return found


def _sources_of(base: Node) -> Iterator[Node]:
    """Yield the members that an expression's struct comes from, through a local if need be."""
    if base.kind == "field_expression":
        yield base
        return
    found = local_declaration(base) if base.kind == "identifier" else None
    function = base.enclosing("function_definition")
    if found is None or function is None:
        return
    for child in found.node.children:
        if child.kind == "init_declarator" and child.children[-1].kind == "field_expression":
            yield child.children[-1]
    for use in uses_of(found, function):
        parent = use.parent
        if (
            parent is None
            or parent.kind != "assignment_expression"
            or parent.children[0] is not use
        ):
            continue
        if parent.children[-1].kind == "field_expression":
            yield parent.children[-1]


def called_directly(sources: Sources, callers: Callers, site: HookSite) -> HeaderPlace | None:
    """Return where the old hook of a site's struct is called directly, or None.

    Which struct a pointer points to is known for members that are set to it; in the site's own
    file, and in files that name its struct, any look at such a member counts.
    """
    variable = site.variable.encode()
    if not variable:
        return None
    unit = sources.unit(site.path)
    read = re.compile(rb"(?<![\w.>])" + re.escape(variable) + rb"\s*\.\s*mmap\b(?!\s*=[^=])")
    for match in read.finditer(unit.text):
        leaf = leaf_at(unit.chunk_at(match.start()), match.start())
        if leaf is not None and leaf.parent is not None and leaf.parent.kind == "field_expression":
            return HeaderPlace(site.path, unit.line(match.start()))
    if site.path in callers.files:
        return callers.files[site.path]
    word = re.compile(rb"\b" + re.escape(variable) + rb"\b")
    if not re.search(rb"\bstatic\b[^;{}]*\b" + re.escape(variable) + rb"\b[^;{}]*=", unit.text):
        for path, place in callers.files.items():
            if word.search(sources.unit(path).text):
                return place
    return None


def called_by(site: HookSite, callers: Callers) -> HookReason | None:
    """Return who calls another struct's hook, as the reason for which it is listed as that."""
    places = callers.by_struct.get(site.struct, [])
    if not site.struct:
        text = "the declarations in sight do not tell whose member this is"
        return HookReason("other-struct", "", text, HeaderPlace(site.path, site.line))
    if not places:
        text = f"a member of {site.struct}; nobody was seen to call it by name"
        return HookReason("other-struct", site.struct, text, HeaderPlace(site.path, site.line))
    return HookReason(
        "other-struct", site.struct, f"a member of {site.struct}, called in {places[0]}", places[0]
    )
