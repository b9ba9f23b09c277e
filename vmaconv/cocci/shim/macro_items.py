# SPDX-License-Identifier: GPL-2.0-only
"""Walk over the items that begin with a macro call, and say where each one stands.

In:   tokens without attributes.
Out:  `Call`s: `NAME(...)` at the start of a statement, a definition, a field or a list element.
Left to others: what becomes of them (`statements`, `definitions`).
"""

from collections.abc import Iterator

from msgspec import Struct, field

from vmaconv.cocci.shim.balance import is_list, is_literal
from vmaconv.cocci.shim.macros import MacroNames
from vmaconv.cocci.shim.overlay import Edits
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import Tokens

# Where a block, the top level, a struct's fields or the elements of a list begin.
TOP, FIELDS, ENUM, LIST, CODE, INSIDE = "top", "fields", "enum", "list", "code", "inside"

# How many calls around a declaration are looked at.
_NESTING = 16
_CALL = late_regex(rb"(?:\A|(?<=[;{}:)ed]))(q*)i(?=\()")
_ARGUMENT_END = late_regex(rb"[(){}\[\],]")
TYPE = late_regex(rb"q*(?:si|[tq]+|i)[q*]*")
DECLARATOR = late_regex(rb"i(?:\[[^][]*\])*")
DECLARATION = late_regex(rb"q*(?:si|[tq]+|i)[q*]*i?")


class Call(Struct, frozen=True):
    """A macro call at an item's start; the fields are token indices.

    For `static NAME(x) {`: `first` is `static`, `name` is `NAME`, `opening` and `closing` are the
    parentheses, `after` is the index behind them.
    """

    first: int
    name: int
    opening: int
    closing: int
    context: str

    @property
    def after(self) -> int:
        return self.closing + 1

    @property
    def is_qualified(self) -> bool:
        return self.name > self.first


class ShimPasses(Struct):
    """What the passes over one text share.

    `heads` are closing parentheses after which a statement begins; `declared` are opening
    parentheses of calls that were made declarations, so that types may stand in them; `ended`
    those of calls that lost their parentheses, so that no comma may; `groups` are
    parentheses around fields, `blocks` arguments that became blocks, by opening parenthesis.
    """

    tokens: Tokens
    edits: Edits
    names: MacroNames
    heads: set[int] = field(default_factory=set)
    declared: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)
    blocks: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _contexts: dict[int, str] = field(default_factory=dict)

    def calls(self) -> Iterator[Call]:
        """Yield the macro calls at the start of items, in order."""
        tokens = self.tokens
        for match in _CALL.finditer(tokens.kinds):
            first, opening = match.span()
            closing = tokens.partner[opening]
            if closing < 0:
                continue
            context = self.context(first)
            if context in (INSIDE, LIST, ENUM) or not self._begins_item(first, context):
                continue
            yield Call(first, opening - 1, opening, closing, context)

    def context(self, index: int) -> str:
        """Say what kind of place token `index` stands in."""
        around = self.tokens.enclosing(index)
        context = self._contexts.get(around)
        if context is None:
            context = self._contexts[around] = self._place(around)
        return context

    def _place(self, around: int) -> str:
        if around in self.blocks:
            return CODE
        if around in self.groups:
            return FIELDS
        return context_of(self.tokens, around)

    def arguments(self, opening: int) -> list[tuple[int, int]]:
        """Return the token ranges of a call's arguments; `f()` has none, `f(, )` two empty ones."""
        tokens = self.tokens
        closing = tokens.partner[opening]
        if closing < 0 or closing == opening + 1:
            return []
        ranges: list[tuple[int, int]] = []
        start = position = opening + 1
        while True:
            match = _ARGUMENT_END.search(tokens.kinds, position, closing + 1)
            if match is None:
                return ranges
            index = match.start()
            if index == closing:
                ranges.append((start, closing))
                return ranges
            if tokens.kinds[index] in b",":
                ranges.append((start, index))
                start = index + 1
            position = max(tokens.partner[index], index) + 1

    def in_block(self, opening: int, index: int) -> bool:
        """Say if a token, right within some parentheses, is part of an argument made a block."""
        return any(first <= index < end for first, end in self.blocks.get(opening, ()))

    def is_call(self, opening: int) -> bool:
        """Say if a parenthesis opens a call's arguments, not parameters, a cast or a condition.

        `int f(int)` is none, unless it is an argument: `DECLARE(int f(int))`.
        """
        for _ in range(_NESTING):
            if opening < 0 or self.tokens.kinds[opening] not in b"(":
                return False
            name = opening - 1
            if self.tokens.at(name) not in b"i" or self.tokens.at(name - 1) in b"S":
                return False
            if not self._is_declarator(name):
                return True
            opening = self.tokens.parent[opening]
        return False

    def _is_declarator(self, name: int) -> bool:
        """Say if a name before a parenthesis is being declared: `int f(`, `struct s *f(`."""
        tokens = self.tokens
        before = tokens.at(name - 1)
        if before in b"q":
            index = name - 1
            while index >= 0 and tokens.kinds[index] in b"q":
                index -= 1
            return tokens.at(index) not in b";{})"
        if before in b"tsi":
            return True
        if before not in b"*":
            return False
        index = name - 1
        while index >= 0 and tokens.kinds[index] in b"*q":
            index -= 1
        if tokens.at(index) in b"(":
            # A function that returns a pointer to a function: `int (*f(int))(int)`.
            index -= 1
            return tokens.at(index) in b"t*" or tokens.at(index - 1) in b"s"
        if tokens.at(index) in b"t" or tokens.at(index - 1) in b"s":
            return True
        return tokens.at(index) in b"i" and tokens.at(index - 1) in b";{}q"

    def on_one_line(self, first: int, last: int) -> bool:
        """Say if two tokens stand on the same line."""
        tokens = self.tokens
        return tokens.text.find(b"\n", tokens.ends[first], tokens.starts[last]) < 0

    def indentation(self, index: int) -> int:
        """Return the column at which the line of token `index` begins, with tabs of 8."""
        text = self.tokens.text
        line = text.rfind(b"\n", 0, self.tokens.starts[index]) + 1
        column = 0
        for byte in text[line : self.tokens.starts[index]]:
            if byte == 0x09:
                column += 8 - column % 8
            elif byte in (0x20, 0x0B):
                column += 1
            else:
                break
        return column

    def _begins_item(self, first: int, context: str) -> bool:
        """Say if an item can begin after what stands before it."""
        before = self.tokens.at(first - 1)
        if first == 0 or before in b";{}":
            return True
        if before in b"(,":
            return context == FIELDS
        if before in b")":
            return first - 1 in self.heads or (context == CODE and self._is_header(first - 1))
        return context == CODE

    def _is_header(self, closing: int) -> bool:
        opening = self.tokens.partner[closing]
        return opening > 0 and self.tokens.at(opening - 1) in b"wf"


def context_of(tokens: Tokens, around: int) -> str:
    """Say what kind of place what stands in the bracket at `around` is, -1 for none."""
    if around < 0:
        return TOP
    if tokens.kinds[around] not in b"{":
        return INSIDE
    before = tokens.at(around - 1)
    if before in b'"':
        return TOP
    if before in b"s" or (before in b"i" and tokens.at(around - 2) in b"s"):
        return ENUM if is_list(tokens, around) else FIELDS
    if before in b")" and is_literal(tokens, around - 1):
        return LIST
    return LIST if is_list(tokens, around) else CODE


def end_statement(work: ShimPasses, call: Call) -> None:
    """Give a macro call that stands alone the semicolon that it lacks.

    The semicolon takes the place of white space after the call.  Where only a line end is there,
    `NAME(a, b)` becomes `NAME,a, b;`, which shows the same names; the grammar wants `NAME=a| b;`
    at the top level, and `NAME_a__b;` among fields.
    """
    tokens, edits = work.tokens, work.edits
    end = tokens.ends[call.closing]
    following = tokens.starts[call.after] if call.after < len(tokens.starts) else len(tokens.text)
    place = edits.space_between(end, following)
    work.heads.add(call.closing)
    edits.mark(tokens.starts[call.name], end, "statement")
    arguments = work.arguments(call.opening)
    if call.context == FIELDS and not arguments:
        edits.blank(tokens.starts[call.opening], tokens.starts[call.closing], "statement")
        edits.put(tokens.starts[call.closing], b";")
        return
    if place >= 0:
        edits.put(place, b";")
        return
    edits.put(tokens.starts[call.closing], b";")
    if call.context == CODE:
        edits.put(tokens.starts[call.opening], b"," if arguments else b" ")
        return
    if call.context == FIELDS:
        edits.underline(tokens.starts[call.opening], tokens.starts[call.closing])
        return
    work.ended.add(call.opening)
    edits.put(tokens.starts[call.opening], b"=" if arguments else b" ")
    for number, (first, comma) in enumerate(arguments[:-1]):
        after = arguments[number + 1]
        empty = after[0] == after[1] or (number == 0 and first == comma)
        edits.put(tokens.starts[comma], b" " if empty else b"|")


def put_comma(work: ShimPasses, index: int) -> None:
    """Part two arguments; where the call has lost its parentheses, or them."""
    commas = work.tokens.enclosing(index) not in work.ended
    put_between(work, index, b"," if commas else b"|")


def put_between(work: ShimPasses, index: int, operator: bytes) -> bool:
    """Put an operator into the white space before a token; False if there is no room."""
    tokens = work.tokens
    place = work.edits.space_between(tokens.ends[index - 1], tokens.starts[index])
    if place < 0:
        return False
    work.edits.put(place, operator)
    work.edits.mark(place, place + 1, "operator_argument")
    return True
