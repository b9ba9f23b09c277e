# SPDX-License-Identifier: GPL-2.0-only
"""The hooks of a tree: listed, judged, converted driver by driver.

In: a tree, a recipe, the paths that are asked for. Out: `HookRun`: every hook with its outcome, and
the `Driver`s that change, each on its own and whole. Nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from vmaconv.cocci.text.files import Search, is_under
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.helpers.generation import detect
from vmaconv.hooks.candidate_rewriting import CandidateRewriting
from vmaconv.hooks.driver_edits import Driver, drivers_of, nested_driver
from vmaconv.hooks.hook import FILE_OPERATIONS, Hook, HookReason, HookSite
from vmaconv.hooks.hook_api import HookApi, read_api
from vmaconv.hooks.hook_bodies import Bodies
from vmaconv.hooks.hook_callers import Callers, called_by, finding_callers
from vmaconv.hooks.hook_effects import Effects
from vmaconv.hooks.hook_judging import Candidate, HandlerJudging
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction
from vmaconv.hooks.hook_notes import notes_of
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_rewriting import FileLocal, Rewritten
from vmaconv.hooks.hook_safety import Safety
from vmaconv.hooks.hook_settling import Settling
from vmaconv.hooks.hook_sites import MEMBERS, count_in_text, makers_of, sites_in
from vmaconv.hooks.hook_sketch import sketch_of
from vmaconv.hooks.nested_edits import nested_edits
from vmaconv.hooks.nested_hooks import NestedStruct, Nesting
from vmaconv.hooks.renamed_functions import new_names
from vmaconv.hooks.rust_hooks import SUFFIXES, rust_hooks, seek_rust
from vmaconv.migrate.facts.sources import DOCUMENTS, Sources

DEPTHS = (1, 3, 10, 10, 10, 10)
"""Calls deep that each look goes: what a hook does itself decides most of them, and the names that
turn up are searched for between two looks."""


class HookRun(Struct):
    """What a run over a tree came to.

    `counted` is how many members the text alone sets; `makers` are the macros that make hooks,
    `rust` the hooks that Rust sets; `problems` are files that could not be read.
    """

    root: Path
    api: HookApi
    recipe: HookRecipe
    hooks: list[Hook] = field(default_factory=list)
    drivers: list[Driver] = field(default_factory=list)
    counted: int = 0
    makers: dict[str, HeaderPlace] = field(default_factory=dict)
    rust: list[HeaderPlace] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        """Count the hooks of one outcome."""
        return sum(hook.outcome == outcome for hook in self.hooks)

    def miscounted(self) -> int:
        """Return how many members the text has that the list does not: 0 unless it errs."""
        return self.counted - len(self.hooks)

    def final(self) -> dict[str, tuple[bytes, bytes]]:
        """Return the bytes of each changed file before and after."""
        return {p: t for driver in self.drivers for p, t in driver.changes.items()}


def convert_hooks(
    root: Path,
    recipe: HookRecipe,
    paths: Sequence[str] = (),
    exclude: Sequence[str] = ("tools",),
    file_local: FileLocal = "auto",
) -> HookRun:
    """List, judge and convert the hooks of the tree at `root`.

    Raises `SourceError` and `KernelTreeError` for a tree that cannot be used, `SmplError` for a
    rule file with an error.
    """
    words = [f".{member}" for member in MEMBERS] + ["->mmap"]
    search = Search(root, words, (), exclude, walked=(*SUFFIXES, *DOCUMENTS))
    return _HookRun(root, recipe, tuple(exclude), file_local).run(search, paths)


class _HookRun:
    """The run under way."""

    def __init__(
        self, root: Path, recipe: HookRecipe, exclude: tuple[str, ...], file_local: FileLocal
    ) -> None:
        self._recipe = recipe
        self._sources = Sources(root, exclude)
        self._api = read_api(self._sources, detect(root), recipe.new)
        self._bodies = Bodies(self._sources)
        self._effects = Effects(self._sources, self._bodies, recipe)
        safety = Safety(self._sources, self._bodies, self._effects, recipe)
        self._safety = safety
        self._rewriting = CandidateRewriting(self._sources, self._api, recipe, file_local)
        self._others: list[HookSite] = []
        self._rust: Search | None = None
        self._unasked: list[str] = []
        self.result = HookRun(root, self._api, recipe)

    def run(self, search: Search, paths: Sequence[str]) -> HookRun:
        if not self._api.missing:
            # Compiled while git searches.
            self._rewriting.compile()
        named = search.result()
        self._sources.know(search, documents=True)
        self._rust = seek_rust(self.result.root, search.census()) if not paths else None
        wanted = [p for p in named if is_under(p, paths)]
        self._unasked = [p for p in named if p not in set(wanted)] if paths else []
        with finding_callers(self._sources, named) as found:
            sites = sites_in(self._sources, named if not paths else wanted, self._others)
            self.result.counted = sum(count_in_text(self._sources.unit(p).text) for p in wanted)
            self._names(sites)
            callers = found()
        outcomes = self._handlers(sites, callers)
        for site in sites:
            if site.kind == "unparsed" and not site.struct:
                place = HeaderPlace(site.path, site.line)
                unread = HookReason(
                    "unparsed", "", "the text around the hook does not parse", place
                )
                self.result.hooks.append(Hook(site, "left", unread))
            elif site.struct != FILE_OPERATIONS and id(site) not in outcomes:
                reason = called_by(site, callers)
                self.result.hooks.append(Hook(site, "other-struct", reason))
            else:
                self.result.hooks.append(outcomes[id(site)])
        self.result.problems = dict(self._sources.problems)
        return self.result

    def _names(self, sites: list[HookSite]) -> None:
        self.result.makers = {
            name: HeaderPlace(*place) for name, place in makers_of(self._sources, sites).items()
        }
        if self._rust is not None:
            self.result.rust = rust_hooks(self.result.root, self._rust)

    # Judging.

    def _handlers(self, sites: list[HookSite], callers: Callers) -> dict[int, Hook]:
        mentions = Mentions(self._sources, self._recipe, sites)
        twins = {old: new for old, new in self._recipe.twins.items() if self._api.has(new)}
        judging = HandlerJudging(
            self._sources, self._bodies, self._safety, mentions, callers, twins
        )
        settling = Settling(self._sources, mentions)
        outcomes: dict[int, Hook] = {}
        by_handler: dict[NamedFunction, list[HookSite]] = {}
        for site in sites:
            if site.struct != FILE_OPERATIONS:
                continue
            found = judging.of_site(site)
            if self._api.missing:
                found = HookReason("no-hook", "mmap_prepare", self._api.missing, self._api.place)
            if isinstance(found, HookReason):
                outcomes[id(site)] = Hook(site, "left", found)
            else:
                by_handler.setdefault(found, []).append(site)
        self._spoil(by_handler, outcomes, sites)
        nesting = Nesting(self._sources, judging, mentions, callers)
        candidates = self._candidates(
            judging, settling, by_handler, lambda: self._nests(nesting, judging, sites, 1)
        )
        asked = new_names([c for c in candidates if c.reason is None])
        search = self._sources.seek_documents(
            [n.name for n, new in asked.items() if not n.file and new.name != n.name]
        )
        rewritten = self._rewriting.rewrite_all(settling, candidates)
        good = [c for c in candidates if c.reason is None]
        names = new_names(good)
        notes = {
            c.handler: notes_of(
                c,
                rewritten,
                self._sources,
                self._recipe,
                self._api,
                judging.kconfig,
                [
                    said
                    for f in c.functions
                    for said in mentions.also(f.function, names[f.function])
                ],
            )
            for c in good
        }
        self.result.drivers = drivers_of(
            self._sources,
            mentions,
            good,
            rewritten,
            names,
            notes,
            self._recipe,
            self._sources.documents(search),
        )
        for candidate in candidates:
            for site in candidate.sites:
                outcome = "converted" if candidate.reason is None else "left"
                said = notes.get(candidate.handler, ())
                hook = Hook(site, "converted", None, said)
                if outcome == "left":
                    sketch = sketch_of(site.handler, candidate.reasons())
                    hook = Hook(site, "left", candidate.reason, sketch=sketch)
                outcomes[id(site)] = hook
        if not self._api.missing:
            for nested in self._nests(nesting, judging, sites, len(DEPTHS)):
                at = self._nested(nested, mentions)
                own = ((s, at.get((s.path, s.offset))) for s in sites)
                outcomes |= {id(site): hook for site, hook in own if hook is not None}
        return outcomes

    # Another struct's hooks.

    def _nests(
        self, nesting: Nesting, judging: HandlerJudging, sites: list[HookSite], most: int
    ) -> list[NestedStruct]:
        """Find the structs whose hooks can change, searching the tree for the names that turn up.

        One look of `most` only says which names those are.
        """
        found: list[NestedStruct] = []
        for _ in range(most):
            found = list(nesting.nests(self._api, [*sites, *self._others], self._outside))
            if not self._sources.missing or most == 1:
                break
            self._sources.fetch_words(self._sources.missing)
            judging.forget()
            self._effects.look(DEPTHS[-1])
        return found

    def _outside(self) -> list[HookSite]:
        """Return the sites of the files that were not asked for."""
        others: list[HookSite] = []
        return [*sites_in(self._sources, self._unasked, others), *others]

    def _nested(self, nested: NestedStruct, mentions: Mentions) -> dict[tuple[str, int], Hook]:
        """Convert a struct's hooks, unless a file of theirs changes already."""
        names = new_names(nested.candidates, inner=True)
        by_name = {named.name: renamed for named, renamed in names.items()}
        done: dict[NamedFunction, list[Rewritten]] = {}
        for candidate in nested.candidates:
            if self._rewriting.rewrite(candidate, done, by_name) is not None:
                return {}
        new = self._recipe.new.encode()
        edits = nested_edits(self._sources, mentions, nested, done, names, new)
        if edits.keys() & self.result.final().keys():
            return {}
        handlers = tuple(c.handler.name.decode() for c in nested.candidates)
        driver = nested_driver(self._sources, edits, nested.struct, handlers)
        said = (
            f"{nested.struct} hands its hooks a description, and its caller applies it to its VMA",
        )
        driver.notes = said
        self.result.drivers.append(driver)
        return {(s.path, s.offset): Hook(s, "converted", None, said) for s in nested.sites}

    def _spoil(
        self,
        by_handler: dict[NamedFunction, list[HookSite]],
        outcomes: dict[int, Hook],
        sites: list[HookSite],
    ) -> None:
        """Leave handlers that also stand where nothing can be done: in a macro, in an array."""
        assigned = {
            s.path: HookReason(
                "assignment",
                s.handler,
                "the hook is assigned at run time",
                HeaderPlace(s.path, s.line),
            )
            for s in sites
            if id(s) in outcomes and s.kind == "assignment"
        }
        for handler, at in list(by_handler.items()):
            reason = next(
                (r for s in at for p, r in assigned.items() if self._names_it(p, s)), None
            )
            if reason is not None:
                # A struct that is copied and changed would have both hooks.
                for site in by_handler.pop(handler):
                    outcomes[id(site)] = Hook(site, "left", reason)
        stuck = {
            s.handler: outcomes[id(s)].reason
            for s in sites
            if id(s) in outcomes and s.handler != "NULL"
        }
        for handler in list(by_handler):
            reason = stuck.get(handler.name.decode(errors="replace"))
            same = [
                s
                for s in sites
                if id(s) in outcomes
                and s.handler.encode() == handler.name
                and (not handler.file or s.path == handler.file)
            ]
            if reason is not None and same:
                for site in by_handler.pop(handler):
                    outcomes[id(site)] = Hook(site, "left", reason)

    def _names_it(self, path: str, site: HookSite) -> bool:
        """Whether a file that assigns hooks at run time may do so to a copy of a site's struct."""
        if path == site.path:
            return True
        word = rb"\b" + re.escape(site.variable.encode()) + rb"\b"
        return bool(site.variable) and re.search(word, self._sources.unit(path).text) is not None

    def _candidates(
        self,
        judging: HandlerJudging,
        settling: Settling,
        by_handler: dict[NamedFunction, list[HookSite]],
        ask_ahead: Callable[[], object],
    ) -> list[Candidate]:
        """Judge all handlers, searching the tree for the names that turn up.

        `ask_ahead` turns up those that are wanted later: each search costs as much as a look.
        """
        candidates: list[Candidate] = []
        for depth in DEPTHS:
            judging.forget()
            self._effects.look(depth)
            candidates = [judging.judge(handler, at) for handler, at in by_handler.items()]
            settling.settle(candidates)
            is_open = any(judging.is_open(c) for c in candidates)
            if not self._sources.missing and (depth == DEPTHS[-1] or not is_open):
                break
            for one in (f for c in candidates if judging.is_open(c) for f in c.functions):
                for function in (one.function, *one.helpers):
                    if not function.file:
                        self._sources.is_known(function.name)
            ask_ahead()
            good = [c for c in candidates if c.reason is None]
            self._sources.fetch_words(
                self._sources.missing, partial(self._rewriting.rewrite_ahead, good)
            )
        return candidates
