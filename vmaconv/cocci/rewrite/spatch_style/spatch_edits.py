# SPDX-License-Identifier: GPL-2.0-only
"""From a match to edits, printed as spatch prints.

In and out as for `generate`, which has the kernel's style. spatch sets plus code anew: a statement
a line, blanks by rule (`setting`, `spacing`), what metavariables stand for included; takes blank
lines along with what it deletes (`removal`); and gives whole statements lines of their own wherever
they go.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.rewrite.bodies.above import comment_above
from vmaconv.cocci.rewrite.bodies.braces import UnbracedBody, body_of
from vmaconv.cocci.rewrite.bodies.case_labels import begins_with_label
from vmaconv.cocci.rewrite.bodies.elements import (
    among_fields_of_one_line,
    element_of,
    with_comma,
    within_braces_of_line,
)
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.kernel_style.generate import Generator
from vmaconv.cocci.rewrite.plus_code.placing import Insertion
from vmaconv.cocci.rewrite.plus_code.substitution import render
from vmaconv.cocci.rewrite.regions import DIRECTIVE, Region, hidden, holds_conditionals
from vmaconv.cocci.rewrite.spatch_style.set_line import SetLine
from vmaconv.cocci.rewrite.spatch_style.setting import set_lines
from vmaconv.cocci.rewrite.spatch_style.spacing import gaps
from vmaconv.cocci.smpl.mentions import Name, in_plus, name_of
from vmaconv.cocci.smpl.rule import CodeRule, PlusBlock, PlusLine
from vmaconv.cocci.text.blanks import blank_start
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS, Node

_BLOCKS = frozenset(
    {"compound_statement", "enumerator_list", "field_declaration_list", "initializer_list"}
)
_TRAILER = late_regex(rb"[ \t]*(?:/\*[^\n]*?\*/[ \t]*)*(?:/\*[^\n]*?\*/|//[^\n\r]*)")
_OPERATORS = (b"=", b"+", b"-", b"*", b"/", b"%", b"&", b"|", b"^", b"?", b"<", b">", b"!")
_BLANKS = late_regex(rb"[ \t]*")
_LABELS = (b"case", b"default")
_SIZEOF = late_regex(rb"\bsizeof \(")
"""What `sizeof e` comes to where `e` gets parentheses."""

_FUSED = late_regex(rb"[-+*&][\w(\"]")
_PRINTED = (
    EXPRESSIONS
    | (STATEMENTS - {"compound_statement"})
    | {"parameter_declaration", "type_descriptor", ","}
)


class SpatchGenerator(Generator):
    """Makes the edits of one rule's matches in one text, as spatch does."""

    def __init__(self, rule: CodeRule, text: bytes, as_written: bool = False) -> None:
        """`as_written` keeps the lines and blanks of whole plus code (`--smpl-spacing`)."""
        super().__init__(rule, text, tidy=False)
        self._as_written = as_written
        self._shown = frozenset(map(name_of, in_plus(rule.plus)))
        self._sets: dict[tuple[int, ...], list[SetLine]] = {}
        self._blanks: dict[int, bytes] = {}
        """How lines beside the place at hand are indented, by column."""
        self._blocks: dict[int, tuple[Node, list[int]]] = {}
        self._led: frozenset[int] = frozenset()
        """Where code begins that plus code goes right before."""

    def edits(self, trail: Sequence[Taken], bindings: Mapping[Name, BoundValue]) -> list[Edit]:
        """Return the edits that one match asks for; raise `TextLost` if one would lose text."""
        shown = {n: _respaced(v) if n in self._shown else v for n, v in bindings.items()}
        return super().edits(trail, shown)

    def _set(self, lines: Sequence[PlusLine]) -> list[SetLine]:
        """Set plus lines once for all matches of the rule."""
        key = tuple(map(id, lines))
        if key not in self._sets:
            self._sets[key] = set_lines(lines, self._as_written)
        return self._sets[key]

    def _placed_plus(self, taken: Sequence[Taken], regions: Sequence[Region]) -> list[Insertion]:
        """As ever, but that `12,` goes to the argument after it."""
        inserts = super()._placed_plus(taken, regions)
        self._led = frozenset(one.start for one, _, after in inserts if not after)
        found: list[Insertion] = []
        first: dict[int, Taken] = {}
        for one in taken:
            first.setdefault(id(one.token), one)
        for anchor, block, after in inserts:
            follower = first.get(id(block.after))
            if after and anchor.node is None and follower and self._in_one_line(follower):
                found.append((follower, block, False))
                continue
            tokens = [t for line in block.lines for t in line.tokens]
            beside = (
                follower is not None
                and not self._is_element(anchor, follower)
                and not self._text[anchor.end : max(anchor.end, follower.start)].strip()
            )
            if after and follower is not None and beside and tokens[-1:] and tokens[-1].text == ",":
                found.append((follower, block, False))
            else:
                found.append((anchor, block, after))
        return found

    def _is_element(self, anchor: Taken, follower: Taken) -> bool:
        """Whether plus code between two tokens is an element of a list in braces."""
        element = element_of(self._text, anchor, True)
        return element is not None and (element.column is not None or follower.token.text == b"}")

    def _in_one_line(self, taken: Taken) -> bool:
        """Whether what was taken stands among fields that are on the line of their braces."""
        meta = taken.token.metavariable
        if taken.node is None and meta is not None and meta.kind == "field list":
            return within_braces_of_line(self._text, taken.start, taken.end)
        return among_fields_of_one_line(self._text, taken.node)

    def _stands_alone(self, region: Region) -> bool:
        if self._in_one_line(region.taken[0]):
            return False
        return _are_statements(self._set([line for b in region.plus for line in b.lines]))

    def _indent_at(self, region: Region) -> int:
        column = self._block_indent(region.taken[0].node, region.start)
        plus = [line for b in region.plus for line in b.lines]
        if begins_with_label(plus) and self._text.startswith(_LABELS, region.start):
            return self._indent_of(region.start)
        lines = self._set(plus)
        return column + self._style.step * ((lines[0].depth < 0) - self._is_braced_body(region))

    def _is_braced_body(self, region: Region) -> bool:
        """Whether the region is a body without braces, and a block replaces it."""
        lines = self._set([line for b in region.plus for line in b.lines])
        return (
            lines[0].line.text == "{"
            and self._text[region.start : region.start + 1] != b"{"
            and self._text.endswith((b")", b"else"), 0, blank_start(self._text, region.start))
        )

    def _replace(
        self,
        region: Region,
        bindings: Mapping[Name, BoundValue],
        context: set[int],
        bodies: Sequence[UnbracedBody],
    ) -> Edit:
        made = super()._replace(region, bindings, context, bodies)
        head = blank_start(self._text, made.start, b" \t")
        if made.start == made.end and self._text[made.start : made.start + 1] == b"}":
            line = self._text.rfind(b"\n", 0, made.start) + 1
            lead = self._style.lead(self._indent_above(made.start))
            new = lead + made.text + self._newline() + self._text[line : made.start]
            return replace(made, start=line, text=new) if line == head else made
        if region.plus and self._is_braced_body(region):
            return replace(made, start=blank_start(self._text, head), text=b" " + made.text)
        if made.text.endswith(b")") and _is_word(self._text[made.end : made.end + 1]):
            # Another type in a cast.
            made = replace(made, text=made.text + b" ")
        opens = self._text[made.start : made.start + 1] == b"{" and made.text[:1] not in (b"", b"{")
        if opens and self._text.endswith((b")", b"else"), 0, head):
            lead = self._style.lead(self._indent_of(made.start) + self._style.step)
            return replace(made, start=head, text=self._newline() + lead + made.text)
        return made

    def _keep_comments(self, region: Region, new: bytes) -> None:
        """Refuse to lose an arm of a conditional; comments go with what they stand in, as there."""
        first = region.taken[0]
        start = first.end if (first.token.text or b"").startswith(b"#") else region.start
        for line in DIRECTIVE.finditer(self._text, start, region.end):
            if line.group() not in new and not self._goes_whole(region, line.start()):
                raise hidden(line.group())

    def _goes_whole(self, region: Region, at: int) -> bool:
        """Whether what a metavariable stands for goes with all of the conditional at `at`."""
        ends = [*(t.start for t in region.taken[1:]), region.end]
        return any(
            one.start <= at < end and holds_conditionals(one, self._text, end)
            for one, end in zip(region.taken, ends, strict=True)
        )

    def _delete(self, region: Region) -> Edit:
        made = super()._delete(region)
        if made.text:
            return made
        return Edit(region.start, region.end, b"", self._rule.name)

    def _insert(
        self,
        taken: Taken,
        block: PlusBlock,
        after: bool,
        bindings: Mapping[Name, BoundValue],
        inside: int | None,
    ) -> Edit:
        element = element_of(self._text, taken, after) if inside is None else None
        element, block = with_comma(self._text, taken, element, block, after)
        lines = self._set(block.lines)
        if element is not None and lines[0].line.text[:1] != ",":
            if element.column is None and element.is_last:
                column = self._indent_of(element.at) + self._style.step
                element = replace(element, column=column)
            return self._insert_element(element, taken, block, bindings)
        if inside is None and self._in_one_line(taken) and _are_statements(lines):
            at = taken.end if after else taken.start
            fields = self._inline(block.lines, {**bindings, **(taken.own or {})})
            return Edit(at, at, b" " * after + fields + b" " * (not after), self._rule.name)
        if not _are_statements(lines):
            return self._insert_inline(taken, block, after, bindings)
        indent = inside if inside is not None else self._indent_beside(taken, after)
        if inside is None and after and lines[0].depth < 0 and _ends_body(taken):
            indent += self._style.step
        indent = self._label_column(taken, block, after, indent)
        bindings = {**bindings, **(taken.own or {})}
        new = self._lines(block.lines, indent, bindings)
        newline = self._newline() * (2 if _is_function(lines) else 1)
        lead = self._lead(lines[0], indent)
        if after:
            at = taken.end
            trailer = _TRAILER.match(self._text, at)
            opens = lines[0].line.text == "{" and self._text.endswith((b")", b"else"), 0, at)
            if opens and (trailer is None or b"//" not in trailer.group()):
                return self._open_body(at, new, indent)
            if trailer is not None:
                at = trailer.end()
            if taken.start == taken.end and taken.token.text == b",":
                newline = b"," + newline
            if _are_comments(lines) and not self._on_own_line(taken, block, after):
                # In the midst of a statement, which goes on behind it.
                lead = self._lead(lines[0], indent + self._style.step)
                tail, end = self._line_end(at, block)
                return Edit(at, end, newline + lead + new + tail, self._rule.name)
            return Edit(at, at, newline + lead + new + self._tail(at, lines[-1]), self._rule.name)
        at = taken.start
        line = self._text.rfind(b"\n", 0, at) + 1
        above = comment_above(self._text, taken, block, self._tidy)
        if above is not None:
            return Edit(above, above, lead + new + newline, self._rule.name)
        if not self._text[line:at].strip():
            return Edit(line, at, lead + new + newline + self._text[line:at], self._rule.name)
        return Edit(at, at, new + newline + self._style.lead(indent), self._rule.name)

    def _open_body(self, at: int, new: bytes, indent: int) -> Edit:
        """Put `new`, which begins with a `{`, behind the head of an `if` or a loop at `at`."""
        blanks = _BLANKS.match(self._text, at)
        stop = blanks.end() if blanks is not None else at
        follows = self._text[stop : stop + 1]
        if not follows.strip():
            return Edit(at, at, b" " + new, self._rule.name)
        # A block that follows is moved a step with all that is in it.
        lead = self._style.lead(indent + self._style.step * (follows != b"{"))
        return Edit(at, stop, b" " + new + self._newline() + lead, self._rule.name)

    def _insert_inline(
        self, taken: Taken, block: PlusBlock, after: bool, bindings: Mapping[Name, BoundValue]
    ) -> Edit:
        made = super()._insert_inline(taken, block, after, bindings)
        if made.text.startswith(b","):
            return made
        new = made.text.strip()
        before = self._text[max(made.start - 1, 0) : made.start]
        behind = self._text[made.start : made.start + 1]
        if after and _FUSED.match(new) and _apart(before, b"*"):
            new = new[:1] + b" " + new[1:]
        lead = b" " * (before == b"," or _apart(before, new[:1]))
        tail = b" " * (
            new.endswith(b",") or (behind not in _OPERATORS and _apart(new[-1:], behind))
        )
        return replace(made, text=lead * after + new + tail)

    def _lead(self, line: SetLine, indent: int) -> bytes:
        """Return the blanks before a line of plus code in a block indented by `indent`."""
        if line.is_directive or line.raw or not line.line.text:
            return b""
        column = max(indent + line.depth * self._style.step + line.extra, 0)
        return self._blanks.get(column) or self._style.lead(column)

    def _tail(self, at: int, last: SetLine) -> bytes:
        """Return the line end that has to follow a preprocessor line."""
        end = self._text.find(b"\n", at)
        rest = self._text[at : end if end >= 0 else len(self._text)]
        return self._newline() if last.is_directive and rest.strip() else b""

    def _indent_beside(self, taken: Taken, after: bool) -> int:
        """Return the column of statements beside a token."""
        at = taken.end if after else taken.start
        inner = b"{" if after else b"}"
        node = taken.node
        if node is not None and node.text == inner and node.parent is not None:
            return self._inner_indent(node.parent, at, after)
        if node is None or (taken.start == taken.end and self._text[at : at + 1] == b"}"):
            return self._indent_above(at) if after or not self._begins_line(at) else self._near(at)
        return self._block_indent(node, at, after)

    def _near(self, at: int) -> int:
        """Return the column of the statement that begins its line at `at`, or of those before it
        where that is a `}`."""
        return self._indent_above(at) if self._text[at : at + 1] == b"}" else self._indent_of(at)

    def _block_indent(self, node: Node | None, at: int, after: bool = False) -> int:
        """Return the column of the statements around `node`."""
        if node is not None and node.text in (b"{", b"}"):
            node = node.parent
        while node is not None and (node.parent is None or node.parent.kind not in _BLOCKS):
            body = body_of(node) if node.kind in STATEMENTS else None
            if body is not None and node.kind == "compound_statement":
                return self._indent_of(body.control.start)
            if body is not None and node.kind != "if_statement":
                if self._begins_line(node.start):
                    return self._indent_of(node.start)
                return self._indent_of(body.control.start) + self._style.step
            node = node.parent
        if node is None or node.parent is None:
            line = self._text.rfind(b"\n", 0, at) + 1
            return self._indent_of(at) if not self._text[line:at].strip() else 0
        return self._inner_indent(node.parent, at, after)

    def _inner_indent(self, block: Node, at: int, after: bool) -> int:
        """Return the column of the statements in `block`: that of the one nearest to `at`.

        For code that goes after something, the line that follows is nearer than that which holds
        the something.
        """
        lines = self._lines_of(block)
        index = bisect_right(lines, at)
        if index < len(lines):
            # Between added lines, the line that follows counts, however far below.
            led = index > 0 and lines[index - 1] in self._led
            index += not index or (after and (led or self._is_next_line(at, lines[index])))
        if index:
            near = lines[index - 1]
            column = self._indent_of(near)
            self._blanks = {column: self._text[self._text.rfind(b"\n", 0, near) + 1 : near]}
            return column
        return self._indent_of(block.start) + self._style.step

    def _is_next_line(self, at: int, start: int) -> bool:
        """Whether the line that begins with the code at `start` is right below the one at `at`."""
        gap = self._text[at:start]
        return gap.count(b"\n") == 1 and not gap.strip()

    def _lines_of(self, block: Node) -> list[int]:
        """Return where the statements of `block` begin that begin their lines."""
        # The block is kept, so that its id stays its own.
        known = self._blocks.get(id(block))
        if known is None:
            starts = [
                child.start
                for child in block.children[1:-1]
                if child.kind not in ("label", "case_label") and self._begins_line(child.start)
            ]
            known = self._blocks[id(block)] = (block, starts)
        return known[1]

    def _indent_above(self, at: int) -> int:
        """Return the column of the statements in the block that ends at `at`."""
        above = blank_start(self._text, at)
        opens = self._text.endswith(b"{", 0, above)
        return self._indent_of(above) + self._style.step * opens

    def _begins_line(self, at: int) -> bool:
        return not self._text[self._text.rfind(b"\n", 0, at) + 1 : at].strip()

    def _lines(
        self, lines: Sequence[PlusLine], indent: int, bindings: Mapping[Name, BoundValue]
    ) -> bytes:
        parts: list[bytes] = []
        set_ = self._set(lines)
        needs = self._needs_of([line.line for line in set_], bindings)
        for number, line in enumerate(set_):
            for depth, text in render(needs, number, bindings, apart=True):
                lead = self._lead(replace(line, depth=line.depth + depth), indent)
                text = line.line.text.encode() if line.raw else _SIZEOF.sub(b"sizeof(", text)
                leads = parts and text and not text.startswith(b"#")
                place = max(indent + (line.depth + depth) * self._style.step + line.extra, 0)
                text = self._moved_along(line.line, text, place, bindings)
                parts.append(lead + text if leads else text)
        return self._newline().join(parts)

    def _inline(self, lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]) -> bytes:
        new = super()._inline([line.line for line in self._set(lines)], bindings)
        return _SIZEOF.sub(b"sizeof(", new)


def _is_word(character: bytes) -> bool:
    return character.isalnum() or character == b"_"


def _ends_body(taken: Taken) -> bool:
    """Whether the body of an `if` or a loop ends with what was taken."""
    node = taken.node
    return node is not None and (node.text == b"}" or taken.start == taken.end)


def _apart(before: bytes, after: bytes) -> bool:
    """Whether a blank goes between plus code and code, by the characters where they meet."""
    ends = before.isalnum() or before in (b"_", b")", b"]", b'"')
    return ends and (after.isalnum() or after in (b"_", b'"') or after in _OPERATORS)


def _are_statements(lines: Sequence[SetLine]) -> bool:
    """Whether lines hold statements, blocks or preprocessor lines, not a part of an expression."""
    return any(line.ends for line in lines)


def _are_comments(lines: Sequence[SetLine]) -> bool:
    """Whether lines hold nothing but comments."""
    return all(token.kind == "comment" for line in lines for token in line.line.tokens)


def _is_function(lines: Sequence[SetLine]) -> bool:
    """Whether lines define a function."""
    if any(token.kind in ("comment", "directive") for token in lines[0].line.tokens):
        return False
    texts = [(line.depth, line.line.text) for line in lines]
    return texts[-1:] == [(0, "}")] and (0, "{") in texts


def _respaced(value: BoundValue) -> BoundValue:
    """Return a value as spatch prints it: with blanks of its own, unless a comment is in it."""
    nodes = value.nodes if value.nodes is not None else (value.node,)
    if value.data is not None or not all(n is not None and n.kind in _PRINTED for n in nodes):
        return value
    made = _respaced_text([n for n in nodes if n is not None], value.text)
    return replace(value, text=made) if made is not None else value


def _respaced_text(nodes: Sequence[Node], text: bytes) -> bytes | None:
    """Return the text of nodes in a row with blanks as spatch sets them.

    Statements keep their line breaks. None where there is more between two tokens than blanks.
    """
    leaves = [leaf for node in nodes for leaf in node.leaves()]
    broken = any(node.kind in STATEMENTS for node in nodes)
    parts: list[bytes] = []
    base = at = leaves[0].start if leaves else 0
    for leaf, blank in zip(leaves, gaps(leaves), strict=True):
        gap = text[at - base : leaf.start - base]
        if gap.strip() not in (b"", b","):
            return None
        comma = b", " if gap.strip() else b" " * blank
        parts.append(gap if broken and b"\n" in gap else comma)
        parts.append(text[leaf.start - base : leaf.end - base])
        at = leaf.end
    return b"".join(parts)
