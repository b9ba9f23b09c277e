# SPDX-License-Identifier: GPL-2.0-only
"""What one definition does that outlives its call: calls, writes, counts, locks.

In: a function's definition, and who knows what its callees do. Out: its `Summary`. Which definitions a
name has, and how deep to look, is left to `hook_effects`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import declared, is_static, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import VMA
from vmaconv.hooks.hook_bodies import FunctionBody
from vmaconv.hooks.hook_constants import Constants, constant_of, passed, unreached
from vmaconv.hooks.hook_effect import ANY, Effect, EffectKind, Summary
from vmaconv.hooks.hook_recipe import Core
from vmaconv.hooks.lock_balance import LOCKS, LockBalance
from vmaconv.hooks.lvalues import followed, member_of, root_of, unset_member
from vmaconv.hooks.macro_effects import GUARDS
from vmaconv.hooks.shared_calls import SharedCalls
from vmaconv.migrate.facts.local_names import argument_nodes, is_name, local_declaration
from vmaconv.migrate.facts.sources import Sources

if TYPE_CHECKING:
    from vmaconv.hooks.hook_effects import Effects

_CONSTANT = frozenset({"number_literal", "char_literal"})
_OWN_WORDS = frozenset({b"sizeof", b"offsetof", b"typeof", b"__typeof__", b"alignof", b"defined"})
_HARMLESS = frozenset({"sticky", "tests", "guard"})
"""Effects that do not matter for as long as they are not undone."""


class EffectReader:
    """Reads one definition."""

    def __init__(
        self,
        effects: Effects,
        sources: Sources,
        body: FunctionBody,
        depth: int,
        constants: Constants,
        shared: SharedCalls | None = None,
    ) -> None:
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
        given = dict(constants)
        self._bound = {
            name: given[index] for name, index in self._parameters.items() if index in given
        }
        self._dead = list(unreached(body.node, self._bound))
        self._found: list[Effect] = []
        self._writes: set[int] = set()
        self._locks = LockBalance(self._unit, body.node)
        self._shared = shared
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
            if any(start <= node.start < end for start, end in self._dead):
                continue
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
        self._macros()
        left, held = self._locks.come_to()
        self._found += left
        return Summary(tuple(dict.fromkeys(self._found)), frozenset(self._writes), held)

    def _macros(self) -> None:
        """Read the macros without arguments, and what happens where variables' scopes end."""
        body = self._body.node.children[-1]
        text = blank_out(self._unit.slice(body), strings=True)
        path, place, macros = self._body.path, self._place(body), self._effects.macros
        for word, effect in macros.in_text(path, text, place, self._depth):
            match = re.compile(rb"\b%b\b" % re.escape(word)).search(text)
            line = self._unit.line(body.start + (match.start() if match else 0))
            self._found.append(replace(effect, place=HeaderPlace(path, line)))
        self._found += macros.scope_ends(path, text, place, self._depth)

    def _text(self, node: Node) -> str:
        text = b" ".join(self._unit.slice(node).split()).decode(errors="replace")
        return text if len(text) <= 60 else text[:57] + "..."

    def _place(self, node: Node) -> HeaderPlace:
        return HeaderPlace(self._body.path, self._unit.line(node.start))

    def _add(
        self, kind: EffectKind, subject: str, node: Node, member: str = "", once: bool = False
    ) -> None:
        self._found.append(Effect(kind, subject, self._place(node), member, once=once))

    # Calls.

    def _call(self, call: Node) -> None:
        callee = bare(call.children[0])
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
            self._add("sticky", subject, call, once, once=True)
            return
        core = self._effects.core(self._body.path, name.decode(errors="replace"))
        if core is not None and self._of_kind(call, core):
            return
        # A shallow look costs less than to ask who else calls the function; a deep one costs more.
        shallow = self._effects.is_shallow()
        if not shallow and self._is_shared(call, name):
            self._add_shared(call, name)
            return
        constants = passed(call, self._bound)
        summary = self._effects.called(
            self._body.path, name, self._place(call), self._depth, constants
        )
        lasts = shallow and any(e.kind not in _HARMLESS for e in summary.effects)
        if lasts and self._is_shared(call, name):
            self._add_shared(call, name)
            return
        locks = [e for e in summary.effects if e.kind in LOCKS]
        self._locks.note(call, locks, self._place(call))
        for effect in summary.effects:
            if effect.kind == "guard":
                self._found.append(replace(effect, place=self._place(call)))
            elif effect.kind not in LOCKS:
                self._found.append(effect)
        arguments = argument_nodes(call)
        for index in summary.writes:
            if index < len(arguments):
                self._through(arguments[index], call)

    def _of_kind(self, call: Node, core: Core) -> bool:
        """Judge a call of the core whose arguments say what it does; whether it was one."""
        arguments = argument_nodes(call)
        if core.kind in ("bits", "tests"):
            self._bit(call, core)
        elif core.name in GUARDS:
            self._guard(core, call, arguments)
        elif core.kind == "stores" and len(arguments) > 2:
            self._through(arguments[2], call)
        elif core.kind == "changes" and arguments:
            self._written(arguments[0], call, "state")
        else:
            return False
        return True

    def _guard(self, core: Core, node: Node, arguments: list[Node]) -> None:
        self._add("guard", core.name, node)
        name = arguments[0].text if arguments and arguments[0].kind == "identifier" else None
        if name is None:
            self._add("unknown", core.name, node)
            return
        path, place = self._body.path, self._place(node)
        self._found += self._effects.macros.guard(path, name, place, self._depth)

    def _add_shared(self, call: Node, name: bytes) -> None:
        text = name.decode(errors="replace")
        subject = f"what {text}() does, which a read or a write does, too,"
        self._add("sticky", subject, call, text, once=True)

    def _is_shared(self, call: Node, name: bytes) -> bool:
        """Whether a call that reads make, too, has nothing of the mapping's, and takes nothing."""
        if self._shared is None or not self._shared.has(name, self._body.path):
            return False
        vmas = {
            one.name
            for node in parameters(self._body.node)
            for one in declared(node)
            if one.type.base == VMA
        }
        for leaf in (leaf for a in argument_nodes(call) for leaf in a.leaves()):
            found = local_declaration(leaf) if leaf.kind == "identifier" else None
            if leaf.text in vmas or found is not None and vmas & set(found.node.tokens()):
                return False
        return self._effects.is_repeatable(self._body.path, name, self._place(call))

    def _bit(self, call: Node, core: Core) -> None:
        """A bit that is set or cleared may be so again; what tests it first may not."""
        arguments = argument_nodes(call)
        if len(arguments) != 2:
            self._add("counts", core.name, call)
            return
        word = arguments[1]
        if word.kind == "unary_expression" and word.children[0].text == b"&":
            word = word.children[-1]
        root, _ = root_of(word)
        found = local_declaration(root) if root is not None and is_name(root) else None
        if found is not None and found.type.shape[:1] == "[":
            return
        bit = constant_of(arguments[0], self._bound)
        kind: EffectKind = "tests"
        if core.kind == "bits":
            # A bit that is chosen is one of many: it stands for this mapping.
            kind = "sticky" if bit else "state"
        subject = f"{bit or self._text(arguments[0])} of {self._text(word)}"
        effect = Effect(kind, subject, self._place(call), member_of(word) or ANY, bit)
        self._found.append(effect)

    def _iterator(self, node: Node) -> None:
        name = node.children[0].text or b""
        core = self._effects.core(self._body.path, name.decode(errors="replace"))
        if core is not None and core.kind == "locks":
            self._guard(core, node, _given(node))
        elif not re.search(rb"for_each", name):
            self._add("unknown", name.decode(errors="replace"), node)
        else:
            place = self._place(node)
            self._found += self._effects.macros.iterator(self._body.path, name, place, self._depth)
            # The iterator writes its cursor, which must be a local.
            for argument in _given(node)[:1]:
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
            index = self._parameters.get(argument.text or b"")
            if found is not None and index is None and found.type.shape[:1] == "[":
                return
            if found is not None and index is not None:
                self._writes.add(index)
                if self._depth == 0 and found.type.base != VMA:
                    self._add("state", f"what {self._text(argument)} points to", call)
                return
        # Not `vma->x` itself, which the descriptor may have: what that points to.
        is_member = argument.kind == "field_expression"
        text = self._text(argument)
        self._add("state", f"what {text} points to" if is_member else text, call)

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
            if is_static(found.node):
                self._add("state", self._text(target), node)
            return
        deep = followed(target, self._types)
        index = self._parameters.get(root.text or b"")
        # An array of one's own; a parameter that is written as one is a pointer.
        arrays = _dimensions(found.type.shape) if found is not None and index is None else 0
        if arrays and deep <= arrays:
            return
        if found is not None and index is not None and not self._is_reassigned(root):
            self._writes.add(index)
            # What a pointer within leads to is not the caller's own, even where the rest is.
            if self._depth == 0 or deep > 1:
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


def _dimensions(shape: str) -> int:
    return len(shape) - len(shape.lstrip("["))


def _given(iterator: Node) -> list[Node]:
    """Return the arguments of an iterator, whose statement stands behind them."""
    return [c for c in iterator.children[1].children if c.text not in (b"(", b")", b",")]
