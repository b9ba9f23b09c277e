# SPDX-License-Identifier: GPL-2.0-only
"""The edits that the matches of one rule make of a file.

In: a rule, its matches and those of its prototypes, the text that they stand in. Out: the matches
that can be applied together, each with its edits; the others go to `refuse` with what is wrong:
they lose text, overlap, or leave what does not parse. Applying them is the runner's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from vmaconv.cocci.engine.doubled_removals import has_conjunction, removed_once
from vmaconv.cocci.engine.matches import outermost, replaced
from vmaconv.cocci.engine.program import Prototype
from vmaconv.cocci.engine.split_declarations import ONCE_FOR_SEVERAL, SplitDeclarators
from vmaconv.cocci.match.attempt.state import MatchOptions, Taken
from vmaconv.cocci.match.plus_values import (
    NamedBeside,
    all_beside,
    comes_for_several,
    named_beside,
    spread,
    unbound,
)
from vmaconv.cocci.match.printed_order import in_printed_order
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.rewrite.edit import Edit, Overlap, Placed, apply, gathered
from vmaconv.cocci.rewrite.kernel_style.generate import Generator
from vmaconv.cocci.rewrite.lines.continuation import continued, macro_lines
from vmaconv.cocci.rewrite.printing import Printing
from vmaconv.cocci.rewrite.regions import TextLost
from vmaconv.cocci.smpl.rule import CodeRule
from vmaconv.cocci.tree.syntax_check import new_error_in
from vmaconv.cocci.tree.unit import Chunk, ParsedText, Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes

Problem = Overlap | TextLost | str | None
"""Why a match is not applied; None says that the result would not parse."""
_TRIES = 64
"""How often the text of a chunk is parsed, at most, to find the matches that break it."""
_PARSED = 2_000_000
"""How many bytes are parsed for that."""

ONCE_FOR_VALUES = (
    "its + code would come once for each of several values of what it names (write ++)"
)
"""Why a match is left."""

Edited = list[tuple[Match, list[Edit]]]


class RuleEdits:
    """Makes the edits of one rule over one text."""

    def __init__(
        self,
        rule: CodeRule,
        unit: Unit,
        types: ExpressionTypes,
        options: MatchOptions,
        printing: Printing,
        refuse: Callable[[Match, Problem], None],
    ) -> None:
        self._rule = rule
        self._unit = unit
        self._types = types
        self._guard = options.guard
        self._tidy = options.tidy
        self._printing = printing
        self._bodies = macro_lines(unit) if options.macros else []
        self._refuse = refuse
        self._named = named_beside(rule.pattern, rule.plus)
        self._sides = has_conjunction(rule.pattern)
        self.parsed: dict[bytes, ParsedText] = {}
        """What the check of the result has made of chunks as they will be."""

    def kept(
        self, matches: list[Match], prototype: Prototype | None, prototypes: Sequence[Match]
    ) -> Edited:
        """Return the matches that can be applied together, each with its edits."""
        declarators = SplitDeclarators([*matches, *prototypes], self._unit.text)
        placed = Placed()
        kept: Edited = []
        every = [spread(match, self._named) for match in matches]
        whole = outermost(every, self._named)
        generated = self._generated(declarators, whole, prototype, prototypes)
        for match, made in declarators.united(self._gathered(generated)):
            try:
                placed.add(made)
            except Overlap as overlap:
                self._refuse(match, overlap)
                continue
            kept.append((match, made))
        return self._checked(kept)

    def _generated(
        self,
        declarators: SplitDeclarators,
        matches: Sequence[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> Edited:
        """Return the matches with the edits that each makes on its own."""
        generated: Edited = []
        for generator, whole, beside in self._generators(matches, prototype, prototypes):
            if declarators.clashes(whole):
                self._refuse(whole, ONCE_FOR_SEVERAL)
                continue
            if comes_for_several(whole, self._named):
                self._refuse(whole, ONCE_FOR_VALUES)
                continue
            nothing = unbound(whole, beside)
            if nothing is not None:
                self._refuse(whole, f"its + code names {nothing}, which stands for nothing here")
                continue
            match = declarators.fitted(whole)
            try:
                made = generator.edits(self._trail(match), match.bindings)
            except (TextLost, Overlap) as problem:
                self._refuse(match, problem)
                continue
            made = continued(made, self._bodies) if self._bodies else made
            why = self._split_body(match, made) or self._guarded(match, made)
            if why is not None:
                self._refuse(match, why)
                continue
            generated.append((match, self._settled(match, made)))
        return generated

    def _trail(self, match: Match) -> Sequence[Taken]:
        """Return a match's trail, in which no code is removed twice."""
        return removed_once(match.trail, self._rule.plus) if self._sides else match.trail

    def _gathered(self, generated: Edited) -> Edited:
        """Return matches with their edits, code that `++` adds at one place put together."""
        if not any(block.many for block in self._rule.plus):
            return generated
        made = {id(match): edits for match, edits in generated}
        order = in_printed_order([match for match, _ in generated])
        rows = gathered([made[id(match)] for match in order], self._unit.text)
        united = {id(match): row for match, row in zip(order, rows, strict=True)}
        return [(match, united[id(match)]) for match, _ in generated if united[id(match)]]

    def _split_body(self, match: Match, made: Sequence[Edit]) -> str | None:
        """Return why a macro that is one statement must not become several, or None.

        `if (x) M(v)` would run all but the first in any case.
        """
        node = next((t.node for t in match.trail if t.node is not None), None)
        if not self._tidy or not self._bodies or node is None:
            return None
        if sum(e.text.count(b";") for e in made) < 2:
            return None
        above = next(
            (n for n in node.ancestors() if n.parent and n.parent.kind == "macro_body"), node
        )
        is_all = above.parent is not None and len(above.parent.children) == 1
        if is_all and above.kind == "expression_statement":
            return "the macro is one statement, and would be several"
        return None

    def _guarded(self, match: Match, made: Sequence[Edit]) -> str | None:
        """Return why code must not become what the edits make of it, or None."""
        guard = self._guard
        if guard is None:
            return None
        anywhere = next((taken.node for taken in match.trail if taken.node is not None), None)
        for edit in made:
            if not edit.text.strip():
                continue
            node = replaced(match, edit)
            if node is not None:
                why = guard.refusal(node, edit.text, self._types)
            elif anywhere is not None:
                old = self._unit.text[edit.start : edit.end]
                why = guard.unusable(anywhere, edit.text, self._types, old)
            else:
                why = None
            if why is not None:
                return why
        return None

    def _settled(self, match: Match, made: list[Edit]) -> list[Edit]:
        """Return the edits with those widened whose surroundings say nothing any more."""
        guard = self._guard
        if guard is None:
            return made
        wide: list[Edit] = []
        for edit in made:
            node = replaced(match, edit) if edit.text.strip() else None
            found = guard.settled(node, edit.text, self._types) if node is not None else None
            if found is not None:
                whole, text = found
                edit = replace(edit, start=whole.start, end=whole.end, text=text)
            wide.append(edit)
        return wide

    def _generators(
        self,
        matches: Sequence[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> Iterator[tuple[Generator, Match, NamedBeside]]:
        """Yield the matches, each with what makes its edits and what its plus code names."""
        own = self._printing.generator(self._rule, self._unit.text)
        beside = all_beside(self._rule.plus)
        for match in matches:
            yield own, match, beside
        if prototype is not None and prototypes:
            for match in prototypes:
                rule = prototype.rule_for(match)
                generator = self._printing.generator(rule, self._unit.text)
                yield generator, match, all_beside(rule.plus)

    def _checked(self, kept: Edited) -> Edited:
        """Drop the edits of each match that would leave a chunk that does not parse."""
        good: Edited = []
        by_chunk: dict[int, Edited] = {}
        for match, made in kept:
            chunk = self._unit.chunk_at(made[0].start if made else match.start)
            by_chunk.setdefault(chunk.start, []).append((match, made))
        for start, members in by_chunk.items():
            fit = self._fitting(self._unit.chunk_at(start), members)
            if len(fit) < len(members):
                kept_ids = {id(match) for match, _ in fit}
                for match, _ in members:
                    if id(match) not in kept_ids:
                        self._refuse(match, None)
            good += fit
        return good

    def _fitting(self, chunk: Chunk, members: Edited) -> Edited:
        """Return those members whose edits leave a chunk that parses, looked for by halves."""
        tries = min(_TRIES, max(_PARSED // max(len(chunk.text), 1), 1))
        fit: Edited = []
        rows = [members]
        while rows:
            row = rows.pop()
            tries -= 1
            if not self._breaks(chunk, fit + row):
                fit += row
            elif len(row) > 1 and tries > 0:
                half = len(row) // 2
                rows += [row[half:], row[:half]]
        return fit

    def _breaks(self, chunk: Chunk, members: Edited) -> bool:
        """Whether the edits of matches leave a chunk that does not parse."""
        start = chunk.start
        local = [
            replace(e, start=e.start - start, end=e.end - start)
            for _, made in members
            for e in made
        ]
        new, old = apply(chunk.text, local), [chunk]
        if start and self._begins_anew(chunk, local):
            # Whether an item ends may depend on what the next one begins with.
            old.insert(0, self._unit.chunk_at(start - 1))
            new = old[0].text + new
        changed = Unit(self._unit.path, new, self._unit.names, self.parsed)
        broken = new_error_in(changed, old)
        self.parsed |= changed.parsed()
        return broken is not None

    @staticmethod
    def _begins_anew(chunk: Chunk, edits: Sequence[Edit]) -> bool:
        """Whether edits change what a chunk begins with."""
        first = len(chunk.text) - len(chunk.text.lstrip())
        return any(edit.start <= first for edit in edits)
