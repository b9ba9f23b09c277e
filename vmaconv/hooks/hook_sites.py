# SPDX-License-Identifier: GPL-2.0-only
"""Every place that sets an `mmap` member, with the struct that the declarations say it is of.

In: the sources and the paths that name the member. Out: `HookSite`s in the order of the files: designators
of initialisers, assignments, and those in macros' bodies, whose struct is that of the initialiser that
the macro makes or stands in. A struct that only looks like one is told by declarations, never by
its name. Whether a hook can change is left to `hook_safety`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import line_start
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.hooks.hook import FILE_OPERATIONS, HookSite, SiteKind
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import in_comment, leaf_at, owner_of

MEMBERS = ("mmap", "proc_mmap")
"""The old hook's member, and the one of `struct proc_ops` (include/linux/proc_fs.h)."""

# The literal comes first, so that the search runs at C speed: what stands before it is looked at then.
_SET = late_regex(rb"mmap(?=\s*=(?!=))")
_BEFORE = late_regex(rb"(?P<by>\.|->)\s*(?P<name>proc_)?\Z")
_VALUE = late_regex(rb"\s*=\s*([^,;}\n\\]*)")
_HEAD = late_regex(rb"(?:struct|union)\s+\w+(?=[^;{}]*=\s*\\?\s*\{)")
_PLAIN = late_regex(
    rb"^(?:(?:static|const)[ \t]+)*struct[ \t]+(?P<tag>\w+)[ \t]+(?P<name>\w+)[ \t]*=[ \t]*\{(?=[ \t]*\n)",
    re.MULTILINE,
)
_UNPLAIN = late_regex(rb"[{}#\"'\\;]|/[*/]|\*/")
_STRING = late_regex(rb'"[^"\\\n]*"')
_DEFINE = late_regex(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)


def sites_in(
    sources: Sources, paths: Iterable[str], others: list[HookSite] | None = None
) -> list[HookSite]:
    """Return the sites of all `paths`, in their order.

    `others` is given the assignments through pointers to structs of another kind.
    """
    found: list[HookSite] = []
    for path in paths:
        found += _sites_of(sources, path, others)
    return found


def _sites_of(sources: Sources, path: str, others: list[HookSite] | None) -> Iterator[HookSite]:
    unit = sources.unit(path)
    for match in _SET.finditer(unit.text):
        before = _BEFORE.search(unit.text, max(match.start() - 80, 0), match.start())
        if before is None:
            continue
        offset = match.start() - len(before["name"] or b"")
        member = unit.text[offset : match.end()].decode()
        chunk = unit.chunk_at(offset)
        plain = _plain_site(unit, path, offset, member, chunk.start)
        if plain is not None:
            yield plain
            continue
        leaf = leaf_at(chunk, offset)
        if leaf is None and in_comment(unit.text[chunk.start : chunk.end], offset - chunk.start):
            continue
        site = _site(sources, path, offset, member, leaf)
        # Through a pointer only the struct counts whose hooks are converted: other structs have
        # members of that name for whatever they like.
        if before["by"] == b"." or site.struct == FILE_OPERATIONS:
            yield site
        elif others is not None:
            others.append(site)


def _plain_site(unit: Unit, path: str, offset: int, member: str, start: int) -> HookSite | None:
    """Return a site of another struct whose declaration stands plainly before it, on one line.

    Nothing is parsed then: with neither braces, comments nor directives between, the member is of
    the struct that the declaration, which begins its line, names. `parsed` gives the value's node
    to who needs it.
    """
    opened = unit.text.rfind(b"{", start, offset)
    line = unit.text.rfind(b"\n", 0, max(opened, start)) + 1
    head = _PLAIN.match(unit.text, line) if opened >= start else None
    if head is None or head.end() != opened + 1:
        return None
    between = unit.text[head.end() : offset]
    if _UNPLAIN.search(_STRING.sub(b"", between) if b'"' in between else between):
        return None
    if in_comment(unit.text[start:offset] + b" ", offset - start):
        return None
    struct = f"struct {head['tag'].decode()}"
    if struct == FILE_OPERATIONS:
        return None
    value = _VALUE.match(unit.text, offset + len(member))
    handler = value[1].strip().decode(errors="replace") if value is not None else ""
    variable = head["name"].decode(errors="replace")
    line = unit.line(offset)
    at = value.start(1) if value is not None else -1
    return HookSite(
        path, line, offset, struct, member, handler, "initialiser", None, variable, "", at
    )


def parsed(sources: Sources, site: HookSite) -> HookSite:
    """Return a site with its value's node."""
    if site.value is not None or site.kind != "initialiser":
        return site
    leaf = leaf_at(sources.unit(site.path).chunk_at(site.offset), site.offset)
    return _site(sources, site.path, site.offset, site.member, leaf)


def _site(sources: Sources, path: str, offset: int, member: str, leaf: Node | None) -> HookSite:
    unit = sources.unit(path)
    line = unit.line(offset)
    value = _VALUE.match(unit.text, offset + len(member))
    handler = value[1].strip().decode(errors="replace") if value is not None else ""
    parent = leaf.parent if leaf is not None else None
    if (
        leaf is None
        or parent is None
        or parent.kind not in ("field_designator", "field_expression")
    ):
        macro, struct = _macro_around(unit.text, offset)
        kind: SiteKind = "macro" if macro else "unparsed"
        if macro and not struct:
            struct = _struct_of_uses(sources, path, macro.encode())
        elif not macro:
            struct = _struct_before(unit.text, offset)
        return HookSite(path, line, offset, struct, member, handler, kind, macro=macro)
    struct = (owner_of(leaf, sources.types(path)) or b"").decode(errors="replace")
    holder = parent.parent
    if parent.kind == "field_expression":
        node = holder.children[-1] if holder is not None else None
        return HookSite(path, line, offset, struct, member, handler, "assignment", node)
    node = holder.children[-1] if holder is not None else None
    variable = _variable(parent)
    return HookSite(path, line, offset, struct, member, handler, "initialiser", node, variable)


def _variable(designator: Node) -> str:
    """Return the name of the variable whose own member a designator sets; `NAME[]` in an array, or
    in a struct inside another."""
    pair = designator.parent
    is_chain = (
        pair is not None
        and pair.children[0].kind.endswith("_designator")
        and (pair.children[1].kind.endswith("_designator"))
    )
    braces = pair.parent if pair is not None else None
    holder = braces.parent if braces is not None else None
    if holder is None or holder.kind != "init_declarator" or is_chain:
        array = designator.enclosing("init_declarator")
        return _declared(array) + "[]" if array is not None else ""
    return _declared(holder)


def _declared(declarator: Node) -> str:
    node = declarator.children[0]
    arrays = 0
    while node.children:
        arrays += node.kind == "array_declarator"
        node = node.children[0]
    name = (node.text or b"").decode(errors="replace")
    return name + "[]" * min(arrays, 1)


# Macros.


def _directive_at(text: bytes, offset: int) -> tuple[int, int] | None:
    """Return the range of the `#define` that holds a byte, or None."""
    start = line_start(text, offset)
    if not text[start:offset].lstrip().startswith(b"#"):
        return None
    end = start
    while True:
        stop = text.find(b"\n", end)
        if stop < 0:
            return start, len(text)
        if not text[start:stop].endswith((b"\\", b"\\\r")):
            return start, stop
        end = stop + 1


def _macro_around(text: bytes, offset: int) -> tuple[str, str]:
    """Return the macro whose body holds a byte, and the struct that the body initialises there."""
    found = _directive_at(text, offset)
    head = _DEFINE.match(text, found[0]) if found is not None else None
    if found is None or head is None:
        return "", ""
    heads = list(_HEAD.finditer(text, head.end(), offset))
    struct = b" ".join(heads[-1].group().split()).decode() if heads else ""
    return head[1].decode(), struct


def _struct_before(text: bytes, offset: int) -> str:
    """Return the struct whose initialiser seems to hold a byte, where the text does not parse."""
    start = max(text.rfind(b"\n}", 0, offset), offset - 4096, 0)
    heads = list(_HEAD.finditer(text, start, offset))
    return b" ".join(heads[-1].group().split()).decode() if heads else ""


def _struct_of_uses(sources: Sources, path: str, macro: bytes) -> str:
    """Return the struct in whose initialisers a macro stands, as far as its own file shows."""
    text = sources.unit(path).text
    for match in re.finditer(rb"\b" + re.escape(macro) + rb"\b", text):
        outer, struct = _macro_around(text, match.start())
        if outer and outer != macro.decode() and struct:
            return struct
        if not outer:
            heads = list(
                _HEAD.finditer(text, text.rfind(b";", 0, match.start()) + 1, match.start())
            )
            if heads:
                return b" ".join(heads[-1].group().split()).decode()
    return ""


def makers_of(sources: Sources, sites: Iterable[HookSite]) -> dict[str, tuple[str, int]]:
    """Return the macros whose bodies make hooks, directly or through one another: file and line.

    `DEFINE_DRM_GEM_FOPS` has `DRM_GEM_FOPS` in its body, which sets `.mmap`.
    """
    found: dict[str, tuple[str, int]] = {}
    for site in sites:
        if site.macro and site.struct == FILE_OPERATIONS:
            unit = sources.unit(site.path)
            for head in _DEFINE.finditer(unit.text):
                body = _directive_at(unit.text, head.end())
                if body is None:
                    continue
                own = body[0] <= site.offset < body[1]
                inner = re.search(
                    rb"\b" + site.macro.encode() + rb"\b", unit.text[head.end() : body[1]]
                )
                if own or inner is not None:
                    found[head[1].decode()] = (site.path, unit.line(head.start()))
    return found


# The count from the text.

_COUNTED = late_regex(
    rb"""
    /\*.*?(?:\*/|\Z)
  | //(?:\\\r?\n|[^\n])*
  | "(?:\\.|[^"\\\n])*"
  | '(?:\\.|[^'\\\n])*'
  | \.[ \t]*((?:proc_)?mmap)\b\s*=[^=]
""",
    re.DOTALL | re.VERBOSE,
)


def count_in_text(text: bytes) -> int:
    """Count the members that are set, `.mmap =`, in the text alone.

    Nothing here is shared with the parser: what that passes over shows as a difference.

    >>> count_in_text(b"x = { .mmap = f, /* .mmap = g */ };")
    1
    """
    if re.search(rb"mmap\s*=", text) is None:
        return 0
    return sum(match.lastindex is not None for match in _COUNTED.finditer(text))
