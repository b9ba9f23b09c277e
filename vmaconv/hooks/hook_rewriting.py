# SPDX-License-Identifier: GPL-2.0-only
"""A hook's function, rewritten for a descriptor.

In: a definition that `hook_safety` has passed, and a program of rules. Out: its new text, or the
reason why not: the rules run over a copy of this function alone, and every use of the VMA that
they leave has to be one that a descriptor takes. Signatures, names and the `file` local are set
here; the table of what becomes what is in the rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import Program
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import declared, function_name, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import HookReason
from vmaconv.hooks.hook_alignment import aligned, unbraced
from vmaconv.hooks.hook_api import HookApi
from vmaconv.hooks.hook_locals import drop_unused
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_verdict import FunctionSafety, is_file, is_vma
from vmaconv.migrate.facts.local_names import argument_nodes, uses_of
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.write.alignment import realigned

FileLocal: TypeAlias = Literal["auto", "always", "never"]
RULE = "hooks"

_OVERRIDE = late_regex(rb"\baction\.error_override = (-\w+);")


class Renamed(Struct, frozen=True):
    """A function that changes: its new name, and whether it is a hook or a helper."""

    name: bytes
    is_hook: bool


class Rewritten(Struct, frozen=True):
    """A function's new text in place of bytes [`start`, `end`) of its file, and what was done.

    `helper` is a function that it needs, which stands at byte `helper_at`, before its comment.
    """

    path: str
    start: int
    end: int
    text: bytes
    result: FileResult
    helper: bytes = b""
    helper_at: int = 0

    def edits(self) -> list[Edit]:
        """Return the edits that put the function, and what it needs, in their places."""
        made = [Edit(self.start, self.end, self.text, RULE)]
        if self.helper:
            made.insert(0, Edit(self.helper_at, self.helper_at, self.helper + b"\n\n", RULE))
        return made


class Rewriter:
    """Rewrites functions of one tree."""

    def __init__(
        self,
        sources: Sources,
        program: Program,
        options: MatchOptions,
        api: HookApi,
        recipe: HookRecipe,
        file_local: FileLocal = "auto",
    ) -> None:
        self._sources = sources
        self._program = program
        self._options = options
        self._api = api
        self._recipe = recipe
        self._file_local = file_local
        self._done: dict[tuple[object, ...], Rewritten | HookReason] = {}

    def rewrite(
        self,
        verdict: FunctionSafety,
        names: Mapping[bytes, Renamed],
        calls: Sequence[Edit] = (),
    ) -> Rewritten | HookReason:
        """Rewrite one function, once; `names` are those that change with it, itself included.

        `calls` are edits of its calls of helpers that take members of the VMA now.
        """
        body = verdict.body
        key = (body.path, body.node.start, tuple(sorted(names.items(), key=_first)), tuple(calls))
        if key not in self._done:
            self._done[key] = self._rewrite(verdict, names, calls)
        return self._done[key]

    def _rewrite(
        self, verdict: FunctionSafety, names: Mapping[bytes, Renamed], calls: Sequence[Edit]
    ) -> Rewritten | HookReason:
        body = verdict.body
        unit = self._sources.unit(body.path)
        start, end = body.node.start, body.node.end
        place = HeaderPlace(body.path, unit.line(start))
        own_calls = [Edit(e.start - start, e.end - start, e.text, e.rule) for e in calls]
        old = apply(unit.text[start:end] + b"\n", own_calls)
        spelt = _respelt(old, body.path)
        if spelt is None:
            return HookReason("syntax", "", "the function does not parse by itself", place)
        copy = Unit(body.path, spelt, unit.loops)
        types = self._sources.types(body.path)
        headers = [self._sources.symbols(body.path), *types.headers]
        result = Runner(self._program, copy, headers, self._options).run()
        text = result.text
        function = _function(text, body.path)
        if function is None:
            return HookReason("syntax", "", "what the rules made does not parse", place)
        left = self._left(function, result, names, place)
        if left is not None:
            return left
        own = names[_name(function)]
        text = self._signed(text, function, own, names)
        text = drop_unused(old, text, body.path)
        text = unbraced(old, aligned(old, text))
        final = _function(text, body.path)
        if final is None:
            return HookReason("syntax", "", "the new function does not parse", place)
        helper, text = self._hooked(text.rstrip(b"\n"), own.name, unit.text)
        return Rewritten(body.path, start, end, text, result, helper, _above(unit.text, start))

    def _hooked(self, text: bytes, name: bytes, file: bytes) -> tuple[bytes, bytes]:
        """Return the function that gives an action's error, where the tree wants one, and the text.

        `desc->action.error_override = -EAGAIN;` is `desc->action.error_hook = f;` then.
        """
        found = _OVERRIDE.search(text)
        if found is None or b"error_override" in self._api.action:
            return b"", text
        hook = next(n for n in (name + b"_error", name + b"_action_error") if n not in file)
        head = b"static int " + hook + b"(int err)\n"
        helper = head + b"{\n\treturn " + found[1] + b";\n}"
        return helper, _OVERRIDE.sub(b"action.error_hook = " + hook + b";", text)

    # What the rules left.

    def _left(
        self,
        function: Node,
        result: FileResult,
        names: Mapping[bytes, Renamed],
        place: HeaderPlace,
    ) -> HookReason | None:
        text = result.text

        def line(node: Node) -> HeaderPlace:
            before = result.before.count(b"\n", 0, result.backward(node.start))
            return HeaderPlace(place.path, place.line + before)

        vma = next(d for p in parameters(function) for d in declared(p) if is_vma(d))
        known = {n.encode() for n in self._recipe.mapping}
        for call in function.walk():
            if call.kind == "call_expression" and call.children[0].text in known:
                name = (call.children[0].text or b"").decode()
                replaces = {b"error_override", b"error_hook"} & self._api.action
                if not replaces and _has_own_error(call):
                    what = f"the tree has nothing that replaces the error of {name}()"
                    return HookReason("action-missing", name, what, line(call))
                what = f"the result of {name}() is used in a way that no rule covers"
                return HookReason("result-used", name, what, line(call))
        for call, name in _new_calls(result, function):
            if not self._api.has(name):
                return HookReason("action-missing", name, f"the tree has no {name}()", line(call))
        for use in uses_of(vma, function):
            problem = self._wrong(use, text, names, place.path)
            if problem is not None:
                code, what = problem
                return HookReason(code, vma.name.decode(), what, line(use))
        return None

    def _wrong(
        self, use: Node, text: bytes, names: Mapping[bytes, Renamed], path: str
    ) -> tuple[str, str] | None:
        parent = use.parent
        if parent is None:
            return None
        if parent.kind == "field_expression":
            member = parent.children[-1].text or b""
            if member not in self._api.descriptor:
                shown = text[parent.start : parent.end].decode(errors="replace")
                return "unconverted", f"no rule covers this use of {shown}"
            outer = parent.parent
            passed = outer is not None and outer.kind in ("argument_list", "init_declarator")
            const = self._api.has_const_mm and not self._is_read(parent, path)
            if member == b"mm" and passed and const:
                return "action-missing", "the descriptor's mm is const in this tree"
            return None
        if parent.kind == "argument_list" and parent.parent is not None:
            callee = parent.parent.children[0].text or b""
            if callee in names:
                return None
            name = callee.decode(errors="replace")
            if not _takes_descriptor(name) and not self._api.takes(name, "struct vm_area_desc"):
                return "unconverted", f"no rule covers {name}() with this argument"
            if not self._api.has(name):
                return "action-missing", f"the tree has no {name}()"
        return None

    def _is_read(self, mm: Node, path: str) -> bool:
        """Whether an argument goes to a function of a header that promises not to write it."""
        arguments = mm.parent
        call = arguments.parent if arguments is not None else None
        if call is None or call.kind != "call_expression":
            return False
        index = next(i for i, a in enumerate(argument_nodes(call)) if a is mm)
        headers = [self._sources.unit(header).text for header in self._sources.includes(path)]
        name = call.children[0].text or b""
        return self._api.is_const(headers, name, index, b"struct mm_struct")

    # Names and signature.

    def _signed(
        self, text: bytes, function: Node, own: Renamed, names: Mapping[bytes, Renamed]
    ) -> bytes:
        vma = next(d for p in parameters(function) for d in declared(p) if is_vma(d))
        edits = list(signature_edits(function, own, vma.name))
        body = function.children[-1]
        for node in body.walk():
            if node.kind == "call_expression" and node.children[0].kind == "identifier":
                leaf = node.children[0]
                renamed = names.get(leaf.text or b"")
                if renamed is not None and renamed.name != leaf.text:
                    edits.append(Edit(leaf.start, leaf.end, renamed.name, RULE))
        if own.is_hook:
            edits += self._file(function, vma.name)
        edits += list(realigned(text, edits))
        return apply(text, edits)

    def _file(self, function: Node, desc: bytes) -> list[Edit]:
        """Give the hook's file a local, or write it out."""
        one = next((d for p in parameters(function) for d in declared(p) if is_file(d)), None)
        if one is None:
            return []
        uses = list(uses_of(one, function))
        wants = self._file_local
        local = wants == "always" or wants == "auto" and (self._api.has_bits or len(uses) > 1)
        if not uses:
            return []
        written = any(
            u.parent is not None
            and (
                u.parent.kind == "assignment_expression"
                and u.parent.children[0] is u
                or u.parent.kind == "unary_expression"
                and u.parent.children[0].text == b"&"
            )
            for u in uses
        )
        if not local and not written:
            return [Edit(u.start, u.end, desc + b"->file", RULE) for u in uses]
        body = function.children[-1]
        at = body.children[0].end
        first = next((c for c in body.children[1:] if c.kind != "}"), None)
        line = b"\n\tstruct file *" + one.name + b" = " + desc + b"->file;"
        if first is None or first.kind != "declaration":
            line += b"\n"
        return [Edit(at, at, line, RULE)]


def _first(pair: tuple[bytes, Renamed]) -> bytes:
    return pair[0]


def _above(text: bytes, start: int) -> int:
    """Return where a function begins with the comment right above it."""
    at = text.rfind(b"\n", 0, start) + 1
    above = text[:at]
    opened = above.rfind(b"/*")
    if above.endswith(b"*/\n") and opened >= 0 and above.count(b"*/", opened) == 1:
        return text.rfind(b"\n", 0, opened) + 1
    return at


def signature_edits(holder: Node, own: Renamed, desc: bytes) -> list[Edit]:
    """Return the edits of a definition's or prototype's head: name, and parameters.

    A hook's file goes, the descriptor takes the VMA's place; an unnamed parameter stays unnamed.
    """
    leaf = function_name(holder) or next((d.leaf for d in declared(holder)), None)
    edits: list[Edit] = []
    if leaf is not None and leaf.text != own.name:
        edits.append(Edit(leaf.start, leaf.end, own.name, RULE))
    edits += parameter_edits(parameters(holder), own.is_hook, desc)
    return edits


def parameter_edits(nodes: list[Node], is_hook: bool, desc: bytes) -> list[Edit]:
    """Return the edits of a list of parameters."""
    vma = next(n for n in nodes if b"vm_area_struct" in n.tokens())
    edits: list[Edit] = []
    for leaf in vma.leaves():
        if leaf.text == b"vm_area_struct":
            edits.append(Edit(leaf.start, leaf.end, b"vm_area_desc", RULE))
    for one in declared(vma):
        edits.append(Edit(one.leaf.start, one.leaf.end, desc, RULE))
    if is_hook and nodes[0] is not vma:
        edits.append(Edit(nodes[0].start, vma.start, b"", RULE))
    return edits


def _function(text: bytes, path: str) -> Node | None:
    unit = Unit(path, text)
    for chunk in unit.chunks:
        if chunk.errors:
            return None
        for item in chunk.root.children:
            if item.kind == "function_definition":
                return item
    return None


def _name(function: Node) -> bytes:
    leaf = function_name(function)
    return (leaf.text or b"") if leaf is not None else b""


def _new_calls(result: FileResult, function: Node) -> list[tuple[Node, str]]:
    """Return the calls that the rules wrote: each with the name of what it calls."""
    found: list[tuple[Node, str]] = []
    for call in function.walk():
        if call.kind == "call_expression" and call.children[0].kind == "identifier":
            name = call.children[0].text or b""
            if re.search(rb"\b" + re.escape(name) + rb"\b", result.before) is None:
                found.append((call, name.decode(errors="replace")))
    return found


def _respelt(text: bytes, path: str) -> bytes | None:
    """Return a function's text with the descriptor's name for its VMA, so that the rules break
    lines where they will be broken.
    """
    function = _function(text, path)
    if function is None:
        return None
    vma = next(d for p in parameters(function) for d in declared(p) if is_vma(d))
    desc = free_name(function)
    leaves = [vma.leaf, *uses_of(vma, function)]
    edits = [Edit(leaf.start, leaf.end, desc, RULE) for leaf in leaves]
    return apply(text, [*edits, *realigned(text, edits)])


def free_name(function: Node) -> bytes:
    """Return a name for the descriptor that the function does not use for anything else."""
    names = {leaf.text for leaf in function.leaves() if leaf.kind == "identifier"}
    return next(n for n in (b"desc", b"vma_desc", b"vm_area_desc_") if n not in names)


def _takes_descriptor(name: str) -> bool:
    return bool(
        re.match(r"(?:vma_desc_|mmap_action_)\w+$", name)
        or re.search(r"(?:_mmap_prepare|_setup_desc)$", name)
    )


def _has_own_error(call: Node) -> bool:
    statement = call.enclosing("if_statement")
    return (
        statement is not None
        and statement.children[2].start <= call.start < statement.children[3].end
    )
