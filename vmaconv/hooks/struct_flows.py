# SPDX-License-Identifier: GPL-2.0-only
"""Where a struct of hooks goes: into a member through which somebody calls the old hook directly.

In: a site, and the members through which the tree calls a hook of `struct file_operations` by itself.
Out: where that call is, if the site's struct is put into such a member: by an initialiser, with a
designator or by its place, by an assignment, or by a function that is handed it and sets the member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.tree.node import Node
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import HookSite
from vmaconv.hooks.hook_bodies import Bodies
from vmaconv.hooks.hook_callers import Callers
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import initialised_type, leaf_at, list_type, owner_of

_ANY_FILE = "struct file"
"""Whose `f_op` may be anybody's: that it is looked at says nothing of a struct."""


class StructFlows:
    """Follows structs of hooks."""

    def __init__(self, sources: Sources, bodies: Bodies, callers: Callers) -> None:
        self._sources = sources
        self._bodies = bodies
        self._direct = callers.direct
        self._tags = {_tag(key) for key in self._direct if key[0] not in ("", _ANY_FILE)}
        self._tags_of: dict[str, frozenset[bytes]] = {}
        self._places: dict[tuple[str, int], HeaderPlace | None] = {}

    def called(self, site: HookSite) -> HeaderPlace | None:
        """Return where the old hook of a site's struct is called through a member, or None."""
        if not site.variable or not self._direct:
            return None
        variable = site.variable.encode()
        key = (site.path, site.offset)
        if key not in self._places:
            self._places[key] = self._set(site, variable)
        return self._places[key] or next(self._handed(site, variable), None)

    def _set(self, site: HookSite, variable: bytes) -> HeaderPlace | None:
        """Look at designators and assignments."""
        unit, types = self._sources.unit(site.path), self._sources.types(site.path)
        pattern = re.compile(rb"(?:\.|->)\s*(\w+)\s*=\s*&?\s*" + re.escape(variable) + rb"\b")
        for match in pattern.finditer(unit.text):
            leaf = leaf_at(unit.chunk_at(match.start(1)), match.start(1))
            parent = leaf.parent if leaf is not None else None
            if leaf is None or parent is None:
                continue
            struct = b""
            if parent.kind == "field_designator":
                owner = initialised_type(parent, types)
                struct = types.resolve(owner).base if owner is not None else b""
            elif parent.kind == "field_expression":
                struct = owner_of(leaf, types) or b""
            place = self._direct.get((struct.decode(errors="replace"), match[1]))
            if place is not None:
                return place
        return None

    def _handed(self, site: HookSite, variable: bytes) -> Iterator[HeaderPlace]:
        """Look at arguments, and at initialisers by their place."""
        visible = self._visible(site.path)
        if not visible:
            return
        unit, types = self._sources.unit(site.path), self._sources.types(site.path)
        for match in re.finditer(rb"&\s*(" + re.escape(variable) + rb")\b", unit.text):
            leaf = leaf_at(unit.chunk_at(match.start(1)), match.start(1))
            address = leaf.parent if leaf is not None else None
            holder = address.parent if address is not None else None
            if holder is None:
                continue
            if holder.kind == "initializer_list":
                filled = list_type(holder, types)
                struct = types.resolve(filled).base if filled is not None else b""
                yield from (p for (owner, _), p in visible if owner.encode() == struct)
            elif holder.kind == "argument_list" and holder.parent is not None:
                yield from self._through(site.path, holder.parent, visible)

    def _visible(self, path: str) -> list[tuple[tuple[str, bytes], HeaderPlace]]:
        """Return the members of structs that a file can see."""
        files = [path, *self._sources.includes(path)]
        return [
            (key, place)
            for key, place in self._direct.items()
            if key[0] not in ("", _ANY_FILE) and any(_tag(key) in self._named(f) for f in files)
        ]

    def _named(self, path: str) -> frozenset[bytes]:
        """Return the tags of the structs that a file names."""
        found = self._tags_of.get(path)
        if found is None:
            text = self._sources.unit(path).text
            found = self._tags_of[path] = frozenset(tag for tag in self._tags if tag in text)
        return found

    def _through(
        self, path: str, call: Node, visible: list[tuple[tuple[str, bytes], HeaderPlace]]
    ) -> Iterator[HeaderPlace]:
        """Yield the calls through members that a called function, or macro, sets."""
        if call.kind != "call_expression" or call.children[0].kind != "identifier":
            return
        functions, macros = self._bodies.find(path, call.children[0].text or b"")
        texts = [self._sources.unit(b.path).slice(b.node) for b in functions]
        texts += [macro.text for macro in macros]
        for (_, member), place in visible:
            sets = re.compile(rb"(?:->|\.)\s*" + re.escape(member) + rb"\s*=(?!=)")
            if any(sets.search(text) for text in texts):
                yield place


def _tag(member: tuple[str, bytes]) -> bytes:
    return member[0].split()[-1].encode()
