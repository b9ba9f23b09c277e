# SPDX-License-Identifier: GPL-2.0-only
"""The one obstacle to a rule that nearly matches.

In: a rule, the sort of demand without which it matches, and that match. Out: sentences: which
metavariable would stand for what and why it may not, on which line a `when` is violated, by which
line a path leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.engine.explain.attempts import declared, pattern_text
from vmaconv.cocci.engine.explain.relaxed import ANY_EXPRESSION, TWIN, Relaxation, nodes_of
from vmaconv.cocci.match.attempt.constraint_check import meets
from vmaconv.cocci.match.attempt.state import MatchOptions, MatchState
from vmaconv.cocci.match.attempt.typed import has_shape, match_types
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.search import Match, ReadyPattern
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule, Constraint, Metavariable, PNode
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.expression_types import ExpressionTypes

_LEAVING = frozenset(
    {"return_statement", "goto_statement", "break_statement", "continue_statement"}
)
_SHOWN = 6


class Miss(Struct, frozen=True):
    """A rule, and a match that it would have if it demanded less; `known` is what it inherits."""

    rule: CodeRule
    match: Match
    index: Index
    types: ExpressionTypes
    options: MatchOptions
    known: Mapping[Name, BoundValue]

    def told(self, relaxation: Relaxation) -> Iterator[str]:
        """Yield sentences on what of one sort of demand is not met."""
        match relaxation.name:
            case "types":
                yield from self._types()
            case "constraints":
                yield from self._constraints()
            case "kinds":
                yield from self._kinds()
            case "inherited":
                yield from self._inherited()
            case "equals":
                yield from self._equals()
            case "whens":
                yield from self._whens()
            case "some path":
                yield from self._leaving()
            case "shortest":
                yield (
                    "what stands before or behind the dots occurs between them, too; `when any` "
                    "allows that"
                )

    def _bound(self, meta: Metavariable) -> BoundValue | None:
        # With what is inherited set free, an inherited metavariable is the rule's own.
        return self.match.bindings.get(("", meta.name))

    def _own(self) -> Iterator[tuple[Metavariable, BoundValue]]:
        for meta in self.rule.metavariables:
            value = self._bound(meta)
            if value is not None and not value.positions:
                yield meta, value

    def _types(self) -> Iterator[str]:
        for meta, value in self._own():
            node = value.node
            tags = {"struct", "union", "enum"} & set(meta.qualifiers)
            if node is None or not (meta.ctype or meta.pointer or tags):
                continue
            found = self.types.of(node)
            state = MatchState(self.types.unit, self.types, self.options, self.known)
            fits = (
                match_types(meta, found, state, lambda: True)
                if meta.ctype
                else has_shape(meta, found, state)
            )
            if not fits:
                what = f"`{meta.name}` would be `{shown(value)}`, "
                yield what + (
                    f"which is a `{ctype_text(found)}`; the rule wants {_a(meta)}"
                    if found is not None
                    else f"whose type is not known here; the rule wants {_a(meta)}"
                )

    def _constraints(self) -> Iterator[str]:
        for meta, value in self._own():
            bindings = {**self.known, **self.match.bindings}
            judging = self.options.judging
            if meta.constraint is not None and not meets(meta, value, bindings, judging):
                rule = constraint_text(meta.constraint)
                yield f"`{meta.name}` would be `{shown(value)}`, which `{rule}` does not allow"

    def _kinds(self) -> Iterator[str]:
        for meta, value in self._own():
            node = value.node
            if node is not None and meta.kind in ANY_EXPRESSION and not self._takes(meta, node):
                yield f"`{meta.name}` would be `{shown(value)}`, which is no {meta.kind}"

    def _takes(self, meta: Metavariable, node: Node) -> bool:
        free = replace(meta, constraint=None)
        leaf = PNode("metavar", 0, 0, (), meta.name.encode(), metavariable=free)
        state = MatchState(self.types.unit, self.types, self.options, self.known)
        found: list[bool] = []

        def keep() -> bool:
            found.append(True)
            return True

        compile_pattern(leaf)(node, state, keep)
        return bool(found)

    def _inherited(self) -> Iterator[str]:
        for meta in self.rule.metavariables:
            value = self._bound(meta)
            if meta.rule is None or value is None:
                continue
            wanted = self.known.get((meta.rule, meta.name))
            if wanted is None or wanted.same(value):
                continue
            yield (
                f"`{meta.name}` would be `{shown(value)}`; rule {meta.rule} bound it to "
                f"`{shown(wanted)}`"
            )

    def _equals(self) -> Iterator[str]:
        found: dict[str, list[str]] = {}
        for (rule, name), value in self.match.bindings.items():
            if not rule and not value.positions:
                found.setdefault(name.partition(TWIN)[0], []).append(shown(value))
        for name, texts in found.items():
            different = list(dict.fromkeys(texts))
            if len(different) > 1:
                listed = " and ".join(f"`{text}`" for text in different)
                yield f"`{name}` would be {listed}, which are not the same"

    def _whens(self) -> Iterator[str]:
        unit = self.types.unit
        held = self._lines_held()
        for node in nodes_of(self.rule.pattern):
            for when in node.whens:
                if when.pattern is None or when.kind not in ("!=", "true", "false"):
                    continue
                text = pattern_text(when.pattern)
                found = [m for m in self._find(ReadyPattern(when.pattern)) if self._between(m)]
                # What stands before and behind the dots is not what they run over.
                inside = [m for m in found if unit.line(m.start) not in held] or found
                for one in inside[:_SHOWN]:
                    code = line_text(unit.text, one.start)
                    yield (
                        f"`when {when.kind} {text}` (line {when.place.line} of the rule) is "
                        f"violated by line {unit.line(one.start)}: {code}"
                    )

    def _lines_held(self) -> set[int]:
        """Return the lines of the code that the pattern's own tokens took, dots apart."""
        taken = [t for t in self.match.trail if t.token.kind not in ("dots", "nest")]
        ends = (at for t in taken for at in (t.start, max(t.end - 1, t.start)))
        return {self.types.unit.line(at) for at in ends}

    def _between(self, match: Match) -> bool:
        return self.match.start <= match.start and match.end <= self._reach()

    def _reach(self) -> int:
        """Return where the dots end: the function's end where nothing stands behind them."""
        return max(self.match.end, self.match.start + 1)

    def _leaving(self) -> Iterator[str]:
        """Tell the statements after the first part of the match that leave before the last one."""
        unit = self.types.unit
        taken = {(t.start, t.end) for t in self.match.trail}
        trail = sorted(self.match.trail, key=lambda t: t.start)
        first = trail[0].end if trail else self.match.start
        lines = [
            f"line {unit.line(node.start)}: {line_text(unit.text, node.start)}"
            for node in self.index.nodes(_LEAVING)
            if first <= node.start < self.match.end
            and not any(a <= node.start < b for a, b in taken)
        ]
        yield (
            "it matches along some path, but the rule wants all of them"
            + ("; some may leave by" if lines else "; a branch or a loop may go past")
            + (f" {lines[0]}" if len(lines) == 1 else "")
        )
        if len(lines) > 1:
            yield from (f"  {line}" for line in lines[:_SHOWN])

    def _find(self, pattern: ReadyPattern) -> Sequence[Match]:
        known = {**self.known, **self.match.bindings}
        return list(pattern.find(self.index, self.types, self.options, known))


def shown(value: BoundValue) -> str:
    """Return what a value stands for on one line: its code, or its places."""
    if value.positions:
        return ", ".join(f"line {place.line}" for place in value.positions[:_SHOWN])
    text = " ".join(value.text.decode(errors="replace").split())
    return text if len(text) <= 60 else text[:57] + "..."


def line_text(text: bytes, offset: int) -> str:
    """Return the line of `text` that a byte is in, without its indentation."""
    start = text.rfind(b"\n", 0, offset) + 1
    end = text.find(b"\n", offset)
    line = text[start : end if end >= 0 else len(text)].decode(errors="replace").strip()
    return line if len(line) <= 50 else line[:47] + "..."


def ctype_text(ctype: CType) -> str:
    """Return a type as C writes it, or nearly so.

    >>> ctype_text(CType(b"struct file", "*"))
    'struct file *'
    """
    text, shape = ctype.base.decode(errors="replace"), ctype.shape
    if set(shape) <= {"*"}:
        return f"{text} {shape}".rstrip()
    names = {"*": "pointer to", "[": "array of", "(": "function that gives"}
    return " ".join([*(names.get(level, level) for level in shape), text])


def _a(meta: Metavariable) -> str:
    return f"`{declared(meta)}`"


def constraint_text(constraint: Constraint) -> str:
    """Return a constraint about as the rule writes it."""
    match constraint.op:
        case "and" | "or":
            sign = " && " if constraint.op == "and" else " || "
            return sign.join(constraint_text(part) for part in constraint.parts)
        case "not":
            return f"!({constraint_text(constraint.parts[0])})"
        case "script":
            return f"script:{constraint.values[0]}() {{{constraint.values[1]}}}"
        case "=~" | "!~":
            return f'{constraint.op} "{constraint.values[0]}"'
    values = ", ".join(constraint.values)
    return (
        f"{constraint.op} {{{values}}}"
        if len(constraint.values) > 1
        else (f"{constraint.op} {values}")
    )
