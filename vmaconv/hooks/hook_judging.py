# SPDX-License-Identifier: GPL-2.0-only
"""All hooks of a tree judged together: which can change, with which helpers, and why others cannot.

In: the sites and what the tree's API offers. Out: for each handler a `Candidate` with its
definitions' verdicts and the helpers that change with it, or its reason. A helper changes only if
every function that calls it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from vmaconv.cocci.types.declared import declared, is_static, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import HookReason, HookSite
from vmaconv.hooks.hook_arms import are_exclusive, is_with_mmu, is_without_mmu
from vmaconv.hooks.hook_bodies import Bodies, FunctionBody
from vmaconv.hooks.hook_callers import Callers, called_directly
from vmaconv.hooks.hook_effect import Effect
from vmaconv.hooks.hook_kconfig import HookKconfig
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction
from vmaconv.hooks.hook_merges import against_merges
from vmaconv.hooks.hook_operations import Operations
from vmaconv.hooks.hook_reasons import first
from vmaconv.hooks.hook_safety import Safety
from vmaconv.hooks.hook_scalars import Scalars
from vmaconv.hooks.hook_verdict import FunctionSafety, is_file, is_vma
from vmaconv.hooks.kept_hooks import can_be_kept
from vmaconv.hooks.shared_calls import SharedCalls
from vmaconv.hooks.struct_flows import StructFlows
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import leaf_at


class Judged(Struct):
    """One function: its definitions' verdicts, the helpers that it hands its VMA to.

    One that others call, too, stays, and gets a twin for a descriptor: `has_twin`; or all give it
    `scalars` instead of a VMA.
    """

    function: NamedFunction
    verdicts: list[FunctionSafety] = field(default_factory=list)
    helpers: list[NamedFunction] = field(default_factory=list)
    reason: HookReason | None = None
    has_twin: bool = False
    scalars: Scalars | None = None

    def is_shared(self) -> bool:
        """Whether others go on calling it."""
        return self.has_twin or self.scalars is not None


class Candidate(Struct):
    """A handler: its sites, and the functions that change with it, itself first.

    `twin` is what takes the place of a hook of the core, which itself stays; one that `is_kept`
    stays for machines without an MMU.
    """

    handler: NamedFunction
    sites: list[HookSite]
    functions: list[Judged] = field(default_factory=list)
    reason: HookReason | None = None
    twin: str = ""
    is_kept: bool = False

    def reasons(self) -> list[HookReason]:
        """Return all that keeps it as it is, as far as that was looked at."""
        found = [r for one in self.functions for v in one.verdicts for r in v.reasons]
        if self.reason is not None and self.reason not in found:
            found.append(self.reason)
        return found

    def names(self) -> set[NamedFunction]:
        """Return the functions that would change, or get a twin."""
        return {one.function for one in self.functions}

    def changing(self) -> set[NamedFunction]:
        """Return the functions that would have no VMA any more."""
        return {one.function for one in self.functions if not one.is_shared()}


class HandlerJudging:
    """Judges the handlers of a tree."""

    def __init__(
        self,
        sources: Sources,
        bodies: Bodies,
        safety: Safety,
        mentions: Mentions,
        callers: Callers,
        twins: Mapping[str, str],
    ) -> None:
        """`twins` are the hooks of the core that the tree has a new one for."""
        self._twins = twins
        self._sources = sources
        self._bodies = bodies
        self.kconfig = HookKconfig(sources.root)
        self._flows = StructFlows(sources, bodies, callers)
        self._operations = Operations(sources, bodies)
        self._safety = safety
        self._mentions = mentions
        self._callers = callers
        self._decided: dict[NamedFunction, HookReason] = {}
        self._judged: dict[NamedFunction, Judged] = {}
        self._direct: dict[tuple[str, int], HeaderPlace | None] = {}

    def of_site(self, site: HookSite) -> NamedFunction | HookReason:
        """Return the function that a site sets, or why nothing can be done about the site."""
        place = HeaderPlace(site.path, site.line)
        problem = self._of_form(site)
        if problem is not None:
            code, text = problem
            return HookReason(code, site.handler, text, place)
        name = site.handler.encode()
        if site.handler in self._twins:
            return NamedFunction(name, site.path)
        own, macros = self._bodies.in_file(site.path, name)
        if macros and not own:
            return HookReason("macro", site.handler, f"{site.handler} is a macro", place)
        return self.named(site.path, name)

    def _of_form(self, site: HookSite) -> tuple[str, str] | None:
        if site.kind == "macro":
            return "macro", f"the hook is set in the body of the macro {site.macro}"
        if site.kind == "unparsed":
            return "unparsed", "the text around the hook does not parse"
        if site.handler == "NULL":
            return "null", "the member is NULL: there is nothing to convert"
        if site.kind == "assignment":
            return "assignment", "the hook is assigned at run time"
        if site.value is None or site.value.kind != "identifier":
            return "no-handler", f"{site.handler} is no function's name"
        if "[" in site.variable:
            return "fops-array", (
                f"the hook is set in {site.variable.rstrip('[]')}, an array or a struct with others in it"
            )
        if self._is_half(site) or self._is_set_later(site):
            return "half-converted", "both hooks are set, which mmap() refuses"
        return None

    def _is_half(self, site: HookSite) -> bool:
        braces = site.value.enclosing("initializer_list") if site.value is not None else None
        if braces is None:
            return False
        unit = self._sources.unit(site.path)
        return any(
            pair.children[0].kind == "field_designator"
            and pair.children[0].children[-1].text == b"mmap_prepare"
            and not are_exclusive(unit, site.offset, pair.start)
            for pair in braces.children
            if pair.kind == "initializer_pair"
        )

    def _is_set_later(self, site: HookSite) -> bool:
        """Whether code of the site's file sets the new hook of some struct."""
        unit = self._sources.unit(site.path)
        if b"mmap_prepare" not in unit.text:
            return False
        pattern = re.compile(rb"(?:\.|->)\s*(mmap_prepare)\s*=(?!=)")
        for match in pattern.finditer(unit.text):
            leaf = leaf_at(unit.chunk_at(match.start(1)), match.start(1))
            parent = leaf.parent if leaf is not None else None
            if parent is not None and parent.kind == "field_expression":
                return True
        return False

    # One handler.

    def judge(self, handler: NamedFunction, sites: list[HookSite]) -> Candidate:
        """Judge a handler with all that it hands its VMA to."""
        candidate = Candidate(handler, sites)
        decided = self._decided.get(handler)
        if decided is not None:
            candidate.reason = decided
            return candidate
        before = set(self._sources.missing)
        candidate.reason = self._judge(candidate)
        final = candidate.reason is not None and candidate.reason.code not in _OPEN
        if final and candidate.reason is not None:
            self._decided[handler] = candidate.reason
            self._sources.missing.intersection_update(before)
        return candidate

    def judge_inner(self, candidate: Candidate) -> HookReason | None:
        """Judge a handler of another struct, whose caller has a VMA; return why it cannot change."""
        reason = self._follow(candidate, False)
        if reason is not None:
            return reason
        reasons: list[HookReason] = []
        for judged in candidate.functions[1:]:
            reasons += self._mentions.against(judged.function, candidate.changing(), False)
        return first(reasons)

    def is_open(self, candidate: Candidate) -> bool:
        """Whether another look, deeper or with more names, may take a candidate's reason away."""
        return candidate.reason is not None and candidate.handler not in self._decided

    def forget(self) -> None:
        """Forget what was judged before the tree was searched for more names."""
        self._judged.clear()

    def _judge(self, candidate: Candidate) -> HookReason | None:
        for site in candidate.sites:
            place = self._called_directly(site) or self._flows.called(site)
            if place is not None:
                text = f"the old hook of {site.variable} is called directly, which finds none then"
                return HookReason("called-directly", site.variable, text, place)
        twin = self._twins.get(candidate.handler.name.decode(errors="replace"))
        if twin is not None:
            candidate.twin = twin
            return None
        return self._follow(candidate, True)

    def _called_directly(self, site: HookSite) -> HeaderPlace | None:
        """Ask once for each site: later looks know more names, and no more of this."""
        key = (site.path, site.offset)
        if key not in self._direct:
            self._direct[key] = called_directly(self._sources, self._callers, site)
        return self._direct[key]

    def _follow(self, candidate: Candidate, is_outer: bool) -> HookReason | None:
        """Judge a handler and all that it hands its VMA to."""
        todo = [(candidate.handler, is_outer)]
        while todo:
            function, is_hook = todo.pop(0)
            if function in candidate.names():
                continue
            judged = self._function(function, candidate.sites[0], is_hook)
            candidate.functions.append(judged)
            if judged.reason is not None:
                return judged.reason
            todo += [(helper, False) for helper in judged.helpers]
        return self._of_sites(candidate)

    def _function(self, function: NamedFunction, site: HookSite, is_hook: bool) -> Judged:
        found = self._judged.get(function)
        if found is None:
            found = self._judged[function] = self._fresh(function, site, is_hook)
        return found

    def _fresh(self, function: NamedFunction, site: HookSite, is_hook: bool) -> Judged:
        judged = Judged(function)
        name = function.name.decode(errors="replace")
        bodies = list(self._definitions(function))
        if not bodies:
            code = "no-handler" if is_hook else "helper"
            place = HeaderPlace(site.path, site.line)
            judged.reason = HookReason(code, name, f"no definition of {name}() was found", place)
            return judged
        judged.reason = self._defined_once(name, bodies)
        if judged.reason is not None:
            return judged
        reasons: list[HookReason] = []
        shared = SharedCalls(self._sources, self._bodies, site)
        for body in bodies:
            verdict = self._verdict(body, is_hook, reasons, shared)
            if verdict is not None:
                judged.verdicts.append(verdict)
                reasons += verdict.reasons
                for helper in verdict.helpers:
                    named = self.named(helper.path, helper.name)
                    if named not in judged.helpers:
                        judged.helpers.append(named)
        judged.reason = first(reasons)
        return judged

    def _verdict(
        self, body: FunctionBody, is_hook: bool, reasons: list[HookReason], shared: SharedCalls
    ) -> FunctionSafety | None:
        unit = self._sources.unit(body.path)
        place = HeaderPlace(body.path, unit.line(body.node.start))
        chunk = unit.chunk_at(body.node.start)
        if any(body.node.start < e.end and e.start < body.node.end for e in chunk.errors):
            reasons.append(HookReason("unparsed", "", "the function does not parse", place))
            return None
        verdict = self._safety.judge(body, shared)
        types = [one for node in parameters(body.node) for one in declared(node)]
        is_signature = len(types) == 2 and is_file(types[0]) and is_vma(types[1])
        if verdict is None or is_hook and not is_signature:
            reasons.append(
                HookReason("no-handler", "", "the definition has not the hook's signature", place)
            )
            return None
        if is_without_mmu(unit, body.node.start) and (is_hook or verdict.maps):
            reasons.append(
                HookReason("nommu", "", "this is code for machines without an MMU", place)
            )
        return verdict

    def named(self, path: str, name: bytes) -> NamedFunction:
        """Return the function that a name means in a file."""
        own, _ = self._bodies.in_file(path, name)
        if own and is_static(own[0].node) and path.endswith(".c"):
            return NamedFunction(name, path)
        return NamedFunction(name)

    def _definitions(self, function: NamedFunction) -> Iterator[FunctionBody]:
        if function.file:
            yield from self._bodies.in_file(function.file, function.name)[0]
            return
        for path in self._sources.mentioning(function.name):
            for body in self._bodies.in_file(path, function.name)[0]:
                if path.endswith(".h") or not is_static(body.node):
                    yield body

    def _defined_once(self, name: str, bodies: list[FunctionBody]) -> HookReason | None:
        for index, body in enumerate(bodies):
            for other in bodies[:index]:
                unit = self._sources.unit(body.path)
                same = body.path == other.path
                if not same or not are_exclusive(unit, other.node.start, body.node.start):
                    line = unit.line(body.node.start)
                    return HookReason(
                        "defined-twice",
                        name,
                        f"{name}() is defined more than once",
                        HeaderPlace(body.path, line),
                    )
        return None

    def _of_sites(self, candidate: Candidate) -> HookReason | None:
        verdicts = [v for one in candidate.functions for v in one.verdicts]
        maps = [v for v in verdicts if self._maps_without_mmu(v)]
        for site in candidate.sites:
            braces = site.value.enclosing("initializer_list") if site.value is not None else None
            capabilities = braces is not None and b"mmap_capabilities" in braces.tokens()
            if capabilities and maps:
                functions = {one.function: one.verdicts for one in candidate.functions}
                candidate.is_kept = can_be_kept(
                    self._sources, candidate.handler, candidate.sites, functions
                )
            if capabilities and maps and not candidate.is_kept:
                text = (
                    f"{site.variable} has mmap_capabilities, so is for machines without an MMU, "
                    "where an action fails"
                )
                return HookReason("nommu", site.variable, text, HeaderPlace(site.path, site.line))
        for verdict in maps:
            if self.kconfig.mmu(verdict.body.path) == "never":
                place = HeaderPlace(
                    verdict.body.path,
                    self._sources.unit(verdict.body.path).line(verdict.maps[0].start),
                )
                text = "Kconfig has this for machines without an MMU, where an action fails"
                return HookReason("nommu", verdict.body.path, text, place)
        return self._of_ops(verdicts) or self._of_merges(candidate, verdicts)

    def _of_merges(self, candidate: Candidate, verdicts: list[FunctionSafety]) -> HookReason | None:
        """Look at what a merge would lose, for each arm that defines the hook."""
        hooks = candidate.functions[0].verdicts
        helpers = [v for v in verdicts if v not in hooks]
        found = (against_merges(self._sources, [hook, *helpers]) for hook in hooks)
        return next((reason for reason in found if reason is not None), None)

    def _maps_without_mmu(self, verdict: FunctionSafety) -> bool:
        """Whether a function has a mapping call that is compiled without an MMU, too."""
        unit = self._sources.unit(verdict.body.path)
        return any(not is_with_mmu(unit, call.start) for call in verdict.maps)

    def _of_ops(self, verdicts: list[FunctionSafety]) -> HookReason | None:
        """Look at the operations that the hook, or a helper of it, gives the VMA."""
        maps = any(v.maps for v in verdicts)
        kept = next((e for v in verdicts for e in v.sticky if e.member), None)
        for verdict in verdicts:
            path = verdict.body.path
            unit = self._sources.unit(path)
            for value in verdict.vm_ops:
                name = b" ".join(unit.slice(value).split()).decode(errors="replace")
                place = HeaderPlace(path, unit.line(value.start))
                found = self._operations.of_value(verdict.body, value)
                reason = _against_operations(name, place, found, maps, kept)
                if reason is not None:
                    return reason
        return None


def _against_operations(
    name: str, place: HeaderPlace, found: frozenset[str] | None, maps: bool, kept: Effect | None
) -> HookReason | None:
    """Return what about a VMA's operations keeps a hook from changing."""
    if found is None:
        if not maps and kept is None:
            return None
        text = f"what operations {name} has is not known: open() or close() may undo what is done"
        return HookReason("unknown-operations", name, text, place)
    if "mapped" in found:
        text = f"{name} has mapped(), which no .mmap hook calls: it would be called now"
        return HookReason("vm-ops", name, text, place)
    if maps and "close" in found:
        text = (
            f"{name} has close(), which an action that fails would call: "
            "the mapping function's failure did not"
        )
        return HookReason("vm-ops", name, text, place)
    if kept is not None and {"open", "close"} & found:
        text = f"{kept.subject} is set, and {name} has open() or close()"
        return HookReason("state", kept.subject, text, kept.place)
    return None


_OPEN = frozenset({"unknown-function", "unknown-operations", "no-handler", "helper"})
"""Reasons that another search of the tree may take away."""
