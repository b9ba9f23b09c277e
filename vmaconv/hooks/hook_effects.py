# SPDX-License-Identifier: GPL-2.0-only
"""What a function does that outlives its call, read from bodies through the call graph.

In: a function's definition, and the recipe's list of what the core API does. Out: `Summary`: its
`Effect`s, and the parameters that it writes through. What a driver's own function does is never
taken from its name: its body is read, and where that is not to be had the effect is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, parameters
from vmaconv.flags.headers.header_lines import Place
from vmaconv.hooks.hook_bodies import MOST, Bodies, Body, MacroBody
from vmaconv.hooks.hook_recipe import Core, HookRecipe
from vmaconv.hooks.lvalues import member_of, root_of, unset_member
from vmaconv.migrate.facts.local_names import argument_nodes, is_name, local_declaration
from vmaconv.migrate.facts.sources import Sources

EffectKind: TypeAlias = Literal[
    "maps",
    "stacks",
    "allocates",
    "counts",
    "counter",
    "state",
    "sticky",
    "lock",
    "unlock",
    "guard",
    "indirect",
    "unknown",
]

DEEPEST = 10
"""Calls deep that bodies are read; what lies deeper is unknown."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a function does: `subject` is the function or the expression that does it.

    `member` is the struct member that a `sticky` effect sets.
    """

    kind: EffectKind
    subject: str
    place: Place
    member: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a function does, and the parameters (from 0) that it writes through."""

    effects: tuple[Effect, ...] = ()
    writes: frozenset[int] = frozenset()


_CONSTANT = frozenset({"number_literal", "char_literal"})
_OWN_WORDS = frozenset({b"sizeof", b"offsetof", b"typeof", b"__typeof__", b"alignof", b"defined"})
_MACRO_WORDS = frozenset(
    ("if", "while", "for", "do", "switch", "return", "sizeof", "typeof", "__typeof__", "defined")
    + ("else", "case")
)


class Effects:
    """Reads what functions do."""

    def __init__(self, sources: Sources, bodies: Bodies, recipe: HookRecipe) -> None:
        self._sources = sources
        self._bodies = bodies
        self._recipe = recipe
        self._known: dict[tuple[str, bytes], Summary] = {}
        self._busy: set[tuple[str, bytes]] = set()
        self._deepest = DEEPEST

    def look(self, deepest: int) -> None:
        """Look `deepest` calls deep from now on, and forget what was found out before."""
        self._known.clear()
        self._deepest = deepest

    def of(self, body: Body, depth: int = 0) -> Summary:
        """Return what one definition does."""
        return _Reader(self, self._sources, body, depth).read()

    def core(self, path: str, name: str) -> Core | None:
        """Return what the recipe says of a name, unless the driver defines it itself."""
        found = self._recipe.core.get(name)
        if found is None or self._bodies.is_own(path, name.encode()):
            return None
        return found

    def definitions(self, path: str, name: bytes) -> tuple[list[Body], list[MacroBody]]:
        """Return the definitions of a name, as a file sees it."""
        return self._bodies.find(path, name)

    def text(self, body: Body) -> bytes:
        """Return a definition's text."""
        return self._sources.unit(body.path).slice(body.node)

    def called(self, path: str, name: bytes, place: Place, depth: int) -> Summary:
        """Return what a call of `name` in `path` does."""
        text = name.decode(errors="replace")
        core = self.core(path, text)
        if core is not None:
            return _of_core(core, place)
        if text in self._recipe.twins:
            # A hook of the core, which the rules replace by one that is safe before a merge.
            return Summary()
        if text in self._recipe.mapping and not self._bodies.is_own(path, name):
            return Summary((Effect("maps", text, place),))
        if text.startswith("__builtin_"):
            return Summary()
        key = (path, name)
        if key in self._known:
            return self._known[key]
        if key in self._busy or depth >= self._deepest:
            return Summary((Effect("unknown", text, place),))
        self._busy.add(key)
        try:
            found = self._defined(path, name, place, depth)
        finally:
            self._busy.discard(key)
        self._known[key] = found
        return found

    def _defined(self, path: str, name: bytes, place: Place, depth: int) -> Summary:
        text = name.decode(errors="replace")
        functions, macros = self._bodies.find(path, name)
        if not functions and not macros or len(functions) + len(macros) > MOST:
            return Summary((Effect("unknown", text, place),))
        effects: list[Effect] = []
        writes: set[int] = set()
        for body in functions:
            one = self.of(body, depth + 1)
            # A guard ends with the function that has it.
            effects += [e for e in one.effects if e.kind != "guard"]
            writes |= one.writes
        for macro in macros:
            effects += self._macro(macro, place, depth + 1)
        return Summary(tuple(dict.fromkeys(effects)), frozenset(writes))

    def _macro(self, macro: MacroBody, place: Place, depth: int) -> Iterator[Effect]:
        """Yield what a macro's body does: its calls, and writes to anything at all."""
        text = re.sub(
            rb"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|/\*.*?\*/", b" ", macro.text, flags=re.S
        )
        unit = self._sources.unit(macro.path)
        here = Place(macro.path, unit.line(macro.offset))
        if re.search(rb"\+\+|--|[-+|&^*/%]=|<<=|>>=|(?<![=!<>])=(?!=)|\basm\b|->\s*\w+\s*\(", text):
            yield Effect("unknown", f"the macro in {here}", place)
            return
        for match in re.finditer(rb"\b([A-Za-z_]\w*)\s*\(", text):
            name = match[1].decode()
            if name in _MACRO_WORDS or name in macro.parameters:
                continue
            found = self.called(macro.path, match[1], here, depth)
            yield from found.effects
            if found.writes or any(e.kind == "guard" for e in found.effects):
                yield Effect("unknown", name, here)
        aliased = re.fullmatch(rb"\s*([A-Za-z_]\w*)\s*", text)
        if aliased is not None and not macro.parameters[0]:
            yield from self.called(macro.path, aliased[1], here, depth).effects


def _of_core(core: Core, place: Place) -> Summary:
    match core.kind:
        case "prints" | "pure":
            return Summary()
        case "vma":
            return Summary()
        case "fills":
            return Summary((), frozenset({0}))
        case "maps" | "stacks" | "allocates" | "counts" | "sticky":
            return Summary((Effect(core.kind, core.name, place),))
        case "locks":
            kind: EffectKind = "guard" if "guard" in core.name else "lock"
            return Summary((Effect(kind, core.name, place),))
        case "unlocks":
            return Summary((Effect("unlock", core.name, place),))


class _Reader:
    """Reads one definition."""

    def __init__(self, effects: Effects, sources: Sources, body: Body, depth: int) -> None:
        self._effects = effects
        self._unit = sources.unit(body.path)
        self._types = sources.types(body.path)
        self._body = body
        self._depth = depth
        self._parameters = {
            one.name: index
            for index, node in enumerate(parameters(body.node))
            for one in declared(node)
        }
        self._found: list[Effect] = []
        self._writes: set[int] = set()
        self._once = list(self._firsts()) if depth else []

    def _firsts(self) -> Iterator[tuple[int, int, str]]:
        """Yield the ranges that run once in an object's life, with the member that sees to it.

        `if (!p->x) { if (alloc_x(p)) return 0; }`, where alloc_x() sets `x`: what happens there does
        not happen again for another mapping, or for one that merges.
        """
        for node in self._body.node.walk():
            if node.kind != "if_statement" or len(node.children) != 5:
                continue
            member = unset_member(node.children[2])
            branch = node.children[4]
            if member and any(self._sets(call, member) for call in branch.walk()):
                yield branch.start, branch.end, member

    def _sets(self, call: Node, member: str) -> bool:
        if call.kind != "call_expression" or call.children[0].kind != "identifier":
            return False
        sets = re.compile(
            rb"&[^;,()]*(?:->|\.)\s*%b\b|(?:->|\.)\s*%b\s*=[^=]" % ((member.encode(),) * 2)
        )
        functions, _ = self._effects.definitions(self._body.path, call.children[0].text or b"")
        texts = [self._effects.text(body) for body in functions]
        return bool(texts) and all(sets.search(text) for text in texts)

    def _runs_once(self, node: Node) -> str:
        return next((m for start, end, m in self._once if start <= node.start < end), "")

    def read(self) -> Summary:
        for node in self._body.node.walk():
            match node.kind:
                case "call_expression":
                    self._call(node)
                case "iterator_statement":
                    self._iterator(node)
                case "assignment_expression":
                    self._assigned(node)
                case "update_expression":
                    target = next(c for c in node.children if c.text not in (b"++", b"--"))
                    self._written(target, node, "counter")
                case "gnu_asm_expression" | "asm_statement" | "ERROR":
                    self._add("unknown", self._text(node), node)
        return Summary(tuple(dict.fromkeys(self._found)), frozenset(self._writes))

    def _text(self, node: Node) -> str:
        text = b" ".join(self._unit.slice(node).split()).decode(errors="replace")
        return text if len(text) <= 60 else text[:57] + "..."

    def _place(self, node: Node) -> Place:
        return Place(self._body.path, self._unit.line(node.start))

    def _add(self, kind: EffectKind, subject: str, node: Node, member: str = "") -> None:
        self._found.append(Effect(kind, subject, self._place(node), member))

    # Calls.

    def _call(self, call: Node) -> None:
        callee = call.children[0]
        while callee.kind == "parenthesized_expression" and len(callee.children) == 3:
            callee = callee.children[1]
        if callee.kind == "call_expression":
            # `guard(mutex)(&lock)`: the inner call says it.
            return
        if callee.kind != "identifier":
            self._add("indirect", self._text(callee), call)
            return
        name = callee.text or b""
        if name in _OWN_WORDS:
            return
        if local_declaration(callee) is not None:
            self._add("indirect", self._text(callee), call)
            return
        once = self._runs_once(call)
        if once:
            subject = f"{name.decode(errors='replace')}(), once in the life of what has {once},"
            self._add("sticky", subject, call, once)
            return
        summary = self._effects.called(self._body.path, name, self._place(call), self._depth)
        self._found += [
            replace(e, place=self._place(call)) if e.kind in _HERE else e for e in summary.effects
        ]
        arguments = argument_nodes(call)
        for index in summary.writes:
            if index < len(arguments):
                self._through(arguments[index], call)

    def _iterator(self, node: Node) -> None:
        name = node.children[0].text or b""
        core = self._effects.core(self._body.path, name.decode(errors="replace"))
        if core is not None and core.kind == "locks":
            self._add("guard", core.name, node)
        elif not re.search(rb"for_each", name):
            self._add("unknown", name.decode(errors="replace"), node)
        else:
            # The iterator writes its cursor, which must be a local.
            for argument in argument_nodes(node.children[1].parent or node)[:1]:
                if argument.kind == "identifier" and local_declaration(argument) is None:
                    self._add("state", self._text(argument), node)

    def _through(self, argument: Node, call: Node) -> None:
        """Judge a write through a pointer that is passed on."""
        if argument.kind == "unary_expression" and argument.children[0].text == b"&":
            self._written(argument.children[-1], call, "state")
            return
        if argument.text in (b"NULL", b"0"):
            return
        if argument.kind == "identifier":
            found = local_declaration(argument)
            if found is not None and found.type.shape[:1] == "[":
                return
            index = self._parameters.get(argument.text or b"")
            if found is not None and index is not None:
                self._writes.add(index)
                return
        self._add("state", self._text(argument), call)

    # Writes.

    def _assigned(self, node: Node) -> None:
        operator, value = node.children[1].text, node.children[-1]
        is_constant = self._is_constant(value) and not self._is_read(node)
        if operator == b"=" and is_constant or operator in (b"|=", b"&=") and is_constant:
            kind: EffectKind = "sticky"
        else:
            kind = "state" if operator in (b"=", b"|=", b"&=") else "counter"
        self._written(node.children[0], node, kind)

    def _is_read(self, assigned: Node) -> bool:
        """Whether the function reads what it sets, too: a test and set does not bear repeating."""
        target = assigned.children[0]
        name = member_of(target).encode() or target.text
        return any(
            leaf.text == name and not target.start <= leaf.start < target.end
            for leaf in self._body.node.leaves()
        )

    def _is_constant(self, value: Node) -> bool:
        if value.kind in _CONSTANT:
            return True
        if value.kind == "identifier":
            name = value.text or b""
            is_macro = name.isupper() or name in (b"true", b"false", b"NULL")
            return is_macro and local_declaration(value) is None
        if value.kind == "unary_expression":
            return value.children[0].text in (b"~", b"-", b"!") and self._is_constant(
                value.children[-1]
            )
        if value.kind in ("parenthesized_expression", "binary_expression"):
            parts = [
                c for c in value.children if c.text is None or c.kind in (*_CONSTANT, "identifier")
            ]
            return all(self._is_constant(c) for c in parts)
        return False

    def _written(self, target: Node, node: Node, kind: EffectKind) -> None:
        root, through = root_of(target)
        if root is None or not is_name(root):
            self._add("state" if kind == "sticky" else kind, self._text(target), node)
            return
        found = local_declaration(root)
        if found is not None and not through:
            if any(
                b"static" in c.tokens()
                for c in found.node.children
                if c.kind == "storage_class_specifier"
            ):
                self._add("state", self._text(target), node)
            return
        if found is not None and through and found.type.shape[:1] == "[":
            return
        index = self._parameters.get(root.text or b"")
        if found is not None and index is not None and not self._is_reassigned(root):
            self._writes.add(index)
            if self._depth == 0:
                self._add(kind, self._text(target), node, member_of(target))
            return
        self._add(kind, self._text(target), node, member_of(target))

    def _is_reassigned(self, root: Node) -> bool:
        return (
            False
            if root.text is None
            else any(
                n.kind == "assignment_expression" and n.children[0].text == root.text
                for n in self._body.node.walk()
            )
        )


_HERE = frozenset({"lock", "unlock", "guard"})
"""Effects whose place matters: where in the caller they happen."""
