# SPDX-License-Identifier: GPL-2.0-only
"""What a function does that outlives its call, read from bodies through the call graph.

In: a function's definition, and the recipe's list of what the core API does. Out: `Summary`: its
`Effect`s, and the parameters that it writes through. What a driver's own function does is never
taken from its name: its body is read, and where that is not to be had the effect is `unknown`.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.effect_reader import EffectReader
from vmaconv.hooks.hook_bodies import MOST, Bodies, FunctionBody, MacroBody
from vmaconv.hooks.hook_constants import Constants, is_sensitive
from vmaconv.hooks.hook_effect import Effect, Summary
from vmaconv.hooks.hook_recipe import Core, HookRecipe
from vmaconv.hooks.macro_effects import GUARDS, MacroEffects
from vmaconv.hooks.path_counts import When
from vmaconv.hooks.shared_calls import SharedCalls, takes_and_drops
from vmaconv.migrate.facts.sources import Sources

DEEPEST = 10
"""Calls deep that bodies are read; what lies deeper is unknown."""

_SHARED_DEPTH = 3
"""Calls deep that a function is read which reads call, too."""


class Effects:
    """Reads what functions do."""

    def __init__(self, sources: Sources, bodies: Bodies, recipe: HookRecipe) -> None:
        self._sources = sources
        self._bodies = bodies
        self._recipe = recipe
        self._known: dict[tuple[str, bytes, Constants], Summary] = {}
        self._deep: dict[tuple[str, bytes, Constants], Summary] = {}
        self._busy: set[tuple[str, bytes]] = set()
        self._deepest = DEEPEST
        self.macros = MacroEffects(self, sources, bodies, recipe)

    def look(self, deepest: int) -> None:
        """Look `deepest` calls deep from now on, and forget what was found out before."""
        self._known.clear()
        self._deep.clear()
        self.macros.forget()
        self._deepest = deepest

    def of(
        self,
        body: FunctionBody,
        depth: int = 0,
        constants: Constants = (),
        shared: SharedCalls | None = None,
    ) -> Summary:
        """Return what one definition does for the constants that some parameters stand for.

        `shared` are functions that reads and writes call, too (see `shared_calls`).
        """
        return EffectReader(self, self._sources, body, depth, constants, shared).read()

    def is_shallow(self) -> bool:
        """Whether this look reads what a hook calls itself, and no further."""
        return self._deepest <= 1

    def is_repeatable(self, path: str, name: bytes, place: HeaderPlace) -> bool:
        """Whether a function that reads call, too, takes nothing that it does not drop."""
        if self.core(path, name.decode(errors="replace")) is not None:
            return False
        functions, _ = self._bodies.find(path, name)
        if not functions:
            return False
        # Some levels are read whatever the look, and no more: a taker two helpers down has to be
        # seen, the whole of a file system need not. What other looks came to is of no use for that.
        shallow, self._known = self._known, self._deep
        try:
            depth = self._deepest - _SHARED_DEPTH
            return takes_and_drops(self.called(path, name, place, depth))
        finally:
            self._known = shallow

    def core(self, path: str, name: str) -> Core | None:
        """Return what the recipe says of a name, unless the driver defines it itself."""
        found = self._recipe.core.get(name)
        if found is None or self._bodies.is_own(path, name.encode()):
            return None
        return found

    def definitions(self, path: str, name: bytes) -> tuple[list[FunctionBody], list[MacroBody]]:
        """Return the definitions of a name, as a file sees it."""
        return self._bodies.find(path, name)

    def text(self, body: FunctionBody) -> bytes:
        """Return a definition's text."""
        return self._sources.unit(body.path).slice(body.node)

    def called(
        self, path: str, name: bytes, place: HeaderPlace, depth: int, constants: Constants = ()
    ) -> Summary:
        """Return what a call of `name` in `path` does, with these constants for its parameters."""
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
            return _of_compiler(text, place)
        if constants and not self._is_sensitive(path, name):
            constants = ()
        key = (path, name, constants)
        if key in self._known:
            return self._known[key]
        if (path, name) in self._busy or depth >= self._deepest:
            return Summary((Effect("unknown", text, place),))
        self._busy.add((path, name))
        try:
            found = self._defined(path, name, place, depth, constants)
        finally:
            self._busy.discard((path, name))
        self._known[key] = found
        return found

    def _is_sensitive(self, path: str, name: bytes) -> bool:
        functions, _ = self._bodies.find(path, name)
        return any(is_sensitive(self.text(body)) for body in functions)

    def _defined(
        self, path: str, name: bytes, place: HeaderPlace, depth: int, constants: Constants
    ) -> Summary:
        text = name.decode(errors="replace")
        functions, macros = self._bodies.find(path, name)
        if not functions and not macros or len(functions) + len(macros) > MOST:
            return Summary((Effect("unknown", text, place),))
        effects: list[Effect] = []
        writes: set[int] = set()
        for body in functions:
            one = self.of(body, depth + 1, constants)
            # A guard ends with the function that has it.
            effects += [e for e in one.effects if e.kind != "guard"]
            writes |= one.writes
        for macro in macros:
            effects += self.macros.called(macro, place, depth + 1)
        return Summary(tuple(dict.fromkeys(effects)), frozenset(writes))


def _of_core(core: Core, place: HeaderPlace) -> Summary:
    match core.kind:
        case "prints" | "pure" | "vma" | "tests":
            return Summary()
        case "fills":
            return Summary((), frozenset({0}))
        case "stores" | "changes":
            # In a macro: what it is given is not to be seen there.
            return Summary((Effect("unknown", core.name, place),))
        case "bits":
            # Not by a call whose arguments could be looked at: in a macro.
            return Summary((Effect("counts", core.name, place),))
        case "maps" | "stacks" | "allocates" | "counts" | "sticky":
            return Summary((Effect(core.kind, core.name, place),))
        case "locks":
            if core.name in GUARDS:
                return Summary((Effect("guard", core.name, place),))
            return Summary((Effect("lock", core.name, place, when=_when_taken(core.name)),))
        case "unlocks":
            return Summary((Effect("unlock", core.name, place),))


_WRITING = late_regex(r"_overflow|atomic|mem(?:cpy|move|set)|st[pr]n?cpy|strn?cat|printf|va_")


def _of_compiler(name: str, place: HeaderPlace) -> Summary:
    """Say what a builtin of the compiler does: some write through what they are given."""
    if re.search(r"_overflow(?:_p)?\Z", name):
        return Summary((), frozenset() if name.endswith("_p") else frozenset({2}))
    if re.search(r"mem(?:cpy|move|set)\Z", name):
        return Summary((), frozenset({0}))
    if _WRITING.search(name):
        return Summary((Effect("unknown", name, place),))
    return Summary()


def _when_taken(name: str) -> When:
    """Return for which results a function of the core takes its lock.

    `down_trylock()` gives 0 then, unlike its kin (include/linux/semaphore.h).
    """
    if name == "down_trylock" or re.search(r"_interruptible|_killable", name):
        return "zero"
    return "nonzero" if "trylock" in name else "always"
