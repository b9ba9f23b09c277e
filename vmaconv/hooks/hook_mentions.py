# SPDX-License-Identifier: GPL-2.0-only
"""Everywhere the tree names a handler or helper, and the edits of those places.

In: a function's name, the sources, the sites. Out: the reasons why its signature cannot change, or
the edits of initialisers, prototypes, exports, `#define` arms and comments.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, is_static, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import FILE_OPERATIONS, HookReason, HookSite
from vmaconv.hooks.hook_names import hook_name
from vmaconv.hooks.hook_pasting import pasted
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_rewriting import RULE, Renamed, Rewritten, signature_edits
from vmaconv.hooks.hook_verdict import is_file, is_vma
from vmaconv.migrate.facts.function_mentions import FunctionMention, mentions_of
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.write.alignment import realigned
from vmaconv.uses.member_uses import in_comment


class NamedFunction(Struct, frozen=True):
    """A function by name: `file` is empty where it is visible beyond one .c file."""

    name: bytes
    file: str = ""


class Mentions:
    """Looks up who names a function."""

    def __init__(self, sources: Sources, recipe: HookRecipe, sites: Collection[HookSite]) -> None:
        self._sources = sources
        self._recipe = recipe
        self._sites = {
            (site.path, site.value_start()): site for site in sites if site.value_start() >= 0
        }
        self._mentions: dict[tuple[str, bytes], list[FunctionMention]] = {}
        self._pasted: dict[tuple[tuple[str, ...], bytes], HeaderPlace | None] = {}

    def files(self, function: NamedFunction) -> tuple[str, ...]:
        """Return the files that may name a function."""
        return (function.file,) if function.file else self._sources.mentioning(function.name)

    def all(self, function: NamedFunction) -> Iterator[FunctionMention]:
        """Yield the places that name a function, in all files that mean the same one."""
        for path in self.files(function):
            found = self._in(path, function.name)
            if not function.file and any(m.static for m in found):
                continue
            seen: set[int] = set()
            for mention in found:
                if mention.offset not in seen:
                    seen.add(mention.offset)
                    yield mention

    def _in(self, path: str, name: bytes) -> list[FunctionMention]:
        if (path, name) not in self._mentions:
            self._mentions[path, name] = mentions_of(self._sources.unit(path), name)
        return self._mentions[path, name]

    def against(
        self, function: NamedFunction, callers: Collection[NamedFunction], is_hook: bool
    ) -> Iterator[HookReason]:
        """Yield what keeps a function from changing: who else names it, and how."""
        for mention in self.all(function):
            reason = self._against(function, mention, callers, is_hook)
            if reason is not None:
                yield reason
        key = (self.files(function), function.name)
        if key not in self._pasted:
            self._pasted[key] = pasted(self._sources, *key)
        place = self._pasted[key]
        if place is not None:
            name = function.name.decode()
            yield HookReason("macro", name, f"a macro pastes the name {name} together", place)

    def _against(
        self,
        function: NamedFunction,
        mention: FunctionMention,
        callers: Collection[NamedFunction],
        is_hook: bool,
    ) -> HookReason | None:
        name, place = function.name.decode(), HeaderPlace(mention.path, mention.line)
        match mention.kind:
            case "definition" | "declaration" | "export":
                return None
            case "value":
                site = self._sites.get((mention.path, mention.offset))
                if site is None:
                    return HookReason(
                        "called-by-name", name, f"{name} is used as a value here", place
                    )
                if site.struct != FILE_OPERATIONS:
                    text = f"{name} also stands in a {site.struct}"
                    return HookReason("other-struct", site.struct, text, place)
                return (
                    None
                    if is_hook
                    else HookReason("other-struct", name, f"{name} is a hook itself", place)
                )
            case "call":
                caller = self._caller(mention)
                if caller in callers and not is_hook:
                    return None
                code = "called-by-name" if is_hook else "helper-shared"
                who = caller.name.decode() if caller is not None else "a macro"
                return HookReason(
                    code, who, f"{name}() is called by {who}(), which keeps its VMA", place
                )
            case "macro" | "macro-body":
                if self._aliased(mention) is not None:
                    return None
                return HookReason("macro", name, f"a macro names {name}", place)
            case "unparsed":
                return HookReason("unparsed", name, f"the text around {name} does not parse", place)

    def _caller(self, mention: FunctionMention) -> NamedFunction | None:
        function = mention.function
        leaf = next(iter(declared(function)), None) if function is not None else None
        if function is None or leaf is None:
            return None
        is_own = is_static(function) and mention.path.endswith(".c")
        return NamedFunction(leaf.name, mention.path if is_own else "")

    def _aliased(self, mention: FunctionMention) -> tuple[Edit, ...] | None:
        """Return the edits of `#define foo_mmap generic_file_mmap`, or `NULL`; None for another
        macro."""
        text = self._sources.unit(mention.path).text
        end = text.find(b"\n", mention.offset)
        match = re.compile(rb"(\w+)([ \t]+)(\w+)[ \t]*$").match(text, mention.offset, end)
        if match is None:
            return None
        name = Edit(match.start(1), match.end(1), hook_name(match[1]), RULE)
        if match[3] == b"NULL":
            return (name,)
        twin = self._recipe.twins.get(match[3].decode())
        if twin is None:
            return None
        return name, Edit(match.start(3), match.end(3), twin.encode(), RULE)

    def also(self, function: NamedFunction, renamed: Renamed) -> Iterator[str]:
        """Yield what changes outside the function's body and its structs, each with its place."""
        words = {"declaration": "the prototype", "export": "the export", "macro": "the #define"}
        for mention in self.all(function):
            if mention.kind in words:
                yield f"{words[mention.kind]} in {mention.path}:{mention.line}"
        for path, edit in self._comments(function, renamed):
            yield f"a comment in {path}:{self._sources.unit(path).line(edit.start)}"

    # Edits.

    def edits(
        self, function: NamedFunction, renamed: Renamed, desc: bytes
    ) -> Iterator[tuple[str, Edit]]:
        """Yield the edits outside function bodies: what declares, sets and exports the function."""
        for mention in self.all(function):
            for edit in self._edits(mention, renamed, desc):
                yield mention.path, edit
            if mention.kind == "definition" and mention.item is not None:
                for edit in self._documented(mention.path, mention.item, renamed, desc):
                    yield mention.path, edit
        yield from self._comments(function, renamed)

    def twins(
        self, function: NamedFunction, renamed: Renamed, rewritten: Sequence[Rewritten]
    ) -> Iterator[tuple[str, Edit]]:
        """Yield the edits that put a twin behind a function, what declares and what exports it."""
        for one in rewritten:
            parts = (b"\n\n" + text for text in (one.helper, one.text) if text)
            yield one.path, Edit(one.end, one.end, b"".join(parts), RULE)
        for mention in self.all(function):
            text = self._sources.unit(mention.path).text
            if mention.kind == "declaration" and mention.leaf is not None:
                item = mention.leaf.enclosing("declaration")
                if item is None:
                    continue
                moved = self._prototype(text, mention.leaf, renamed, b"desc")
                inside = [
                    Edit(e.start - item.start, e.end - item.start, e.text, RULE)
                    for e in moved
                    if item.start <= e.start and e.end <= item.end
                ]
                twin = apply(text[item.start : item.end], inside)
                yield mention.path, Edit(item.end, item.end, b"\n" + twin, RULE)
            elif mention.kind == "export":
                start = text.rfind(b"\n", 0, mention.offset) + 1
                end = text.find(b"\n", mention.offset)
                line = text[start:end].replace(function.name, renamed.name)
                yield mention.path, Edit(end, end, b"\n" + line, RULE)

    def _documented(self, path: str, item: Node, renamed: Renamed, desc: bytes) -> Iterator[Edit]:
        """Yield the edits of the comment above: `@vma:` becomes `@desc:`, `@file:` goes."""
        text = self._sources.unit(path).text
        stop = text.rfind(b"\n", 0, item.start) + 1
        opened = text.rfind(b"/*", 0, stop)
        if opened < 0 or not text[opened:stop].rstrip().endswith(b"*/"):
            return
        for node in parameters(item):
            for one in declared(node):
                tag = re.compile(
                    rb"^[ \t]*\*[ \t]*@(" + re.escape(one.name) + rb")[ \t]*:[^\n]*\n", re.M
                )
                match = tag.search(text, opened, stop)
                if match is None:
                    continue
                if is_vma(one):
                    yield Edit(match.start(1), match.end(1), desc, RULE)
                elif renamed.is_hook and is_file(one):
                    yield Edit(match.start(), match.end(), b"", RULE)

    def _edits(self, mention: FunctionMention, renamed: Renamed, desc: bytes) -> Iterator[Edit]:
        text = self._sources.unit(mention.path).text
        match mention.kind:
            case "declaration" if mention.leaf is not None:
                yield from self._prototype(text, mention.leaf, renamed, desc)
            case "export":
                yield Edit(
                    mention.offset,
                    mention.offset + _length(text, mention.offset),
                    renamed.name,
                    RULE,
                )
            case "value" if renamed.is_hook:
                site = self._sites[mention.path, mention.offset]
                yield initialiser_edit(text, site, self._recipe.new.encode(), renamed.name)
            case "macro":
                yield from self._aliased(mention) or ()
            case _:
                return

    def _prototype(self, text: bytes, leaf: Node, renamed: Renamed, desc: bytes) -> list[Edit]:
        declarator = leaf.enclosing("function_declarator")
        item = leaf.enclosing("declaration")
        if declarator is None or item is None:
            return []
        made: list[Edit] = []
        if leaf.text != renamed.name:
            made.append(Edit(leaf.start, leaf.end, renamed.name, RULE))
        if parameters(declarator):
            made += signature_edits(declarator, renamed, desc)
        made = sorted(set(made))
        return [*made, *realigned(text, made)]

    def _comments(self, function: NamedFunction, renamed: Renamed) -> Iterator[tuple[str, Edit]]:
        """Yield the edits of comments that name the function outside of what changes anyway."""
        if renamed.name == function.name:
            return
        pattern = re.compile(rb"\b" + re.escape(function.name) + rb"\b")
        for path in self.files(function):
            unit = self._sources.unit(path)
            for match in pattern.finditer(unit.text):
                chunk = unit.chunk_at(match.start())
                at = match.start() - chunk.start
                own = unit.text[chunk.start : chunk.end]
                if in_comment(own, at) and not _in_string(own, at):
                    yield path, Edit(match.start(), match.end(), renamed.name, RULE)


def _length(text: bytes, offset: int) -> int:
    match = re.compile(rb"\w+").match(text, offset)
    return len(match[0]) if match is not None else 0


def _in_string(text: bytes, offset: int) -> bool:
    line = text[text.rfind(b"\n", 0, offset) + 1 : offset]
    return line.count(b'"') % 2 == 1


def initialiser_edit(text: bytes, site: HookSite, member: bytes, handler: bytes) -> Edit:
    """Replace `.mmap = f` by `.mmap_prepare = f_prepare`, the `=` kept in its column if it can be."""
    assert site.value is not None
    start, end = site.offset, site.value.end
    equals = text.index(b"=", start)
    gap = text[start + len(site.member) : equals]
    behind = text[equals + 1 : site.value.start]
    line = text.rfind(b"\n", 0, start) + 1
    column = width(text[line:equals])
    reached = width(text[line:start]) + len(member)
    if gap in (b"", b" ") or reached >= column:
        gap = gap if gap == b"" else b" "
    elif b"\t" in gap:
        gap = b"\t" * (-(-column // 8) - reached // 8) or b" "
    else:
        gap = b" " * (column - reached)
    return Edit(start, end, member + gap + b"=" + behind + handler, RULE)
