# SPDX-License-Identifier: GPL-2.0-only
"""Whether a hook's function, or a helper that it hands its VMA to, can take a descriptor.

In: a definition, and what its callees do. Out: `FunctionSafety`: the reasons why not, the helpers that
have to change with it, and what a person should know of it. A function passes only if everything
that it does with its VMA is in the table, and nothing that it does outlives a mapping that comes to
nothing. What the rules then make of it is checked again by `hook_rewriting`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from vmaconv.cocci.tree.node import Node
from vmaconv.hooks.hook import HookReason
from vmaconv.hooks.hook_actions import Actions
from vmaconv.hooks.hook_bodies import Bodies, FunctionBody
from vmaconv.hooks.hook_effect import ANY, Effect, EffectKind, Summary
from vmaconv.hooks.hook_effects import Effects
from vmaconv.hooks.hook_paths import statement_of
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_verdict import (
    FunctionSafety,
    Saying,
    VmaReceiver,
    is_file,
    is_vma,
    parameters_of,
)
from vmaconv.hooks.shared_calls import SharedCalls
from vmaconv.hooks.state_reads import read_of
from vmaconv.migrate.facts.local_names import argument_nodes, uses_of
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import owner_of

MEMBERS = frozenset(
    (b"vm_start", b"vm_end", b"vm_pgoff", b"vm_page_prot", b"vm_ops", b"vm_private_data")
    + (b"vm_file", b"vm_mm", b"vm_flags")
)
"""Members of the VMA that have a counterpart (include/linux/mm_types.h, struct vm_area_desc)."""

_TAKEN_ONLY = frozenset({b"vm_ops", b"vm_private_data"})
_READ_ONLY = frozenset({b"vm_start", b"vm_end", b"vm_mm", b"vm_file"})

_LASTING: Mapping[EffectKind, tuple[str, str]] = {
    "allocates": ("allocation", "{}() allocates or frees: a merge or a failure would leak it"),
    "counts": (
        "reference",
        "{}() changes a count or a list that a merge or a failure would not undo",
    ),
    "counter": ("counter", "{} counts, and would count merges and failures, too"),
    "state": ("state", "{} is written, before it is known whether there will be a mapping"),
    "maps": ("no-action", "{}() maps, and no action does just that"),
    "stacks": ("stacked", "{}() runs the hook of another file"),
    "indirect": (
        "indirect-call",
        "{}() is called through a pointer: what it does is unknown",
    ),
    "unknown": (
        "unknown-function",
        "what {} does is not known: its body was not found or not understood",
    ),
}
"""What an effect that outlives the call keeps a hook from: the reason's code, and its sentence."""


class Safety:
    """Judges functions one by one."""

    def __init__(
        self, sources: Sources, bodies: Bodies, effects: Effects, recipe: HookRecipe
    ) -> None:
        self.sources = sources
        self.bodies = bodies
        self.effects = effects
        self.recipe = recipe
        self._naming: dict[tuple[str, bytes], frozenset[bytes]] = {}

    def macros_naming(self, path: str, name: bytes) -> frozenset[bytes]:
        """Return the macros of a file, and of its headers beside it, that have a word in their bodies."""
        key = (path, name)
        if key not in self._naming:
            own = path.rpartition("/")[0]
            files = [path, *self.sources.includes(path)]
            pattern = re.compile(
                rb"^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[^\\\n]|\\(?:.|\n))*\b%b\b" % re.escape(name),
                re.MULTILINE,
            )
            texts = (self.sources.unit(f).text for f in files if f.rpartition("/")[0] == own)
            self._naming[key] = frozenset(m[1] for text in texts for m in pattern.finditer(text))
        return self._naming[key]

    def judge(self, body: FunctionBody, shared: SharedCalls | None = None) -> FunctionSafety | None:
        """Judge a definition; None if none of its parameters is a pointer to a VMA.

        `shared` are functions that the file's reads and writes call, too.
        """
        vma = next((one for one in parameters_of(body) if is_vma(one)), None)
        if vma is None:
            return None
        verdict = FunctionSafety(body, vma)
        _Judge(self, verdict, shared).run()
        return verdict


class _Judge(Saying):
    """Judges one function."""

    def __init__(self, safety: Safety, verdict: FunctionSafety, shared: SharedCalls | None) -> None:
        super().__init__(safety.sources, verdict)
        self._shared = shared
        self._safety = safety
        self._recipe = safety.recipe
        self._uses = list(uses_of(verdict.vma, self._function))

    def run(self) -> None:
        for use in self._uses:
            self._use(use)
        self._macros()
        self._lower()
        if self._verdict.reasons:
            # Enough is known: callees need not be read.
            return
        safety = self._safety
        summary = safety.effects.of(self._body, shared=self._shared)
        self._effects(summary)
        Actions(safety.sources, self._verdict, safety.effects, self._recipe).check(summary.held)
        self._flags()

    # Uses of the VMA.

    def _use(self, use: Node) -> None:
        parent = use.parent
        if parent is None:
            return
        match parent.kind:
            case "field_expression":
                self._member(parent)
            case "argument_list":
                self._argument(use, parent)
            case "unary_expression" if parent.children[0].text == b"!":
                pass
            case "parenthesized_expression" | "if_statement" | "binary_expression" if self._tested(
                use
            ):
                pass
            case _:
                self._say(
                    "stores-vma",
                    statement_of(use),
                    f"{self._text(statement_of(use))!r} keeps the VMA",
                )

    def _tested(self, use: Node) -> bool:
        parent = use.parent
        if parent is not None and parent.kind == "binary_expression":
            return parent.children[1].text in (b"&&", b"||")
        return parent is not None and parent.kind == "if_statement"

    def _member(self, member: Node) -> None:
        name = member.children[-1].text or b""
        if name not in MEMBERS:
            self._say(
                "member", member, f"{self._text(member)} has no counterpart in the descriptor"
            )
            return
        written, read = _access(member)
        if written and name in _READ_ONLY:
            code = "stacked" if name == b"vm_file" else "range"
            self._say(
                code,
                member,
                f"{self._text(member)} is written, which the descriptor does not allow",
            )
        if read and name in _TAKEN_ONLY:
            if member.parent is not None and member.parent.kind == "field_expression":
                self._say(
                    "vm-ops",
                    member,
                    f"{self._text(member.parent)} is used: the descriptor's vm_ops is only set",
                )
            else:
                self._say(
                    "reads-back",
                    member,
                    f"{self._text(member)} is read: the descriptor only takes it",
                )
        if written and name == b"vm_ops":
            self._note_ops(member)

    def _note_ops(self, member: Node) -> None:
        parent = member.parent
        if parent is None or parent.kind != "assignment_expression":
            return
        self._verdict.vm_ops.append(parent.children[-1])

    def _argument(self, use: Node, arguments: Node) -> None:
        call = arguments.parent
        if call is None or call.kind != "call_expression":
            self._say("stores-vma", use, "the VMA is handed to a macro")
            return
        callee = call.children[0]
        name = callee.text or b""
        if callee.kind != "identifier":
            self._say(
                "forwards", call, f"the VMA goes to {self._text(callee)}(), which wants a VMA"
            )
            return
        text = name.decode(errors="replace")
        if self._safety.bodies.is_own(self._body.path, name):
            self._verdict.helpers.append(
                VmaReceiver(self._body.path, name, call, self._place(call))
            )
            return
        core = self._recipe.core.get(text)
        if text in self._recipe.mapping:
            return
        if text in self._recipe.twins:
            self._twin(call, text)
        elif core is None:
            self._verdict.helpers.append(
                VmaReceiver(self._body.path, name, call, self._place(call))
            )
        elif core.kind == "maps":
            self._say(
                "no-action",
                call,
                f"{text}() ({core.header}) maps, and no action does just that",
                text,
            )
        elif core.kind == "stacks":
            self._say(
                "stacked", call, f"{text}() ({core.header}) runs the hook of another file", text
            )
        elif core.kind != "vma":
            self._say("helper", call, f"{text}() ({core.header}) wants a VMA", text)

    def _twin(self, call: Node, text: str) -> None:
        """A hook of the core takes the hook's own file only: the descriptor has no other."""
        others = [a for a in argument_nodes(call) if a.text != self._name]
        files = {one.name for one in parameters_of(self._body) if is_file(one)}
        written = {
            n.children[0].text for n in self._function.walk() if n.kind == "assignment_expression"
        }
        if any(a.text not in files or a.text in written for a in others):
            self._say("stacked", call, f"{text}() is given another file than the hook's own", text)

    # What outlives the call.

    def _effects(self, summary: Summary) -> None:
        names = {one.name for one in parameters_of(self._body) if is_vma(one)}
        for effect in summary.effects:
            head, arrow, member = effect.subject.encode().partition(b"->")
            if arrow and head in names and re.fullmatch(rb"\w+", member):
                continue
            self._effect(effect)
        tests = [e for e in summary.effects if e.kind == "tests"]
        for effect in summary.effects:
            if effect.kind == "sticky" and any(_looks_at(test, effect) for test in tests):
                text = f"{effect.subject} is set, and tested: the next mapping would see it"
                self._lasts("state", effect, text)
            elif effect.kind == "sticky" and effect.member and not effect.once:
                self._looked_at(effect)
        for effect in summary.effects:
            if effect.kind == "lock":
                text = f"{effect.subject}() is not undone on each path before the function returns"
                self._lasts("lock", effect, text)
            elif effect.kind == "unlock":
                text = f"{effect.subject}() undoes what the function has not done on each path"
                self._lasts("lock", effect, text)

    def _looked_at(self, effect: Effect) -> None:
        safety = self._safety
        place = read_of(safety.sources, safety.bodies, self._body, effect)
        if place is not None:
            text = (
                f"{effect.subject} is set, and looked at in {place}: the next mapping would see it"
            )
            self._lasts("state", effect, text)

    def _lasts(self, code: str, effect: Effect, text: str) -> None:
        reason = HookReason(code, effect.subject, text, effect.place)
        if reason not in self._verdict.reasons:
            self._verdict.reasons.append(reason)

    def _effect(self, effect: Effect) -> None:
        if effect.kind == "sticky":
            self._verdict.sticky.append(effect)
        elif effect.kind == "maps" and effect.subject in self._recipe.mapping:
            # That becomes the action: `hook_actions` looks at it.
            return
        elif (known := _LASTING.get(effect.kind)) is not None:
            code, text = known
            self._lasts(code, effect, text.format(effect.subject))

    def _macros(self) -> None:
        """Macros that name the VMA without being given it would not compile any more."""
        names = self._safety.macros_naming(self._body.path, self._name)
        for leaf in self._function.leaves() if names else ():
            if leaf.text in names and not self._is_given(leaf):
                self._say("macro", leaf, f"the macro {self._text(leaf)} names the VMA in its body")

    def _is_given(self, leaf: Node) -> bool:
        """Whether a macro is handed the VMA, so that its parameter may have that name, too."""
        call = leaf.parent
        if call is None or call.kind != "call_expression" or call.children[0] is not leaf:
            return False
        return any(self._name in a.tokens() for a in argument_nodes(call))

    def _lower(self) -> None:
        """A hook that looks at the hook of another file is stacked on it."""
        types = self._safety.sources.types(self._body.path)
        for node in self._function.walk():
            if node.kind != "field_expression" or node.children[-1].text != b"mmap":
                continue
            owner = (owner_of(node.children[-1], types) or b"").decode(errors="replace")
            if owner == self._recipe.struct:
                text = f"{self._text(node)} is the hook of another file, which may have the new one"
                self._say("stacked", node, text)

    def _flags(self) -> None:
        for leaf in self._function.leaves():
            if leaf.text in (b"VM_HUGETLB", b"VMA_HUGETLB_BIT"):
                self._say("hugetlb", leaf, "a mapping of huge pages needs more than a descriptor")


def _looks_at(test: Effect, effect: Effect) -> bool:
    """Whether a test of a bit may be one of the bit that is set."""
    same = effect.member and (test.member == effect.member or ANY in (test.member, effect.member))
    return bool(same) and (test.bit == effect.bit or not (test.bit and effect.bit))


def _access(member: Node) -> tuple[bool, bool]:
    """Say whether a member is written, and whether it is read."""
    node = member
    parent = node.parent
    while parent is not None and parent.kind == "parenthesized_expression":
        node, parent = parent, parent.parent
    if parent is None:
        return False, True
    if parent.kind == "assignment_expression" and parent.children[0] is node:
        return True, parent.children[1].text != b"="
    if parent.kind == "update_expression":
        return True, True
    if parent.kind == "unary_expression" and parent.children[0].text == b"&":
        return True, True
    return False, True
