# SPDX-License-Identifier: GPL-2.0-only
"""What a function does that outlives its call, read from bodies through the call graph.

In: a function's definition, and the recipe's list of what the core API does. Out: `Summary`: its
`Effect`s, and the parameters that it writes through. What a driver's own function does is never
taken from its name: its body is read, and where that is not to be had the effect is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.effect_reader import Reader
from vmaconv.hooks.hook_bodies import MOST, Bodies, FunctionBody, MacroBody
from vmaconv.hooks.hook_constants import Constants, is_sensitive
from vmaconv.hooks.hook_effect import Effect, Summary
from vmaconv.hooks.hook_recipe import Core, HookRecipe
from vmaconv.hooks.path_counts import When
from vmaconv.hooks.shared_calls import SharedCalls, takes_and_drops
from vmaconv.migrate.facts.sources import Sources

DEEPEST = 10
"""Calls deep that bodies are read; what lies deeper is unknown."""

_SHARED_DEPTH = 3
"""Calls deep that a function is read which reads call, too."""

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
        self._known: dict[tuple[str, bytes, Constants], Summary] = {}
        self._deep: dict[tuple[str, bytes, Constants], Summary] = {}
        self._busy: set[tuple[str, bytes]] = set()
        self._deepest = DEEPEST

    def look(self, deepest: int) -> None:
        """Look `deepest` calls deep from now on, and forget what was found out before."""
        self._known.clear()
        self._deep.clear()
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
        return Reader(self, self._sources, body, depth, constants, shared).read()

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
            return Summary()
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
            effects += self._macro(macro, place, depth + 1)
        return Summary(tuple(dict.fromkeys(effects)), frozenset(writes))

    def _macro(self, macro: MacroBody, place: HeaderPlace, depth: int) -> Iterator[Effect]:
        """Yield what a macro's body does: its calls, and writes to anything at all."""
        text = re.sub(
            rb"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|/\*.*?\*/", b" ", macro.text, flags=re.S
        )
        unit = self._sources.unit(macro.path)
        here = HeaderPlace(macro.path, unit.line(macro.offset))
        if re.search(rb"\+\+|--|[-+|&^*/%]=|<<=|>>=|(?<![=!<>])=(?!=)|\basm\b|->\s*\w+\s*\(", text):
            yield Effect("unknown", f"the macro in {here}", place)
            return
        for match in re.finditer(rb"\b([A-Za-z_]\w*)\s*\(", text):
            name = match[1].decode()
            if name in _MACRO_WORDS:
                continue
            if name in macro.parameters:
                yield Effect("unknown", f"what the macro in {here} is given and calls", place)
                continue
            found = self.called(macro.path, match[1], here, depth)
            yield from found.effects
            if found.writes or any(e.kind == "guard" for e in found.effects):
                yield Effect("unknown", name, here)
        aliased = re.fullmatch(rb"\s*([A-Za-z_]\w*)\s*", text)
        if aliased is not None and not macro.parameters[0]:
            yield from self.called(macro.path, aliased[1], here, depth).effects


def _of_core(core: Core, place: HeaderPlace) -> Summary:
    match core.kind:
        case "prints" | "pure" | "vma" | "tests":
            return Summary()
        case "fills":
            return Summary((), frozenset({0}))
        case "bits":
            # Not by a call whose arguments could be looked at: in a macro.
            return Summary((Effect("counts", core.name, place),))
        case "maps" | "stacks" | "allocates" | "counts" | "sticky":
            return Summary((Effect(core.kind, core.name, place),))
        case "locks":
            if "guard" in core.name:
                return Summary((Effect("guard", core.name, place),))
            return Summary((Effect("lock", core.name, place, when=_when_taken(core.name)),))
        case "unlocks":
            return Summary((Effect("unlock", core.name, place),))


def _when_taken(name: str) -> When:
    """Return for which results a function of the core takes its lock.

    `down_trylock()` gives 0 then, unlike its kin (include/linux/semaphore.h).
    """
    if name == "down_trylock" or re.search(r"_interruptible|_killable", name):
        return "zero"
    return "nonzero" if "trylock" in name else "always"
