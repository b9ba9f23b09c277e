# SPDX-License-Identifier: GPL-2.0-only
"""Whether the mapping calls of a function can become its one action.

In: a function whose other uses of the VMA are known. Out: reasons, where a range or a protection is
not the VMA's, a call is in a loop, twice on a path or under a lock, or where what stands behind it
depends on it.
"""

from __future__ import annotations

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.hooks.hook_effects import Effects
from vmaconv.hooks.hook_pages import Pages
from vmaconv.hooks.hook_paths import behind, most_on_a_path, statement_of
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_sizes import is_start, size_of
from vmaconv.hooks.hook_verdict import FunctionSafety, Saying, is_vma, parameters_of
from vmaconv.hooks.macro_effects import GUARDS
from vmaconv.hooks.path_counts import runs_again
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.sources import Sources

_CLEARS = frozenset({"vm_flags_clear", "vm_flags_mod", "vm_flags_reset", "vma_clear_flags"})
"""What may take a flag away again that a mapping function sets (mm/memory.c, remap_pfn_range())."""

_LOOKS = frozenset({"vma_test", "vma_test_any", "vma_test_all", "vma_start_pgoff"})
"""What may look at such a flag, or at the offset of a private mapping, which it sets, too."""

_TOUCHED = late_regex(
    rb"\b(?:vm_flags|vm_pgoff|vm_page_prot|"
    + b"|".join(name.encode() for name in sorted(_CLEARS | _LOOKS))
    + rb")\b"
)
"""Words of a function that has to do with what a mapping function sets or takes."""


class Actions(Saying):
    """Checks the mapping calls of one function."""

    def __init__(
        self, sources: Sources, verdict: FunctionSafety, effects: Effects, recipe: HookRecipe
    ) -> None:
        super().__init__(sources, verdict)
        self._sources = sources
        self._effects = effects
        self._recipe = recipe

    def _maps(self, call: Node) -> bool:
        callee = call.children[0]
        return (
            callee.kind == "identifier"
            and (callee.text or b"").decode(errors="replace") in self._recipe.mapping
        )

    def check(self, held: frozenset[int]) -> None:
        """Say what is wrong with each mapping call, and note the calls in the verdict.

        `held` are the calls that a lock may be held over.
        """
        calls = [n for n in self._function.walk() if n.kind == "call_expression"]
        self._verdict.maps = [call for call in calls if self._maps(call)]
        for call in self._verdict.maps:
            self._mapping(call)
        helpers = {id(h.call) for h in self._verdict.helpers}
        count = most_on_a_path(
            self._function,
            lambda c: int(self._maps(c) or id(c) in helpers and self._helper_maps(c)),
        )
        acting = [*self._verdict.maps]
        acting += [c for c in calls if id(c) in helpers and self._helper_maps(c)]
        if count > 1 and acting:
            self._say(
                "two-actions", acting[-1], "a hook may ask for one action, and this may map twice"
            )
        for call in acting:
            self._around(call)
            if call.start in held:
                text = f"a lock may be held over {self._text(call.children[0])}(), which runs later now"
                self._say("lock", call, text)
            if id(call) in helpers:
                self._passed_on(call)

    def _helper_maps(self, call: Node) -> bool:
        name = call.children[0].text or b""
        found = self._effects.called(self._body.path, name, self._place(call), 1)
        return any(e.kind == "maps" for e in found.effects)

    def _mapping(self, call: Node) -> None:
        known = self._recipe.mapping[(call.children[0].text or b"").decode()]
        arguments = argument_nodes(call)
        member = [self._name, b"->"]
        if not arguments or arguments[0].text != self._name:
            self._say("stores-vma", call, f"{known.name}() is given another VMA")
            return
        if known.prot and known.prot <= len(arguments):
            prot = arguments[known.prot - 1]
            if prot.tokens() != [*member, b"vm_page_prot"]:
                self._say(
                    "prot",
                    call,
                    f"the protection {self._text(prot)} is not the VMA's: an action takes that",
                )
        start = arguments[known.start - 1] if known.start else None
        if start is not None and not is_start(self._function, self._name, start):
            self._say(
                "size", call, f"the mapping begins at {self._text(start)}, not at the VMA's start"
            )
        Pages(self._sources, self._verdict).check(call, known)
        if known.size and known.size <= len(arguments):
            size = arguments[known.size - 1]
            if not size_of(self._function, self._name, size):
                self._say(
                    "size",
                    call,
                    f"the size {self._text(size)} is not the VMA's, nor provably inside",
                )

    def _around(self, call: Node) -> None:
        if runs_again(self._function, call):
            self._say("loop", call, f"{self._text(call.children[0])}() is called in a loop")
        for later in behind(call):
            self._behind(later)
        self._locked(call)
        self._result(call)

    def _behind(self, later: Node) -> None:
        for node in later.walk():
            # The mapping function sets flags, and the offset of a private mapping.
            if node.kind == "field_expression" and node.children[0].text == self._name:
                member = node.children[-1].text
                if member in (b"vm_flags", b"vm_pgoff") and not self._is_said(node):
                    self._say(
                        "order",
                        node,
                        f"{self._text(node)} is read behind the mapping call, which sets it",
                    )
        for node in later.walk():
            if node.kind != "assignment_expression":
                continue
            target = node.children[0]
            tokens = target.tokens()
            if tokens[:2] == [self._name, b"->"] and tokens[2:] in (
                [b"vm_page_prot"],
                [b"vm_pgoff"],
            ):
                self._say(
                    "order",
                    node,
                    f"{self._text(target)} is set behind the mapping call, which took it before",
                )
            elif tokens[:2] != [self._name, b"->"] and target.kind != "identifier":
                self._say(
                    "order",
                    node,
                    f"{self._text(target)} is set behind the mapping call: it would be set before it",
                )
        for node in later.walk():
            if node.kind == "call_expression" and not self._maps(node):
                self._call_behind(node)

    def _is_said(self, node: Node) -> bool:
        """Whether an expression is only printed."""
        call = node.enclosing("call_expression")
        name = (call.children[0].text or b"").decode(errors="replace") if call is not None else ""
        core = self._effects.core(self._body.path, name)
        return core is not None and core.kind == "prints"

    def _call_behind(self, call: Node) -> None:
        name = call.children[0].text or b""
        text = name.decode(errors="replace")
        core = self._effects.core(self._body.path, text)
        if text in _CLEARS:
            self._say("order", call, f"{text}() runs behind the mapping call, which sets flags")
            return
        if text in _LOOKS:
            self._say("order", call, f"{text}() looks at what the mapping call before it sets")
            return
        if core is not None and core.kind in ("prints", "pure", "vma", "unlocks"):
            return
        if core is None and call.children[0].kind == "identifier":
            found = self._effects.called(self._body.path, name, self._place(call), 0)
            if self._is_given(call) and self._touches(self._body.path, name, frozenset()):
                self._say(
                    "order", call, f"{text}() has to do with what the mapping call before it sets"
                )
                return
            if not found.effects and not found.writes:
                if text not in self._verdict.behind:
                    self._verdict.behind.append(text)
                return
            if all(e.kind == "unknown" for e in found.effects):
                self._say(
                    "unknown-function",
                    call,
                    f"{text}() runs behind the mapping call, and what it does is not known",
                    text,
                )
                return
        self._say(
            "order",
            call,
            f"{self._text(call.children[0])}() runs behind the mapping call: it would run before it",
        )

    def _is_given(self, call: Node) -> bool:
        return any(self._name in a.tokens() for a in argument_nodes(call))

    def _touches(self, path: str, name: bytes, seen: frozenset[bytes]) -> bool:
        """Whether a function that is handed the VMA, or one that it hands it to, has to do with what
        a mapping call sets."""
        functions, macros = self._effects.definitions(path, name)
        if any(_TOUCHED.search(macro.text) for macro in macros):
            return True
        for body in functions:
            if _TOUCHED.search(self._effects.text(body)):
                return True
            vmas = {one.name for one in parameters_of(body) if is_vma(one)}
            for node in body.node.walk():
                if node.kind != "call_expression" or node.children[0].kind != "identifier":
                    continue
                callee = node.children[0].text or b""
                is_given = any(vmas.intersection(a.tokens()) for a in argument_nodes(node))
                is_new = is_given and callee not in seen
                if is_new and self._touches(body.path, callee, seen | {name}):
                    return True
        return False

    def _locked(self, call: Node) -> None:
        """A guard holds its lock until the scope ends."""
        scope = [
            n for n in call.ancestors() if n.kind in ("compound_statement", "iterator_statement")
        ]
        for node in self._function.walk():
            callee = (
                node.children[0] if node.kind in ("call_expression", "iterator_statement") else None
            )
            if callee is None or callee.kind != "identifier":
                continue
            text = (callee.text or b"").decode(errors="replace")
            core = self._effects.core(self._body.path, text)
            if core is None or core.name not in GUARDS:
                continue
            # A scoped one ends with its own statement.
            is_scoped = node.kind == "iterator_statement"
            inside = node in scope if is_scoped else statement_of(node).parent in scope
            if node.start < call.start and inside:
                self._say(
                    "lock",
                    node,
                    f"{core.name}() holds a lock over the mapping call, which runs later now",
                )

    def _result(self, call: Node) -> None:
        """A local that takes the call's result may be looked at right behind it, no further."""
        parent = call.parent
        if parent is not None and parent.kind in ("expression_statement", "cast_expression"):
            self._say("result-used", call, "the hook ignores an error of the call that counts now")
            return
        if parent is not None and parent.kind == "init_declarator" and self._maps(call):
            self._say("result-used", call, "the result of the mapping call initialises a variable")
            return
        if (
            parent is None
            or parent.kind != "assignment_expression"
            or parent.children[-1] is not call
        ):
            return
        target = parent.children[0]
        if target.kind != "identifier":
            self._say(
                "result-used", call, f"the result of the mapping call goes to {self._text(target)}"
            )
            return
        statement = statement_of(call)
        after = list(behind(call))
        for later in after[1:]:
            if any(leaf.text == target.text for leaf in later.leaves()):
                self._say(
                    "result-used",
                    statement,
                    f"{self._text(target)}, the result of the mapping call, is used further on",
                )
                return

    def _passed_on(self, call: Node) -> None:
        """The error of a helper that maps comes after the hook now: it has to be the hook's own."""
        parent = call.parent
        if parent is None or parent.kind == "return_statement":
            return
        target = self._target(parent, call)
        if target is None:
            self._say("result-used", call, f"the result of {self._text(call)} is not passed on")
            return
        for later in behind(call):
            for node in later.walk():
                if node.kind == "return_statement" and node.children[1].text != target:
                    inside = node.enclosing("if_statement")
                    if inside is not None and target in inside.children[2].tokens():
                        self._say(
                            "result-used",
                            node,
                            f"an error of {self._text(call)} is replaced here: it comes later now",
                        )
                        return

    def _target(self, parent: Node, call: Node) -> bytes | None:
        """Return the local that takes a call's result."""
        if parent.kind not in ("assignment_expression", "init_declarator"):
            return None
        target = parent.children[0]
        return target.text if parent.children[-1] is call and target.kind == "identifier" else None
