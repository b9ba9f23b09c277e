# SPDX-License-Identifier: GPL-2.0-only
"""What of a file is compiled in a configuration.

In: a file's text and a `Configuration`. Out: the conditions that stand above a place, and stretches
of the text with the arms that are not compiled made blank, length for length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from msgspec import Struct

from vmaconv.cocci.text.c_lexer import Directive, lex
from vmaconv.cocci.text.trivia import without_comments
from vmaconv.prove.configuration.condition_value import Ask, holds
from vmaconv.prove.configuration.configurations import Configuration

_NEVER = frozenset(
    {"__ASSEMBLY__", "__ASSEMBLER__", "__cplusplus", "__CHECKER__", "MODULE", "__GENKSYMS__"}
    | {"__BINDGEN__", "__DISABLE_EXPORTS", "BUILD_VDSO32"}
)
_ALWAYS = frozenset({"__KERNEL__", "__STDC__", "__GNUC__"})


class CompiledArm(Struct, frozen=True):
    """An arm of a conditional: [`start`, `end`) without its directives.

    `conditions` are those of the arms before it, which must not hold, and last its own; "" for an
    `#else`.
    """

    start: int
    end: int
    conditions: tuple[str, ...]
    outer: CompiledArm | None


class CompiledText:
    """A file's text, asked for what of it is compiled."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The preprocessor lines of the file."""
        return lex(self.text).directives if b"#" in self.text else ()

    @cached_property
    def arms(self) -> list[CompiledArm]:
        """The arms of all conditionals, in the order of their starts."""
        found: list[CompiledArm] = []
        open_arms: list[tuple[int, tuple[str, ...], CompiledArm | None]] = []
        for directive in self.directives:
            match directive.kind:
                case "if" | "ifdef" | "ifndef":
                    outer = self._close(open_arms, directive, found, keep=True)
                    open_arms.append((directive.end, (self._condition(directive),), outer))
                case "elif" | "elifdef" | "elifndef" | "else" if open_arms:
                    _, conditions, outer = open_arms[-1]
                    self._close(open_arms, directive, found, keep=False)
                    condition = "" if directive.kind == "else" else self._condition(directive)
                    open_arms.append((directive.end, (*conditions, condition), outer))
                case "endif" if open_arms:
                    self._close(open_arms, directive, found, keep=False)
        return sorted(found, key=lambda arm: (arm.start, -arm.end))

    def _close(
        self,
        open_arms: list[tuple[int, tuple[str, ...], CompiledArm | None]],
        directive: Directive,
        found: list[CompiledArm],
        *,
        keep: bool,
    ) -> CompiledArm | None:
        """Record the innermost arm, which ends at a directive; with `keep` only name it."""
        if not open_arms:
            return None
        start, conditions, outer = open_arms[-1]
        if keep:
            return CompiledArm(start, start, conditions, outer)
        open_arms.pop()
        found.append(CompiledArm(start, directive.start, conditions, outer))
        return None

    def _condition(self, directive: Directive) -> str:
        raw = self.text[directive.start : directive.end].replace(b"\\\n", b" ")
        words = without_comments(raw, b" ").decode(errors="replace").lstrip("# \t").split(None, 1)
        text = words[1].strip() if len(words) > 1 else "0"
        match words[0]:
            case "ifdef" | "elifdef":
                return f"defined({text})"
            case "ifndef" | "elifndef":
                return f"!defined({text})"
        return text

    @cached_property
    def _starts(self) -> list[int]:
        return [arm.start for arm in self.arms]

    def innermost(self, offset: int) -> CompiledArm | None:
        """Return the arm that holds a place, or None outside all conditionals."""
        at = bisect_right(self._starts, offset) - 1
        while at >= 0:
            if self.arms[at].end > offset:
                return self.arms[at]
            at -= 1
        return None

    def conditions_at(self, offset: int) -> bytes:
        """Return the conditions above a place as text: equal where the same configurations see it."""
        found: list[str] = []
        arm = self.innermost(offset)
        while arm is not None:
            found.append(" | ".join(" ".join(c.split()) for c in arm.conditions))
            arm = arm.outer
        return "; ".join(found).encode()

    def is_compiled(self, offset: int, ask: Ask) -> bool:
        """Return whether a place is compiled."""
        arm = self.innermost(offset)
        return arm is None or self._is_taken(arm, ask)

    def _is_taken(self, arm: CompiledArm, ask: Ask) -> bool:
        if arm.outer is not None and not self._is_taken(arm.outer, ask):
            return False
        ask = self._asked_at(arm.start, ask)
        if any(holds(c, ask) for c in arm.conditions[:-1]):
            return False
        return not arm.conditions[-1] or holds(arm.conditions[-1], ask)

    def _asked_at(self, offset: int, ask: Ask) -> Ask:
        """Return `ask`, which knows the macros that the file itself defines before a place."""

        def asked(symbol: str) -> bool:
            offsets = () if symbol.startswith("CONFIG_") else self._defines.get(symbol, ())
            if not offsets:
                return ask(symbol)
            return any(o < offset and self.is_compiled(o, ask) for o in offsets)

        return asked

    @cached_property
    def _defines(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for directive in self.directives:
            if directive.kind == "define":
                words = self.text[directive.start : directive.end].lstrip(b"# \t").split(None, 2)
                name = re.match(rb"\w+", words[1]) if len(words) > 1 else None
                if name is not None:
                    found.setdefault(name[0].decode(), []).append(directive.start)
        return found

    def stretch(self, start: int, end: int, ask: Ask) -> bytes:
        """Return [`start`, `end`) with its directives and what is not compiled made blank."""
        text = bytearray(self.text[start:end])
        for arm in self.arms:
            if arm.start < end and arm.end > start and not self._is_taken(arm, ask):
                _blank(text, max(arm.start - start, 0), min(arm.end, end) - start)
        for directive in self.directives:
            if start <= directive.start < end:
                _blank(text, directive.start - start, min(directive.end, end) - start)
        return bytes(text)


def _blank(text: bytearray, start: int, end: int) -> None:
    text[start:end] = re.sub(rb"[^\n]", b" ", text[start:end])


def asker(configuration: Configuration) -> Ask:
    """Return what answers the questions of one file's conditions in a configuration.

    A macro other than CONFIG_X is asked for as a symbol of its own name.
    """

    def ask(symbol: str) -> bool:
        if symbol in _NEVER:
            return False
        if symbol in _ALWAYS:
            return True
        # A macro that only its own file defines, below the #ifndef, guards against a second reading.
        if symbol.endswith(("_H", "_H_", "_H__")):
            return False
        return configuration.is_set(symbol.removeprefix("CONFIG_"))

    return ask
