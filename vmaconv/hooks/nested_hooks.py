# SPDX-License-Identifier: GPL-2.0-only
"""Hooks of another struct that a file's `.mmap` hook calls: the inner ones, which change first.

In: the sites of all structs, who reads their members, and a judge of functions. Out: for each
struct whose every hook can take a descriptor a `NestedStruct`: its handlers, its definition and the calls,
which go through the compatibility layer (include/linux/fs.h, compat_set_desc_from_vma() and
__compat_vma_mmap()). A struct of which one hook or one call cannot change stays whole. The caller
keeps its VMA, and with it its place behind a refused merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, parameters
from vmaconv.hooks.hook import FILE_OPERATIONS, HookSite
from vmaconv.hooks.hook_api import HookApi
from vmaconv.hooks.hook_callers import Callers
from vmaconv.hooks.hook_judging import Candidate, HandlerJudging
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction
from vmaconv.hooks.hook_sites import parsed
from vmaconv.hooks.hook_verdict import is_file, is_vma
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import leaf_at

COMPAT = late_regex(rb"\b__compat_vma_mmap\(\s*struct\s+vm_area_desc\b")
"""The layer of 7.x, which runs a hook that its caller has called (v6.19 has one of that name that
calls the hook itself)."""


class Outer(Struct, frozen=True):
    """A call of an inner hook: the function that makes it, with its file's and its VMA's names."""

    path: str
    function: Node
    call: Node
    file: bytes
    vma: bytes


class NestedStruct(Struct):
    """A struct whose hooks change, with all that names them.

    `member` is the field declaration in `header`; `tests` are reads that are no calls.
    """

    struct: str
    sites: list[HookSite]
    header: str
    member: Node
    calls: list[Outer] = field(default_factory=list)
    tests: list[tuple[str, Node]] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)


class Nesting:
    """Finds what can change."""

    def __init__(
        self,
        sources: Sources,
        judging: HandlerJudging,
        mentions: Mentions,
        callers: Callers,
    ) -> None:
        self._sources = sources
        self._judging = judging
        self._mentions = mentions
        self._callers = callers
        self._parsed: dict[tuple[str, int], HookSite] = {}

    def _with_values(self, sites: Iterable[HookSite], struct: str) -> list[HookSite]:
        """Return the sites of a struct with their values' nodes."""
        own = [site for site in sites if site.struct == struct]
        for site in own:
            key = (site.path, site.offset)
            if key not in self._parsed:
                self._parsed[key] = parsed(self._sources, site)
        return [self._parsed[site.path, site.offset] for site in own]

    def nests(
        self, api: HookApi, sites: Sequence[HookSite], rest: Callable[[], Sequence[HookSite]]
    ) -> Iterator[NestedStruct]:
        """Yield the structs whose hooks can change, as far as the names in sight tell.

        `sites` are those that were asked for, `rest` finds those of the rest of the tree: a struct
        changes as a whole.
        """
        if not any(COMPAT.search(text) for text in api.texts):
            return
        # A struct may have callers alone: its drivers are not in the tree.
        structs = [*(site.struct for site in sites), *self._callers.by_struct]
        for struct in dict.fromkeys(structs):
            if struct in ("", FILE_OPERATIONS) or not self._callers.by_struct.get(struct):
                continue
            own = self._with_values(sites, struct)
            handlers = {site.handler for site in sites}
            if self._nest(struct, own, handlers) is None:
                continue
            own += self._with_values(rest(), struct)
            nested = self._nest(struct, own, handlers)
            if nested is not None and self._judged(nested):
                yield nested

    def _nest(self, struct: str, sites: list[HookSite], handlers: set[str]) -> NestedStruct | None:
        """Return a struct with its definition and its calls; None if one of them is in the way."""
        reads = self._callers.reads.get(struct, [])
        if not all(map(_is_plain, sites)):
            return None
        calls: list[Outer] = []
        tests: list[tuple[str, Node]] = []
        for path, offset in reads:
            leaf = leaf_at(self._sources.unit(path).chunk_at(offset), offset)
            member = leaf.parent if leaf is not None else None
            if member is None or member.parent is None:
                return None
            if member.parent.kind != "call_expression" or member.parent.children[0] is not member:
                if not _is_test(member):
                    return None
                tests.append((path, member.children[-1]))
                continue
            outer = self._outer(path, member.parent, handlers)
            if outer is None:
                return None
            calls.append(outer)
        found = self._member(struct, sites) if calls else None
        if found is None or self._callers.unknown & {s.path for s in sites}:
            return None
        return NestedStruct(struct, sites, *found, calls, tests)

    def _member(self, struct: str, sites: list[HookSite]) -> tuple[str, Node] | None:
        """Return where the struct declares the member: a pointer to a function with one VMA."""
        tag = struct.encode()
        files = [*(s.path for s in sites), *(path for path, _ in self._callers.reads[struct])]
        paths = (p for file in files for p in (file, *self._sources.includes(file)))
        for path in dict.fromkeys(paths):
            for symbols in self._sources.symbols(path).having(tag.split()[-1]):
                node = symbols.tags.get(tag)
                for item in node.walk() if node is not None else ():
                    tokens = item.tokens() if item.kind == "field_declaration" else []
                    if tokens.count(b"mmap") == 1 == tokens.count(b"vm_area_struct"):
                        return path, item
        return None

    def _outer(self, path: str, call: Node, handlers: set[str]) -> Outer | None:
        """Return a call that a `.mmap` hook makes, in a form that can be written anew."""
        function = call.enclosing("function_definition")
        one = next(iter(declared(function)), None) if function is not None else None
        if function is None or one is None or one.name.decode() not in handlers:
            return None
        given = [d for node in parameters(function) for d in declared(node)]
        file = next((d.name for d in given if is_file(d)), b"")
        vma = next((d.name for d in given if is_vma(d)), b"")
        written = {n.children[0].text for n in function.walk() if n.kind == "assignment_expression"}
        if not file or not vma or {file, vma} & written:
            return None
        if [a.text for a in argument_nodes(call)].count(vma) != 1:
            return None
        statement = call.parent
        if statement is not None and statement.kind == "assignment_expression":
            if statement.children[0].kind != "identifier" or statement.children[1].text != b"=":
                return None
            statement = statement.parent
        if statement is None or statement.kind not in ("return_statement", "expression_statement"):
            return None
        if statement.kind == "expression_statement" and statement.children[0] is call:
            return None
        block = statement.parent
        if block is None or block.kind != "compound_statement":
            return None
        return Outer(path, function, call, file, vma)

    # Handlers.

    def _judged(self, nested: NestedStruct) -> bool:
        handlers: dict[NamedFunction, list[HookSite]] = {}
        for site in nested.sites:
            if site.handler != "NULL":
                named = self._judging.named(site.path, site.handler.encode())
                handlers.setdefault(named, []).append(site)
        for handler in handlers:
            if not handler.file:
                self._sources.is_known(handler.name)
        for handler, sites in handlers.items():
            candidate = Candidate(handler, sites)
            candidate.reason = self._judging.judge_inner(candidate)
            if candidate.reason is not None or not self._is_alone(candidate, sites):
                return False
            nested.candidates.append(candidate)
        return not self._loses_data(nested)

    def _is_alone(self, candidate: Candidate, sites: list[HookSite]) -> bool:
        """Whether nothing but the struct's own hooks names a handler."""
        at = {(s.path, s.value.start) for s in sites if s.value is not None}
        for mention in self._mentions.all(candidate.handler):
            if mention.kind in ("definition", "declaration", "export"):
                continue
            if mention.kind != "value" or (mention.path, mention.offset) not in at:
                return False
        return True

    def _loses_data(self, nested: NestedStruct) -> bool:
        """Whether a handler gives the VMA operations that find the caller's private data gone: the
        layer writes the descriptor's over it, whether it was set or not (mm/vma.h)."""
        if not any(_sets(o.function, o.vma, b"vm_private_data") for o in nested.calls):
            return False
        for candidate in nested.candidates:
            verdicts = [v for one in candidate.functions for v in one.verdicts]
            names = [(v.body.node, v.vma.name) for v in verdicts]
            sets = any(_sets(node, vma, b"vm_private_data") for node, vma in names)
            if any(v.vm_ops for v in verdicts) and not sets:
                return True
        return False


def _is_plain(site: HookSite) -> bool:
    """Whether a site sets the member to a function, or to NULL."""
    if site.member != "mmap" or site.kind not in ("initialiser", "assignment"):
        return False
    return site.value is not None and site.value.kind == "identifier"


def _is_test(member: Node) -> bool:
    """Whether a member is only asked for whether it is set."""
    parent = member.parent
    if parent is None:
        return False
    if parent.kind == "unary_expression":
        return parent.children[0].text == b"!"
    if parent.kind == "binary_expression":
        return parent.children[1].text in (b"&&", b"||")
    return parent.kind in ("if_statement", "parenthesized_expression")


def _sets(function: Node, vma: bytes, member: bytes) -> bool:
    return any(
        n.kind == "assignment_expression" and n.children[0].tokens() == [vma, b"->", member]
        for n in function.walk()
    )
