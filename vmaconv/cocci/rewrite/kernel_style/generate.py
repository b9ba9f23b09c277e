# SPDX-License-Identifier: GPL-2.0-only
"""From a match to edits.

In: the trail of a match (which pattern token took which code) and the rule's plus blocks. Out:
edits. Plus code that stands next to a region of minus tokens replaces it, other plus code is
inserted. Metavariables in plus code keep their original text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.context import (
    UNARY,
    needs_parentheses,
    precedence,
    required_precedence,
)
from vmaconv.cocci.rewrite.bodies.above import comment_above
from vmaconv.cocci.rewrite.bodies.braces import Bracing, UnbracedBody, body_of
from vmaconv.cocci.rewrite.bodies.case_labels import begins_with_label, label_beside
from vmaconv.cocci.rewrite.bodies.dissolved import dissolved_bodies
from vmaconv.cocci.rewrite.bodies.elements import Element, element_of, with_comma
from vmaconv.cocci.rewrite.bodies.unbraced import beside, bodies_of, level, whole_statement
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.kernel_style.deletion import deleted, is_whole_lines
from vmaconv.cocci.rewrite.kernel_style.directive_lines import in_first_column, in_old_column
from vmaconv.cocci.rewrite.kernel_style.joined_value import joined
from vmaconv.cocci.rewrite.lines.indent import columns, style_of
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.rewrite.plus_code.needs import PlusNeeds, operators_in, value_of
from vmaconv.cocci.rewrite.plus_code.placing import STATEMENT_KINDS, Insertion, Placing
from vmaconv.cocci.rewrite.plus_code.substitution import pastes, render
from vmaconv.cocci.rewrite.regions import (
    DIRECTIVE,
    RUN_OVER,
    Grouping,
    Region,
    TextLost,
    hidden,
)
from vmaconv.cocci.rewrite.storage_classes import with_storage, without_repeated
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule, PlusBlock, PlusLine, TokenMark
from vmaconv.cocci.text.blanks import blank_end, blank_start
from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.conditional_span import is_whole
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import comment_texts
from vmaconv.cocci.tree.node import EXPRESSIONS, Node

_DECLARED = frozenset({"declaration", "field_declaration", "function_definition"})
_LINE_START = late_regex(rb"(?<=\n)[ \t]*(?=[^\s#])")


def _lost_comment(comment: bytes) -> TextLost:
    return TextLost(f"there is no place for the comment {comment.decode(errors='replace')}")


class Generator:
    """Makes the edits of one rule's matches in one text."""

    def __init__(self, rule: CodeRule, text: bytes, tidy: bool = True) -> None:
        """`tidy` drops parentheses that the old expression needed and the new one does not."""
        self._rule = rule
        self._text = text
        self._tidy = tidy
        self._grouping = Grouping(rule.pattern, whole=not tidy)
        self._needs: dict[tuple[object, ...], PlusNeeds] = {}
        self._held: tuple[tuple[int, int, int], tuple[bytes, ...], tuple[bytes, ...]]
        self._held = ((-1, -1, -1), (), ())
        self._placing = Placing(rule.plus)
        self._style = style_of(text)
        self._has_directive = any(block.has_directive for block in rule.plus)
        self._bracing = Bracing(text, self._newline(), self._style, tidy)

    def edits(self, trail: Sequence[Taken], bindings: Mapping[Name, BoundValue]) -> list[Edit]:
        """Return the edits that one match asks for; raise `TextLost` if one would lose text."""
        taken = sorted(trail, key=lambda t: (t.start, t.end))
        regions = self._grouping.regions(self._text, taken)
        inserts = self._placed_plus(taken, regions)
        context = {t.start for t in taken if t.token.mark is not TokenMark.MINUS and not t.alias}
        bodies = bodies_of(regions, inserts, bindings, self._tidy)
        made = [self._replace(region, bindings, context, bodies) for region in regions]
        for anchor, block, after in inserts:
            body = body_of(beside(anchor, after))
            indent = self._bracing.indent(body) if body is not None else None
            edit = self._insert(anchor, block, after, bindings, indent)
            many = ("before", "after")[after] if block.many else ""
            made.append(replace(edit, level=level(anchor, after), many=many))
        for body in bodies:
            made = self._bracing.enclose(body, made, self._rule.name)
        for one in dissolved_bodies(regions, made, self._text, bodies):
            if one.block is not None:
                made = self._bracing.join_block(one.body, one.block, made, self._rule.name)
            else:
                made = self._bracing.enclose_rest(one.body, made, self._rule.name)
        made = [self._without_stray_comma(without_repeated(edit, self._text)) for edit in made]
        if self._has_directive:
            made = [in_old_column(in_first_column(e, self._text), self._text) for e in made]
        return [edit for edit in made if self._text[edit.start : edit.end] != edit.text]

    def _without_stray_comma(self, edit: Edit) -> Edit:
        """Drop a comma of plus code that has no argument before or after it."""
        new = edit.text
        if new.lstrip()[:1] == b"," and self._text.endswith(
            b"(", 0, blank_start(self._text, edit.start)
        ):
            new = new.lstrip()[1:].strip()
        if new.rstrip()[-1:] == b"," and self._text.startswith(
            b")", blank_end(self._text, edit.end)
        ):
            new = new.rstrip()[:-1]
        return edit if new is edit.text else replace(edit, text=new)

    def _placed_plus(self, taken: Sequence[Taken], regions: Sequence[Region]) -> list[Insertion]:
        """Give each plus block to the region beside it; return those that are pure insertions."""
        return self._placing.insertions(taken, regions)

    def _replace(
        self,
        region: Region,
        bindings: Mapping[Name, BoundValue],
        context: set[int],
        bodies: Sequence[UnbracedBody],
    ) -> Edit:
        if not is_whole(self._text, region.start, region.end):
            raise hidden(DIRECTIVE.findall(self._text, region.start, region.end)[0])
        if not region.plus:
            region.start = with_storage(region, self._text)
            return self._delete(region)
        bindings = self._placed({**bindings, **region.own()}, region.start, region.end)
        lines = [line for block in region.plus for line in block.lines]
        block = self._block_as_body(region, lines, bindings)
        if block is not None:
            return block
        body = next((b for b in bodies if b.statement is whole_statement(region)), None)
        if body is not None:
            new = self._lines(lines, self._bracing.indent(body), bindings)
        elif self._stands_alone(region):
            new = self._lines(lines, self._indent_at(region), bindings)
        else:
            new = self._inline(lines, bindings)
            node = _only_node(region)
            if node is not None:
                binds = self._needs_of(lines, bindings).loosest(bindings)
                loose = needs_parentheses if self._tidy else _is_looser
                if loose(node, binds) or pastes(byte_before(self._text, region.start), new):
                    new = b"(" + new + b")"
                if self._tidy:
                    self._widen(region, node, binds, context)
        if not new.strip() and body_of(whole_statement(region)) is not None:
            # An empty list of statements is no body.
            new = b"{}"
        self._keep_comments(region, new)
        # `int *x` with another type, which ends in a letter; `sizeof(x)` with `f(x)` for `(x)`.
        behind = self._text[region.end : region.end + 1]
        new += b" " * (_is_one_word(new[-1:], behind) or (new[-1:] == b"," and behind.isalnum()))
        before = self._text[max(region.start - 1, 0) : region.start]
        new = b" " * _is_one_word(before, new[:1]) + new
        return Edit(region.start, region.end, new, self._rule.name)

    def _placed(
        self, bindings: Mapping[Name, BoundValue], start: int, end: int
    ) -> Mapping[Name, BoundValue]:
        """Return what metavariables stand for in code that replaces bytes [`start`, `end`).

        The lines of what stood elsewhere have to be broken anew.
        """
        if not self._tidy:
            return bindings
        return {name: joined(value, start, end) for name, value in bindings.items()}

    def _block_as_body(
        self, region: Region, lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]
    ) -> Edit | None:
        """Return the edit that puts a block of plus code in place of a body without braces."""
        body = body_of(whole_statement(region)) if self._tidy else None
        tokens = [t for line in lines for t in line.tokens if t.kind != "space"]
        if body is None or not tokens or tokens[0].text != "{" or tokens[-1].text != "}":
            return None
        if self._text[body.head : region.start].strip():
            return None
        new = self._lines(lines, self._bracing.indent(body) - self._style.step, bindings)
        self._keep_comments(region, new)
        return Edit(body.head, region.end, b" " + new, self._rule.name)

    def _stands_alone(self, region: Region) -> bool:
        """Whether what replaces the region is set as whole lines."""
        lines = is_whole_lines(self._text, region.start, region.end) and self._is_statement(region)
        return lines or any(block.has_directive for block in region.plus)

    def _is_statement(self, region: Region) -> bool:
        last = region.taken[-1]
        meta = last.token.metavariable
        if meta is not None and meta.kind in STATEMENT_KINDS:
            return True
        if last.token.kind in RUN_OVER and last.node is None:
            return byte_before(self._text, last.end) in (b";", b"}")
        # A comma ends an element, which has a line of its own here.
        return last.token.text in (b";", b"}", b"{", b",") or (
            last.node is not None and last.node.kind not in EXPRESSIONS and last.node.text is None
        )

    def _indent_at(self, region: Region) -> int:
        """Return the column of what replaces the region."""
        return self._indent_of(region.start)

    def _widen(self, region: Region, node: Node, binds: int, context: set[int]) -> None:
        """Take the parentheses around `node` along where what replaces it needs them no longer.

        `!(x & F)` becomes `!test(x, F)`; parentheses that the rule names as context stay.
        """
        own = precedence(node)
        while (outer := node.parent) is not None and outer.kind == "parenthesized_expression":
            needed = required_precedence(outer)
            of_use = own < needed or (binds >= UNARY and own < UNARY)
            blank = self._text[outer.start + 1 : node.start] + self._text[node.end : outer.end - 1]
            holder = outer.parent.kind if outer.parent is not None else ""
            if (
                binds < needed
                or not of_use
                or blank.strip()
                or outer.start in context
                or holder in ("sizeof_expression", "alignof_expression", "ERROR")
            ):
                return
            region.start, region.end = outer.start, outer.end
            node = outer

    def _keep_comments(self, region: Region, new: bytes) -> None:
        """Refuse a replacement that would lose a comment that stood between the replaced tokens."""
        first = region.taken[0]
        # The rule sees a line that it names itself.
        start = first.end if (first.token.text or b"").startswith(b"#") else region.start
        comments, lines = self._held_in(region.start, start, region.end)
        for comment in comments:
            if comment not in new:
                raise _lost_comment(comment)
        for line in lines:
            if line not in new:
                raise hidden(line)

    def _held_in(
        self, start: int, lines_from: int, end: int
    ) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """Return the comments and preprocessor lines of a stretch; many matches may ask for one."""
        place = (start, lines_from, end)
        if place != self._held[0]:
            comments = tuple(comment_texts(self._text[start:end]))
            self._held = (place, comments, tuple(DIRECTIVE.findall(self._text[lines_from:end])))
        return self._held[1:]

    def _delete(self, region: Region) -> Edit:
        if body_of(whole_statement(region)) is not None:
            return Edit(region.start, region.end, b"{}", self._rule.name)
        return Edit(*deleted(self._text, region.start, region.end), b"", self._rule.name)

    def _insert(
        self,
        taken: Taken,
        block: PlusBlock,
        after: bool,
        bindings: Mapping[Name, BoundValue],
        inside: int | None,
    ) -> Edit:
        """Insert plus code beside a token; `inside` is its column where braces come around it."""
        element = element_of(self._text, taken, after) if inside is None else None
        element, block = with_comma(self._text, taken, element, block, after)
        if element is not None and _text_of(block)[:1] != ",":
            return self._insert_element(element, taken, block, bindings)
        alone = self._on_own_line(taken, block, after) and (
            after or not _is_specifier(taken, block)
        )
        alone = alone or block.has_directive
        if inside is None and not alone:
            return self._insert_inline(taken, block, after, bindings)
        at = taken.end if after else taken.start
        bindings = self._placed({**bindings, **(taken.own or {})}, at, at)
        indent = self._indent_of(taken.start if not after else self._line_start_of(taken))
        ends = not after and inside is None and _ends_block(taken)
        if ends or (after and byte_before(self._text, taken.end) == b"{"):
            indent += self._style.step
        indent = indent if inside is None else inside
        indent = self._label_column(taken, block, after, indent)
        new = self._lines(block.lines, indent, bindings)
        newline = self._newline()
        if after:
            line_end = self._text.find(b"\n", at)
            rest = self._text[at : line_end if line_end >= 0 else len(self._text)]
            if rest.strip().startswith((b"/*", b"//")) and line_end >= 0:
                at += len(rest.rstrip())
            elif rest.strip() and b"\n" not in new and not block.has_directive:
                # `{ f(); }`: on its line.
                return Edit(at, at, b" " + new, self._rule.name)
            return Edit(at, at, newline + self._style.lead(indent) + new, self._rule.name)
        above = comment_above(self._text, taken, block, self._tidy)
        if above is not None:
            return Edit(above, above, new + newline, self._rule.name)
        if ends:
            line = self._text.rfind(b"\n", 0, at) + 1
            new = self._style.lead(indent) + new + newline + self._text[line:at]
            return Edit(line, at, new, self._rule.name)
        return Edit(at, at, new + newline + self._style.lead(indent), self._rule.name)

    def _label_column(self, taken: Taken, block: PlusBlock, after: bool, indent: int) -> int:
        """Return the column of a `case` that is added, which is that of the others there."""
        label = label_beside(taken, after) if begins_with_label(block.lines) else None
        return self._indent_of(label.start) if label is not None else indent

    def _insert_element(
        self, element: Element, taken: Taken, block: PlusBlock, bindings: Mapping[Name, BoundValue]
    ) -> Edit:
        """Add to an initialiser or an enumeration, on lines of its own where the others have such."""
        at, stop = element.at, element.stop(self._text)
        bindings = self._placed({**bindings, **(taken.own or {})}, at, at)
        comma = b"," * element.lacks_comma
        if element.column is None:
            return Edit(at, at, comma + b" " + self._inline(block.lines, bindings), self._rule.name)
        new = self._lines(block.lines, element.column, bindings)
        lead = self._newline() + self._style.lead(element.column)
        new += b"," * element.needs_comma
        return Edit(at, stop, comma + self._text[at:stop] + lead + new, self._rule.name)

    def _insert_inline(
        self, taken: Taken, block: PlusBlock, after: bool, bindings: Mapping[Name, BoundValue]
    ) -> Edit:
        """Insert plus code beside a token, on its line."""
        at = taken.end if after else taken.start
        bindings = self._placed({**bindings, **(taken.own or {})}, at, at)
        new = self._inline(block.lines, bindings)
        if after and byte_before(self._text, at) in (b"(", b"["):
            # A first argument: what was the first has the blank before it.
            goes_on = new.endswith(b",") and not self._text[at : at + 1].isspace()
            new += b" " * (goes_on and self._text[at : at + 1] != b")")
        elif after:
            new = b" " * (new[:1] != b",") + new
        else:
            new += b" " * (self._text[at : at + 1] not in (b")", b","))
        if after and taken.start == taken.end and taken.token.text == b",":
            # The rule has a comma between elements here; the code's last element has none yet.
            new = b"," + new
        behind, end = self._line_end(at, block)
        return Edit(at, end, new + behind, self._rule.name)

    def _line_end(self, at: int, block: PlusBlock) -> tuple[bytes, int]:
        """Return the line end that plus code which ends with a `//` comment needs before code, and
        where that code begins.
        """
        end = self._text.find(b"\n", at)
        rest = self._text[at : end if end >= 0 else len(self._text)]
        tokens = block.lines[-1].tokens if block.lines else ()
        comments = tokens and tokens[-1].kind == "comment" and tokens[-1].text.startswith("//")
        if not comments or not rest.strip():
            return b"", at
        lead = self._style.lead(self._indent_of(at) + self._style.step)
        return self._newline() + lead, at + len(rest) - len(rest.lstrip())

    def _on_own_line(self, taken: Taken, block: PlusBlock, after: bool) -> bool:
        """Whether plus code beside `taken` gets lines of its own."""
        if after:
            if taken.token.kind == "dots" and _text_of(block)[-1:] == ";":
                # Behind a field that is a macro without a semicolon.
                return True
            return byte_before(self._text, taken.end) in (b";", b"{", b"}", b":")
        return not self._text[self._text.rfind(b"\n", 0, taken.start) + 1 : taken.start].strip()

    def _line_start_of(self, taken: Taken) -> int:
        """Return where the statement that `taken` ends begins, as far as indentation goes."""
        node = taken.node
        if node is not None and taken.alias and taken.start == taken.end:
            # All of a loop or branch that ends here.
            return node.start
        if (
            node is not None
            and node.parent is not None
            and node.parent.kind != "compound_statement"
        ):
            return node.parent.start
        return taken.start

    def _indent_of(self, offset: int) -> int:
        start = self._text.rfind(b"\n", 0, offset) + 1
        line = self._text[start:offset]
        return width(line[: len(line) - len(line.lstrip())])

    def _newline(self) -> bytes:
        end = self._text.find(b"\n")
        return b"\r\n" if end > 0 and byte_before(self._text, end) == b"\r" else b"\n"

    def _lines(
        self, lines: Sequence[PlusLine], indent: int, bindings: Mapping[Name, BoundValue]
    ) -> bytes:
        """Set plus lines as whole lines; the first has no indentation of its own."""
        parts: list[bytes] = []
        needs = self._needs_of(lines, bindings)
        for number, column in enumerate(columns(lines, self._style.step)):
            for deeper, text in render(needs, number, bindings):
                place = indent + column + deeper * self._style.step
                leads = parts and text and not text.startswith(b"#")
                text = self._moved_along(lines[number], text, place, bindings)
                parts.append(self._style.lead(place) + text if leads else text)
        return self._newline().join(parts)

    def _moved_along(
        self, line: PlusLine, text: bytes, place: int, bindings: Mapping[Name, BoundValue]
    ) -> bytes:
        """Return a statement of several lines that is all of a plus line, its lines moved along to
        column `place` with the first.
        """
        metas = [t.metavariable for t in line.tokens if t.kind != "space"]
        meta = metas[0] if len(metas) == 1 else None
        if b"\n" not in text or meta is None or meta.kind not in STATEMENT_KINDS:
            return text
        value = value_of(meta, bindings)
        first = None if value is None else next(iter(value.nodes or (value.node,)), None)
        leaf = next(first.leaves(), None) if first is not None else None
        if leaf is None or not self._text.startswith(leaf.text or b"", leaf.start):
            return text
        begun = self._text.rfind(b"\n", 0, leaf.start) + 1
        if leaf.text != b"{" and self._text[begun : leaf.start].strip():
            # The lines of a block are set as that is which its head is on.
            return text
        more = place - self._indent_of(leaf.start)
        if not more:
            return text
        return _LINE_START.sub(lambda m: self._style.lead(max(width(m[0]) + more, 0)), text)

    def _needs_of(
        self, lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]
    ) -> PlusNeeds:
        """Parse plus lines once for all matches of the rule that have the same operators."""
        operators = operators_in(lines, bindings)
        key = (*map(id, lines), *operators.items())
        if key not in self._needs:
            self._needs[key] = PlusNeeds(lines, operators)
        return self._needs[key]

    def _inline(self, lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]) -> bytes:
        needs = self._needs_of(lines, bindings)
        rendered = [render(needs, number, bindings, not self._tidy) for number in range(len(lines))]
        texts = [text for pieces in rendered for _, text in pieces]
        out = texts[0] if texts else b""
        for text in texts[1:]:
            out += text if out.endswith(b"(") or text[:1] in (b")", b",", b";") else b" " + text
        return out


def _ends_block(taken: Taken) -> bool:
    """Whether a token is the brace that closes a block of statements."""
    parent = taken.node.parent if taken.node is not None else None
    return taken.token.text == b"}" and parent is not None and parent.kind == "compound_statement"


def _is_specifier(taken: Taken, block: PlusBlock) -> bool:
    """Whether plus code is words before a declaration or a function: `static`, an attribute."""
    node = taken.node
    while node is not None and node.kind not in _DECLARED and node.start == taken.start:
        node = node.parent
    if node is None or node.start != taken.start:
        return False
    tokens = [t for line in block.lines for t in line.tokens if t.kind != "space"]
    return all(t.text.replace("_", "a").isalnum() for t in tokens)


def _text_of(block: PlusBlock) -> str:
    return "".join(line.text for line in block.lines).strip()


def _only_node(region: Region) -> Node | None:
    """Return the expression that the region covers exactly, or None."""
    node = region.taken[0].node
    while node is not None and node.start == region.start and node.end < region.end:
        node = node.parent
    if node is None or (node.start, node.end) != (region.start, region.end):
        return None
    while (
        node.parent is not None
        and (node.parent.start, node.parent.end) == (node.start, node.end)
        and node.parent.kind in EXPRESSIONS
    ):
        node = node.parent
    return node if node.kind in EXPRESSIONS else None


def _is_looser(node: Node, binds: int) -> bool:
    """Whether C asks for parentheses around what binds like `binds` in the place of `node`."""
    return binds < required_precedence(node)


def _is_one_word(before: bytes, after: bytes) -> bool:
    """Whether two characters side by side belong to one name or number."""
    both = (before + after).replace(b"_", b"a")
    return len(both) == 2 and both.isalnum()
