# SPDX-License-Identifier: GPL-2.0-only
"""Whether a stretch of code has to do with flags.

In: a syntax tree, and what one side says. Out: a truth. Where in doubt it is yes: what is not about
flags is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.headers.header_index import (
    BITMAP_HEADER,
    TALKS_OF_FLAGS,
    FoundFunction,
    Undeclared,
)
from vmaconv.prove.meaning.side_facts import FLAG_NAME, SideFacts

_WORDS = frozenset(
    {"vm_flags", "vma_flags", "def_flags", "def_vma_flags", "vm_flags_t", "vma_flags_t"}
    | {"vma_start_write"}
)
_CALLED = late_regex(rb"\b(\w+) *\(")
DEPTH = 4
"""How deep functions that only one side has are followed."""

_BOOLS = frozenset({b"bool", b"_Bool"})
_TYPES = frozenset({b"vm_flags_t", b"vma_flags_t"})


class FlagWords(Struct, frozen=True):
    """One side's words for flags."""

    facts: SideFacts
    hot: frozenset[str]
    parameters: Mapping[str, CType]
    locals: Mapping[str, CType]
    numbers: frozenset[str] = frozenset()
    """Those of `hot` that take other numbers than before: calls that hand on flags are of flags."""
    answers: frozenset[str] = frozenset()
    """The bools that were asked of flags."""
    carriers: frozenset[str] = frozenset()
    """The locals that hold something of flags."""

    def with_answers(self, function: Node) -> FlagWords:
        """Return the same words, and the locals of a function that hold something of flags."""
        answers: set[str] = set()
        carriers: set[str] = set()
        for node in function.walk():
            if node.kind in ("init_declarator", "assignment_expression") and len(node.children) > 2:
                name = (node.children[0].text or b"").decode(errors="replace")
                ctype = self.locals.get(name) or self.parameters.get(name)
                if ctype is None or ctype.shape or not self.has_flags(node.children[-1]):
                    continue
                carriers.add(name)
                if ctype.base in _BOOLS:
                    answers.add(name)
        return replace(self, answers=frozenset(answers), carriers=frozenset(carriers))

    def has_flags(self, node: Node) -> bool:
        """Return whether a stretch mentions a flag, a word or set of flags, or a helper for them."""
        return any(self._is_flags(leaf) for leaf in node.leaves())

    def _is_flags(self, leaf: Node) -> bool:
        if leaf.kind not in ("identifier", "type_argument"):
            return False
        name = (leaf.text or b"").decode(errors="replace")
        if name in _WORDS:
            return True
        if name in self.numbers:
            return self._hands_on_flags(leaf)
        if name in self.hot:
            return not self._is_bare(leaf, name)
        if FLAG_NAME.match(name):
            return not name.startswith(("VM_WARN", "VM_BUG")) and not self._is_other(name)
        ctype = self.locals.get(name) or self.parameters.get(name)
        if ctype is not None:
            return ctype.base in _TYPES or name in self.answers
        parent = leaf.parent
        if parent is None:
            return False
        if parent.kind == "field_expression" and parent.children[-1] is leaf:
            return self._is_member(parent, name)
        if parent.kind == "call_expression" and parent.children[0] is leaf:
            return self._is_helper(name)
        return False

    def _is_other(self, name: str) -> bool:
        """Return whether a constant only looks like a flag: `VM_FAULT_SIGBUS`, of another enum."""
        is_known = name.startswith("VM_") and not self.facts.is_macro(name)
        return is_known and self.facts.enumerator(name) is not None

    def _is_member(self, expression: Node, name: str) -> bool:
        """Return whether a member of a struct holds flags: by the struct's tag, or by how it looks."""
        base = expression.children[0]
        ctype = None
        if base.kind == "identifier":
            word = (base.text or b"").decode(errors="replace")
            ctype = self.locals.get(word) or self.parameters.get(word)
        if ctype is not None and ctype.base.startswith((b"struct ", b"union ")):
            tag = ctype.base.split()[-1].decode(errors="replace")
            return name in self.facts.members.get(tag, {})
        return name == "flags" and b"vma" in b" ".join(expression.tokens())

    def _hands_on_flags(self, leaf: Node) -> bool:
        """Return whether a local that holds something of flags is among the arguments of a call."""
        parent = leaf.parent
        if parent is None or parent.kind != "call_expression" or parent.children[0] is not leaf:
            return True
        words = ((one.text or b"").decode(errors="replace") for one in parent.children[-1].leaves())
        return not self.carriers.isdisjoint(words)

    def _is_bare(self, leaf: Node, name: str) -> bool:
        """Return whether a macro that takes arguments stands without them: that is no use of it."""
        parent = leaf.parent
        if parent is not None and parent.kind == "call_expression" and parent.children[0] is leaf:
            return False
        try:
            macro = self.facts.macro(name)
        except Undeclared:
            return False
        return macro is not None and macro.parameters is not None

    def _is_helper(self, name: str) -> bool:
        if name.startswith(("vma_flags_", "vm_flags_", "vma_desc_", "mk_vma_flags")):
            return True
        try:
            macro = self.facts.macro(name)
            if macro is not None and macro.parameters is not None:
                return True
            function = self.facts.function(name)
        except Undeclared:
            return True
        return function is not None and self._talks(function, DEPTH)

    def _talks(self, function: FoundFunction, depth: int) -> bool:
        """Whether a function has to do with flags, or calls one that only this side has and does."""
        if function.path == BITMAP_HEADER:
            # Bits of anything: flags stand among the arguments then.
            return False
        node = function.node
        text = function.text[node.start : node.end]
        if TALKS_OF_FLAGS.search(text) or self.facts.index.talks_of_flags(function.name):
            return True
        called = {m[1].decode() for m in _CALLED.finditer(text)} - {function.name}
        inner = (self.facts.only_here(name, self.facts.ask) for name in called if depth)
        return any(one is not None and self._talks(one, depth - 1) for one in inner)
