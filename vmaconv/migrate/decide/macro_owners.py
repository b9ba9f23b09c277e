# SPDX-License-Identifier: GPL-2.0-only
"""Whose member a macro's body names: told by what the macro is given.

In: a place in a macro's body, such as `(map_)->vm_flags`. Out: the structs that the macro's callers
hand it there. None where one caller cannot be judged.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import base_type
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.facts.local_names import argument_nodes, leaves_at
from vmaconv.uses.member_uses import Unseen

_HEAD = late_regex(rb"[ \t]*#[ \t]*define[ \t]+(\w+)\(([^()]*)\)")


def owner_in_macro(settings: Settings, path: str, unseen: Unseen) -> set[bytes] | None:
    """Return the structs whose member the place may be; None where that cannot be told.

    No struct at all means that nobody uses the macro.
    """
    name = unseen.function.encode()
    if not name or not settings.sources.is_known(name):
        return None
    names = _parameters(settings.text(path), name)
    if names is None:
        return None
    is_initialiser = _designates(settings.text(path), unseen.offset)
    argument = b"" if is_initialiser else _argument(unseen.node)
    wanted = names.index(argument) if argument in names else None
    if wanted is None and not is_initialiser:
        return None
    owners: set[bytes] = set()
    for user in settings.sources.mentioning(name):
        text = settings.text(user)
        for match in re.finditer(rb"\b" + re.escape(name) + rb"\b", text):
            if _is_head(text, match.start()):
                continue
            owner = _owner(settings, user, match.start(), wanted)
            if owner is None:
                return None
            if owner:
                owners.add(owner)
    return owners


def _parameters(text: bytes, name: bytes) -> list[bytes] | None:
    for match in _HEAD.finditer(text):
        if match[1] == name:
            return [n.strip() for n in match[2].split(b",")]
    return None


def _designates(text: bytes, offset: int) -> bool:
    """Whether a member's name stands as `{ .name` or `, .name`."""
    before = text[max(0, offset - 200) : offset].rstrip()
    return before.endswith(b".") and before[:-1].rstrip(b" \t\r\n\\")[-1:] in (b"{", b",")


def _argument(node: Node | None) -> bytes:
    """Return the name that the member is taken of: `map_` in `(map_)->vm_flags`."""
    if node is None or node.kind != "field_expression":
        return b""
    return bare(node.children[0]).text or b""


def _is_head(text: bytes, offset: int) -> bool:
    start = text.rfind(b"\n", 0, offset) + 1
    return re.match(rb"[ \t]*#[ \t]*(?:define|undef|ifn?def|if)\b", text[start:offset]) is not None


def _owner(settings: Settings, path: str, offset: int, wanted: int | None) -> bytes | None:
    """Return the struct that one use of the macro is about; empty for a comment, None if
    unknown."""
    unit = settings.sources.unit(path)
    leaves = leaves_at(unit.chunk_at(offset), offset)
    if not leaves:
        return None
    types = settings.sources.types(path)
    call = leaves[0].parent
    if call is None or call.kind != "call_expression":
        return None
    if wanted is None:
        return _initialised(call)
    arguments = argument_nodes(call)
    ctype = types.of(arguments[wanted]) if wanted < len(arguments) else None
    pointed = types.resolve(ctype).pointed_to() if ctype is not None else None
    if pointed is None:
        return None
    return types.resolve(pointed).base


def _initialised(call: Node) -> bytes | None:
    """Return the struct of the variable that the macro initialises."""
    holder = call.parent
    declaration = call.enclosing("declaration")
    if holder is None or holder.kind != "init_declarator" or declaration is None:
        return None
    if holder.children[0].kind != "identifier":
        return None
    ctype = base_type(declaration)
    return ctype.base if ctype is not None else None
