# SPDX-License-Identifier: GPL-2.0-only
"""What macros do that outlives a call: those that are called, those without arguments, iterators, and the
guards and attributes of include/linux/cleanup.h, whose work is done where a scope ends.

In: a file, the words that a function of it holds, and who knows what functions do. Out: effects. A macro's
text is not parsed: calls in it are followed, and a write in it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook_bodies import Bodies, MacroBody
from vmaconv.hooks.hook_effect import Effect
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.migrate.facts.sources import Sources

if TYPE_CHECKING:
    from vmaconv.hooks.hook_effects import Effects

GUARDS = frozenset({"guard", "scoped_guard", "scoped_cond_guard"})
"""Macros that hold a guard until the scope ends, the guard's name first (include/linux/cleanup.h)."""

_KEYWORDS = frozenset(
    ("if", "while", "for", "do", "switch", "return", "sizeof", "typeof", "__typeof__", "defined")
    + ("else", "case", "offsetof", "__builtin_offsetof")
)
_WRITES = late_regex(
    rb"\+\+|--|[-+|&^*/%]=|<<=|>>=|(?<![=!<>])=(?!=)|\basm\b|->\s*\w+\s*\(|\)\s*\("
    rb"|##\s*\w*\s*\("
)
_CAST = late_regex(
    rb"\(\s*(?:(?:\w+[\s*]+)+\w*\**|\w+_t|[us](?:8|16|32|64)|__\w+|int|long|char|short|unsigned|bool)"
    rb"\s*\)(?=\s*\()"
)
_NAMED = late_regex(rb"\(\s*(\w+)\s*\)(?=\s*\()")
"""A name in brackets before others: a call of it, or a cast to a type of the driver's."""

_CALL = late_regex(rb"\b([A-Za-z_]\w*)\s*\(")
_WORD = late_regex(rb"[A-Za-z_]\w*(?!\w|\s*\()")
_DESIGNATOR = late_regex(rb"([{,]\s*)\.\s*\w+\s*=(?!=)")
_BY_COUNT = late_regex(
    rb"\bCONCATENATE\s*\(\s*(\w+)\s*,\s*COUNT_ARGS\s*\(\s*__VA_ARGS__\s*\)\s*\)\s*\("
)
_MOST_ARGUMENTS = 15
_DECLARING = late_regex(
    rb"\bfor\s*\(\s*(?:(?:__)?typeof(?:__)?\s*\([^()]*\)[\s*]*|(?:\w+[\s*]+)+)(\w+)\s*=(?!=)([^;]*);"
)
_CORE = ("include/linux/", "include/uapi/", "include/asm-generic/", "arch/")
"""Headers of the core, whose macros without arguments are constants and accessors."""

_DEFINED = rb"\bDEFINE_(GUARD|LOCK_GUARD_0|LOCK_GUARD_1|FREE)\s*\(\s*%b\s*,"
_FREE = late_regex(rb"\b__free\s*\(\s*(\w+)\s*\)")
_CLEANUP = late_regex(rb"\b(?:__)?cleanup(?:__)?\s*\(\s*(\w+)\s*\)")


class MacroEffects:
    """Reads what macros do."""

    def __init__(
        self, effects: Effects, sources: Sources, bodies: Bodies, recipe: HookRecipe
    ) -> None:
        self._effects = effects
        self._sources = sources
        self._bodies = bodies
        self._recipe = recipe
        self._plain: dict[tuple[str, bytes], tuple[Effect, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def forget(self) -> None:
        """Forget what was found out before more names were known."""
        self._plain.clear()

    def called(self, macro: MacroBody, place: HeaderPlace, depth: int) -> Iterator[Effect]:
        """Yield what a macro's body does where it is called: its calls, and writes to anything."""
        text = _DESIGNATOR.sub(rb"\1", self._each_by_count(macro.path, _bare(macro.text)))
        here = self._place(macro)
        if _WRITES.search(text):
            yield Effect("unknown", f"the macro in {here}", place)
            return
        yield from self._calls(text, macro.path, here, place, depth, macro.parameters)
        aliased = re.fullmatch(rb"\s*([A-Za-z_]\w*)\s*", text)
        if aliased is not None and not macro.parameters[0]:
            yield from self._effects.called(macro.path, aliased[1], here, depth).effects

    def _each_by_count(self, path: str, text: bytes) -> bytes:
        """Put calls of all the macros in the place of one that is chosen by how many arguments there are.

        `CONCATENATE(__F, COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)` is `__F0()`, `__F1()` and so on
        (include/linux/args.h, which counts up to fifteen), as far as these are in sight.
        """

        def each(chosen: re.Match[bytes]) -> bytes:
            names = [chosen[1] + b"%d" % count for count in range(_MOST_ARGUMENTS + 1)]
            found = [name for name in names if self._bodies.near(path, name)[1]]
            return b"".join(name + b"(), " for name in found) + b"(" if found else chosen[0]

        return _BY_COUNT.sub(each, text)

    def _calls(
        self,
        text: bytes,
        path: str,
        here: HeaderPlace,
        place: HeaderPlace,
        depth: int,
        given: tuple[str, ...] = (),
    ) -> Iterator[Effect]:
        for match in _CALL.finditer(text):
            name = match[1].decode()
            if name in _KEYWORDS or name in self._recipe.iterators:
                # An iterator moves its first argument, which the macro is given.
                continue
            if name in given:
                yield Effect("unknown", f"what the macro in {here} is given and calls", place)
                continue
            found = self._effects.called(path, match[1], here, depth)
            yield from found.effects
            if found.writes or any(e.kind == "guard" for e in found.effects):
                yield Effect("unknown", name, here)

    def _place(self, macro: MacroBody) -> HeaderPlace:
        return HeaderPlace(macro.path, self._sources.unit(macro.path).line(macro.offset))

    # Macros without arguments.

    def in_text(
        self, path: str, text: bytes, place: HeaderPlace, depth: int
    ) -> Iterator[tuple[bytes, Effect]]:
        """Yield what the macros without arguments in a function's text do, each with its name.

        `#define TAKE kref_get(&d->ref)` makes `TAKE;` a call that no parser shows.
        """
        for word in dict.fromkeys(_WORD.findall(text)):
            for effect in self._of_plain(path, word, place, depth):
                yield word, effect

    def _of_plain(
        self, path: str, name: bytes, place: HeaderPlace, depth: int
    ) -> tuple[Effect, ...]:
        key = (path, name)
        if key not in self._plain:
            self._plain[key] = ()
            macros = [m for file in self._files(path) for m in self._bodies.in_file(file, name)[1]]
            found = (self._of_value(path, name, m, place, depth) for m in macros)
            self._plain[key] = tuple(dict.fromkeys(e for some in found for e in some))
        return self._plain[key]

    def _files(self, path: str) -> tuple[str, ...]:
        """Return a file and the headers that it includes which are not the core's."""
        if path not in self._near:
            own = (f for f in self._sources.includes(path) if not f.startswith(_CORE))
            self._near[path] = (path, *own)
        return self._near[path]

    def _of_value(
        self, path: str, name: bytes, macro: MacroBody, place: HeaderPlace, depth: int
    ) -> Iterator[Effect]:
        if macro.parameters[0]:
            return
        text = _DESIGNATOR.sub(rb"\1", _bare(macro.text))
        here = self._place(macro)
        said = f"the macro {name.decode()} in {here}"
        if _WRITES.search(text):
            yield Effect("unknown", said, place)
            return
        for effect in self._calls(text, path, here, place, depth + 1):
            # Where a lock is held cannot be seen when it hides in a name.
            hides = effect.kind in ("lock", "unlock", "guard", "maps")
            yield Effect("unknown", said, place) if hides else effect
        for word in dict.fromkeys(_WORD.findall(text)):
            if word != name:
                yield from self._of_plain(path, word, place, depth)

    # Iterators.

    def iterator(self, path: str, name: bytes, place: HeaderPlace, depth: int) -> Iterator[Effect]:
        """Yield what an iterator does besides moving what it is given."""
        text = name.decode(errors="replace")
        _, macros = self._bodies.near(path, name)
        if not macros and text in self._recipe.iterators:
            return
        if not macros:
            _, macros = self._bodies.find(path, name)
        if not macros:
            yield Effect("unknown", text, place)
        for macro in macros:
            body = _bare(macro.text)
            names = [re.escape(p.encode()) for p in macro.parameters if p]
            given = b"|".join([*names, *_declared_by_loop(body)])
            moved = rb"(?:\b(?:%b)\b|\(\s*(?:%b)\s*\))" % (given or b"-", given or b"-")
            body = re.sub(
                rb"(?<![\w.>*])%b\s*(?:\+\+|--|(?:[-+|&]|<<|>>)?=(?!=))|(?:\+\+|--)\s*%b(?!\s*(?:->|\.|\[))"
                % (moved, moved),
                b" , ",
                body,
            )
            here = self._place(macro)
            if _WRITES.search(body):
                yield Effect("unknown", f"the iterator {text} in {here}", place)
                continue
            yield from self._calls(body, macro.path, here, place, depth + 1, macro.parameters)

    # Scopes.

    def guard(self, path: str, name: bytes, place: HeaderPlace, depth: int) -> Iterator[Effect]:
        """Yield what a guard does but for a lock that it takes and drops again."""
        text = name.decode(errors="replace")
        definitions = list(self._defined(path, name))
        if not definitions and text in self._recipe.guards:
            return
        if not definitions:
            yield Effect("unknown", f"guard({text})", place)
        for file, kind, parts in definitions:
            at = 1 if kind == b"LOCK_GUARD_0" else 2
            if kind == b"FREE" or len(parts) < at + 2:
                continue
            taken = list(self._part(file, parts[at], place, depth, kind != b"GUARD"))
            dropped = list(self._part(file, parts[at + 1], place, depth, kind != b"GUARD"))
            locks = [e for e in taken if e.kind == "lock"]
            unlocks = [e for e in dropped if e.kind == "unlock"]
            if len(locks) != len(unlocks):
                yield Effect("unknown", f"guard({text})", place)
            yield from (e for e in (*taken, *dropped) if e not in locks and e not in unlocks)

    def scope_ends(
        self, path: str, text: bytes, place: HeaderPlace, depth: int
    ) -> Iterator[Effect]:
        """Yield what attributes of a function's variables have done where their scope ends."""
        for match in _FREE.finditer(text):
            frees = [p for p in self._defined(path, match[1]) if p[1] == b"FREE"]
            if not frees:
                yield Effect("unknown", f"__free({match[1].decode()})", place)
            for file, _, parts in frees:
                yield from self._part(file, b",".join(parts[2:]), place, depth, False)
        for match in _CLEANUP.finditer(text):
            found = self._effects.called(path, match[1], place, depth)
            yield from found.effects
            if found.writes:
                yield Effect("unknown", match[1].decode(), place)

    def _part(
        self, path: str, text: bytes, place: HeaderPlace, depth: int, has_own: bool
    ) -> Iterator[Effect]:
        """Yield what a guard's constructor or destructor does; one that `has_own` members keeps
        there what it is given."""
        text = _bare(text)
        if has_own:
            text = re.sub(rb"\b_T->\w+\s*=(?!=)", b" ", text)
        if _WRITES.search(text):
            yield Effect("unknown", "the guard's own text", place)
            return
        yield from self._calls(text, path, place, place, depth + 1)

    def _defined(self, path: str, name: bytes) -> Iterator[tuple[str, bytes, list[bytes]]]:
        """Yield the definitions of a guard in sight: the file, its kind, its arguments."""
        pattern = re.compile(_DEFINED % re.escape(name))
        for file in (path, *self._sources.includes(path)):
            text = self._sources.unit(file).text
            for match in pattern.finditer(text) if name in text else ():
                yield file, match[1], _arguments(text, text.index(b"(", match.start()))


def _declared_by_loop(body: bytes) -> list[bytes]:
    """Return the variables that an iterator's loop declares for itself.

    `for (struct foo *_next = (head)->first, *_last = NULL; …` has two.
    """
    found: list[bytes] = []
    for loop in _DECLARING.finditer(body):
        found += [loop[1], *re.findall(rb",\s*\**\s*(\w+)\s*=(?!=)", loop[2])]
    return found


def _bare(text: bytes) -> bytes:
    """Return a macro's text without strings, comments and casts: what is left of `)(` is a call."""
    text = blank_out(text, strings=True).replace(b"\\\n", b" ")
    return _NAMED.sub(rb" \1 ", _CAST.sub(b" ", text))


def _arguments(text: bytes, opened: int) -> list[bytes]:
    """Return what stands between the commas of a call whose bracket opens at a byte."""
    text = blank_out(text[opened : opened + 4096], strings=True)
    parts: list[bytes] = [b""]
    depth = 0
    for position in range(len(text)):
        sign = text[position : position + 1]
        depth += sign in b"([{"
        depth -= sign in b")]}"
        if depth == 0:
            break
        if sign == b"," and depth == 1:
            parts.append(b"")
        elif position:
            parts[-1] += sign
    return [part.strip() for part in parts]
