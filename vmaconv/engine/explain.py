"""Why a rule does or does not match at a place.

In: a program, a unit, and a line (or none: the whole file). Out: `Explanation`s, one a rule and
function: where it matches, or how far the nearest attempt got: which token of the rule came next,
and what stands there instead.

Inherited metavariables count as unbound, so that each rule is explained by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vmaconv.engine.program import Program, Step
from vmaconv.match.matcher import compile_pattern
from vmaconv.match.required import may_match
from vmaconv.match.roots import root_kinds
from vmaconv.match.search import Index, items_of
from vmaconv.match.state import Matcher, Options, State, Then
from vmaconv.match.value import Name, Value
from vmaconv.smpl.rule import Metavariable, PNode
from vmaconv.source.tree import Node
from vmaconv.source.types import FileSymbols, Types
from vmaconv.source.unit import Unit

_LISTED = frozenset({"sequence", "compound_statement", "function_definition", "nest"})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One rule at one place of the C file; lines count from 1.

    `verdict` is `matches`, `words` (a word that the rule cannot do without is not there), `nearest`
    (an attempt that failed: `expected` is what the rule wants, `found` what stands there), `paths`
    (every part matches somewhere, but no way through the function has them all as the rule wants)
    or `none`.
    """

    rule: str
    rule_line: int
    line: int
    function: str
    verdict: str
    expected: str = ""
    found: str = ""
    bindings: Mapping[str, str] | None = None


class _Trace(State):
    """A state that remembers how far the best attempt got."""

    __slots__ = ("after", "best", "bound", "last")

    def __init__(
        self, unit: Unit, types: Types, options: Options, inherited: Mapping[Name, Value]
    ) -> None:
        super().__init__(unit, types, options, inherited)
        self.best = 0
        self.last: PNode | None = None
        self.after: Node | None = None
        self.bound: dict[str, str] = {}

    def take(self, token: PNode, node: Node, then: Then) -> bool:
        """Note the attempt that took most tokens."""
        if len(self.trail) + 1 > self.best:
            self.best = len(self.trail) + 1
            self.last, self.after = token, node
            self.bound = {
                name: value.key.decode(errors="replace")
                for (_, name), value in self.bindings.items()
                if not name.startswith("%")
            }
        return super().take(token, node, then)


def explain(
    program: Program,
    unit: Unit,
    headers: Sequence[FileSymbols],
    options: Options,
    line: int | None = None,
) -> Iterator[Explanation]:
    """Explain each code rule of `program` in `unit`, at `line` (from 1) or everywhere."""
    types = Types(unit, headers)
    for step in program.code_steps():
        yield from _explain_step(step, unit, types, options, line)


def _explain_step(
    step: Step, unit: Unit, types: Types, options: Options, line: int | None
) -> Iterator[Explanation]:
    rule = step.rule
    text = unit.text
    start, end = unit.line_range(line) if line is not None else (0, len(text))
    missing = _missing(step, text)
    if missing:
        yield Explanation(
            rule.name, rule.place.line, line or 1, "", "words", expected=" or ".join(missing)
        )
        return

    def looked_at(a: int, b: int) -> bool:
        return (
            a < end
            and start < b
            and (line is not None or may_match(step.pattern.clauses, text, a, b))
        )

    for chunk in unit.chunks:
        if looked_at(chunk.start, chunk.end):
            for index in items_of(chunk, looked_at):
                yield from _in_item(step, index, types, options, (start, end))


def _missing(step: Step, text: bytes) -> list[str]:
    for clause in step.pattern.clauses:
        if not may_match(frozenset({clause}), text, 0, len(text)):
            return sorted(word.decode() for word in clause)
    return []


def _in_item(
    step: Step, index: Index, types: Types, options: Options, where: tuple[int, int]
) -> Iterator[Explanation]:
    rule, unit = step.rule, types.unit
    found = [
        match
        for match in step.pattern.find(index, types, options, {})
        if match.start < where[1] and where[0] < match.end
    ]
    for match in found:
        bindings = {n: v.key.decode(errors="replace") for (_, n), v in match.bindings.items()}
        yield Explanation(
            rule.name,
            rule.place.line,
            unit.line(match.start),
            match.function,
            "matches",
            bindings=bindings,
        )
    if found:
        return
    parts = list(_parts(step.pattern.root))
    failed = None
    for part in parts:
        trace = _try(part, index, types, options, where if len(parts) == 1 else None)
        if trace.successes:
            continue
        failed = _nearest(step, part, trace, index, unit)
        break
    if failed is not None:
        yield failed
    elif len(parts) > 1:
        line = unit.line(index.item.start)
        yield Explanation(rule.name, rule.place.line, line, index.function, "paths")


def _parts(pattern: Node) -> Iterator[PNode]:
    """Yield the pieces of a pattern that each match by themselves: statements between dots."""
    assert isinstance(pattern, PNode)
    if pattern.kind not in _LISTED:
        yield pattern
        return
    for child in pattern.children:
        if not isinstance(child, PNode) or child.kind == "dots" or child.text is not None:
            continue
        if pattern.kind == "function_definition" and child.kind != "compound_statement":
            continue
        yield from _parts(child)


def _try(
    part: PNode,
    index: Index,
    types: Types,
    options: Options,
    where: tuple[int, int] | None,
) -> _Trace:
    trace = _Trace(types.unit, types, options, {})
    trace.function, trace.item = index.function, index.item
    matcher: Matcher = compile_pattern(part)

    def keep() -> bool:
        trace.successes += 1
        return False

    for node in index.nodes(root_kinds(part)):
        if where is None or (node.start < where[1] and where[0] < node.end):
            matcher(node, trace, keep)
    return trace


def _nearest(step: Step, part: PNode, trace: _Trace, index: Index, unit: Unit) -> Explanation:
    rule = step.rule
    leaves = [leaf for leaf in part.leaves() if isinstance(leaf, PNode)]
    if trace.last is None or trace.after is None:
        first = leaves[0] if leaves else part
        line = first.place.line if first.place is not None else rule.place.line
        return Explanation(
            rule.name, line, unit.line(index.item.start), index.function, "none", _wanted(first)
        )
    after = next((i for i, leaf in enumerate(leaves) if leaf is trace.last), -1)
    expected = leaves[after + 1] if 0 <= after < len(leaves) - 1 else trace.last
    place = expected.place or trace.last.place
    following = _following(index.item, trace.after.end)
    return Explanation(
        rule.name,
        place.line if place is not None else rule.place.line,
        unit.line(trace.after.start),
        index.function,
        "nearest",
        _wanted(expected),
        following,
        trace.bound,
    )


def _following(item: Node, offset: int) -> str:
    for leaf in item.leaves():
        if leaf.start >= offset:
            return (leaf.text or b"").decode(errors="replace")
    return "the end"


def _wanted(leaf: PNode) -> str:
    meta = leaf.metavariable
    if meta is None:
        return (leaf.text or b"").decode(errors="replace")
    return f"{_kind(meta)} {meta.name}"


def _kind(meta: Metavariable) -> str:
    if meta.ctype:
        return b" ".join(meta.ctype[0].tokens()).decode(errors="replace")
    return meta.kind + (" *" if meta.pointer else "")
