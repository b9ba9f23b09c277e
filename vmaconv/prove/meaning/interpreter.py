# SPDX-License-Identifier: GPL-2.0-only
"""What expressions come to.

In: syntax trees of one side, what it refers to (`SideFacts`), and a `RunState`. Out: `TermValue`s,
`VisibleEffect`s, and the state after.
Left to others: statements (`statement_run`), calls (`helper_calls`), what lvalues name
(`memory_places`), the kernel's bit operations (`kernel_primitives`).
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.tree.node import Node, leaf
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import descriptor_type
from vmaconv.prove.headers.header_index import Undeclared
from vmaconv.prove.meaning.frame import DEPTH, Frame
from vmaconv.prove.meaning.happenings import copied_struct
from vmaconv.prove.meaning.helper_calls import call
from vmaconv.prove.meaning.initialiser_values import by_text, compound_literal, size_of
from vmaconv.prove.meaning.loose_macros import OPERATORS, with_loose_macros
from vmaconv.prove.meaning.memory_places import (
    held_at,
    place_of,
    put,
    read,
    stepped,
)
from vmaconv.prove.meaning.operand_types import (
    is_signed_long,
    is_struct,
    is_type_in_parentheses,
    operand_width,
    type_of,
)
from vmaconv.prove.meaning.operators import LONG, binary, fitted, literal, signed_operation
from vmaconv.prove.meaning.run_state import (
    DoesNotCompile,
    Exit,
    NotDeclared,
    NotUnderstood,
    RunState,
    Seen,
    VisibleEffect,
)
from vmaconv.prove.meaning.side_facts import FLAG_NAME, SideFacts, held_as
from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    Term,
    TermValue,
    choice,
    conjunction,
    disjunction,
    inverse,
    made,
    negation,
    num,
    truth,
)

_BY_SIGN = frozenset({"<", "<=", ">", ">=", ">>", "/", "%"})
_CONSTANTS = {"true": ONE, "false": ZERO, "NULL": ZERO}
RunBody = Callable[["Interpreter", Node], None]


class Interpreter:
    """Runs one side."""

    def __init__(
        self, facts: SideFacts, frame: Frame, run_body: RunBody, locate: Callable[[Node], Seen]
    ) -> None:
        """`locate` says where a statement of the function itself stands."""
        self.facts = facts
        self.locate = locate
        self.frame = frame
        self.state = RunState()
        self.effects: list[VisibleEffect] = []
        self.exits: list[Exit] = []
        self.seen = Seen(0, "")
        self.under: Seen | None = None
        self.asserting = False
        self.assumed: dict[Term, Term] = {}
        """What some conditions come to in this run."""
        self.began = 0
        self.conditions: list[Term] = []
        """The conditions of the `if`s of this stretch that nothing in it decides."""
        self.structs: dict[Term, set[str]] = {}
        """The structs whose flags were looked for behind each pointer."""
        self.not_understood: dict[str, str] = {}
        """The helpers whose bodies are not understood, and why."""
        self.depth = 0
        self.run_body = run_body

    def value(self, node: Node) -> TermValue:
        """Return what an expression comes to, and let its effects happen."""
        if node.kind in OPERATORS and self.depth < DEPTH:
            text = with_loose_macros(self, node)
            if text is not None:
                return self.deeper(lambda: self.value(self._read_again(text)))
        match node.kind:
            case "identifier" | "type_argument":
                return self._name(node)
            case "number_literal":
                return TermValue(literal(node.text or b""), "word")
            case "string_literal" | "char_literal" | "concatenated_string":
                return TermValue(
                    made("op", ("text", *(t.decode(errors="replace") for t in node.tokens())))
                )
            case "parenthesized_expression":
                return self.value(node.children[1])
            case "cast_expression":
                return self._cast(node)
            case "unary_expression":
                return self._unary(node)
            case "binary_expression":
                return self._binary(node)
            case "assignment_expression":
                return self._assignment(node)
            case "update_expression":
                return self._update(node)
            case "conditional_expression":
                return self._conditional(node)
            case "comma_expression":
                parts = [c for c in node.children if c.kind != ","]
                return [self.value(part) for part in parts][-1]
            case "field_expression" | "subscript_expression":
                return read(self, node)
            case "call_expression":
                return call(self, node)
            case "compound_literal_expression":
                return compound_literal(self, node)
            case "sizeof_expression":
                return TermValue(size_of(self, node), "word")
            case "type_descriptor":
                return TermValue(by_text(node))
        raise NotUnderstood(f"the meaning of a {node.kind.replace('_', ' ')} is not known")

    def truth(self, node: Node) -> Term:
        """Return whether an expression is not zero."""
        value = self.value(node)
        if value.held == "set":
            raise DoesNotCompile("a vma_flags_t has no truth")
        return truth(value.term)

    def coerced(self, value: TermValue, ctype: CType | None) -> TermValue:
        """Return a value as it is in a variable of a type."""
        wanted = held_as(ctype)
        if {wanted, value.held} == {"word", "set"}:
            raise DoesNotCompile(
                "a word is put where a vma_flags_t belongs"
                if wanted == "set"
                else "a vma_flags_t is put where a word belongs"
            )
        width = self.facts.width_of(ctype)
        term = value.term
        if width is not None:
            term = truth(term) if width.bits == 1 else fitted(term, width.bits, width.is_signed)
        return TermValue(term, wanted if wanted != "other" else value.held)

    def kept(self, value: TermValue, name: str, ctype: CType | None) -> TermValue:
        """Return a value as it is in a local that counts as of a type; see `Frame.rooms`."""
        room = self.frame.rooms.get(name)
        return self.coerced(value if room is None else self.coerced(value, room), ctype)

    def _name(self, node: Node) -> TermValue:
        name = (node.text or b"").decode(errors="replace")
        if name in self.frame.types:
            return self.state.read(self.frame.local(name), held_as(self.frame.types[name]))
        if name in _CONSTANTS:
            return TermValue(_CONSTANTS[name], "other" if name == "NULL" else "word")
        if name == "BITS_PER_LONG":
            return TermValue(LONG, "word")
        if name.startswith("VMA_") and name.endswith("_BIT"):
            return TermValue(self._bit(name), "word")
        try:
            macro = self.facts.macro(name)
        except Undeclared as error:
            raise NotDeclared(f"{error.name} is not declared") from None
        if macro is not None and macro.parameters is None and macro.body:
            inner = self.expression(macro.body)
            if inner is not None and self.depth < DEPTH:
                return self.deeper(lambda: self.value(inner))
        number = self._enumerator(name)
        if number is not None:
            return TermValue(number, "word")
        if name in self.facts.changed:
            raise NotUnderstood(f"{name}(), which takes something else now, is handed on or stored")
        if name in self.facts.hot:
            where = self.facts.place_of_change(name)
            raise NotUnderstood(f"{name} stands for something else now{where}")
        learned = self.facts.index.constant(name, self.facts.file)
        if learned is not None:
            return self.value(self._read_again(learned))
        if name.isupper() or FLAG_NAME.match(name):
            return TermValue(made("op", ("constant", name)), "other")
        name = self.frame.renamed.get(name, name)
        return self.state.read(made("glob", (name,)), held_as(type_of(self, node)))

    def _enumerator(self, name: str) -> Term | None:
        """Return the number of a constant of an enum; None where it is none, or not known."""
        found = self.facts.enumerator(name)
        if found is None or self.depth >= DEPTH:
            return None
        inner = self.expression(b"(%s) + %d" % found)
        if inner is None:
            return None
        term = self.deeper(lambda: self.value(inner)).term
        return term if term.number is not None else None

    def _bit(self, name: str) -> Term:
        found: int | str | None = name
        for _ in range(DEPTH):
            if not isinstance(found, str):
                break
            try:
                found = self.facts.index.bit(found, self.facts.ask)
            except Undeclared as error:
                raise NotDeclared(f"{error.name} is not declared") from None
        if isinstance(found, int):
            return num(found)
        if not self.facts.index.paths:
            return made("op", ("constant", name))
        raise NotDeclared(f"{name} is not declared")

    def deeper(self, work: Callable[[], TermValue]) -> TermValue:
        """Return what some work gives that is done within a helper or macro."""
        self.depth += 1
        try:
            return work()
        finally:
            self.depth -= 1

    def _cast(self, node: Node) -> TermValue:
        ctype = descriptor_type(node.children[1])
        value = self.value(node.children[-1])
        if value.held == "set":
            raise DoesNotCompile("a vma_flags_t is cast")
        if self.facts.width_of(ctype) is not None:
            return self.coerced(value, ctype)
        return TermValue(value.term, held_as(ctype) if held_as(ctype) == "word" else "other")

    def _unary(self, node: Node) -> TermValue:
        operator, operand = node.children[0].kind, node.children[1]
        if operator == "&":
            return self._address(operand)
        if operator == "*":
            return read(self, node)
        if operator == "!":
            return TermValue(negation(self.truth(operand)), "word")
        value = self.value(operand)
        if value.held == "set":
            raise DoesNotCompile(f"{operator} of a vma_flags_t")
        match operator, value.term.number:
            case "~", _:
                return TermValue(self._in_its_room(node, inverse(value.term)), "word")
            case "-", int() as number:
                return TermValue(num(-number), "word")
            case "+", _:
                return value
        return TermValue(made("op", (operator, value.term)), "word")

    def _in_its_room(self, node: Node, term: Term) -> Term:
        """Return what an operator makes, cut where it is made of unsigned values of 32 bits."""
        width = operand_width(self, node)
        if width is None or width.is_signed:
            return term
        return fitted(term, width.bits, is_signed=False)

    def _address(self, operand: Node) -> TermValue:
        while operand.kind == "parenthesized_expression":
            operand = operand.children[1]
        if operand.kind == "compound_literal_expression":
            return TermValue(made("array", (self.value(operand).term,)))
        if operand.kind == "identifier":
            name = (operand.text or b"").decode(errors="replace")
            if name not in self.frame.types:
                inner = self._macro_value(name)
                if inner is not None:
                    return TermValue(made("array", (inner.term,)))
        place, _ = place_of(self, operand)
        return TermValue(next(place.below()) if place.op == "mem" else made("addr", (place,)))

    def _macro_value(self, name: str) -> TermValue | None:
        """Return what a macro of flags comes to whose address is taken."""
        if not FLAG_NAME.match(name):
            return None
        return self._name(leaf("identifier", 0, 0, name.encode()))

    def _binary(self, node: Node) -> TermValue:
        left, operator, right = node.children[0], node.children[1].kind, node.children[2]
        if operator in ("&&", "||"):
            return TermValue(self._short_circuit(left, operator, right), "word")
        if operator in ("-", "+") and is_type_in_parentheses(left):
            sign = binary(operator, ZERO, self.value(right).term, self.facts.is_wide)
            return TermValue(sign, "word")
        a, b = self.value(left), self.value(right)
        if "set" in (a.held, b.held):
            raise DoesNotCompile(f"{operator} of a vma_flags_t")
        term = binary(operator, a.term, b.term, self.facts.is_wide)
        if operator in _BY_SIGN and term.number is None and is_signed_long(self, left, right):
            term = signed_operation(operator, a.term, b.term)
        if operator == "<<" and a.term.number is None:
            term = self._in_its_room(node, term)
        elif operator == "<<" and b.term.number is None and b.term.args[:1] != ("constant",):
            # `1 << n` is an int, and so no BIT(n).
            width = operand_width(self, node)
            term = term if width is None else fitted(term, width.bits, width.is_signed)
        return TermValue(term, "word")

    def _short_circuit(self, left: Node, operator: str, right: Node) -> Term:
        first = self.truth(left)
        decided = ZERO if operator == "&&" else ONE
        if first == decided:
            return decided
        outer = self.state.path
        self.state.path = conjunction(outer, first if operator == "&&" else negation(first))
        second = self.truth(right)
        self.state.path = outer
        return conjunction(first, second) if operator == "&&" else disjunction(first, second)

    def _conditional(self, node: Node) -> TermValue:
        condition = self.truth(node.children[0])
        parts = [c for c in node.children if c.kind not in ("?", ":")]
        if len(parts) != 3:
            raise NotUnderstood("the meaning of ?: without a middle is not known")
        if condition.number is not None:
            return self.value(parts[1] if condition.number else parts[2])
        outer = self.state.path
        self.state.path = conjunction(outer, condition)
        then = self.value(parts[1])
        self.state.path = conjunction(outer, negation(condition))
        other = self.value(parts[2])
        self.state.path = outer
        if {then.held, other.held} == {"word", "set"}:
            raise DoesNotCompile("the two sides of ?: are a word and a vma_flags_t")
        return TermValue(choice(condition, then.term, other.term), then.held)

    def _assignment(self, node: Node) -> TermValue:
        target, operator, source = node.children[0], node.children[1].kind, node.children[2]
        self._refuse_other_function(target, source)
        ctype = type_of(self, target)
        if is_struct(ctype):
            return copied_struct(self, place_of(self, target)[0], source)
        value = self.value(source)
        place, held = place_of(self, target)
        if operator != "=":
            old = held_at(self, place, held)
            if "set" in (old.held, value.held):
                raise DoesNotCompile(f"{operator} of a vma_flags_t")
            term = binary(operator[:-1], old.term, value.term, self.facts.is_wide)
            value = TermValue(term, "word")
        if {held, value.held} == {"word", "set"}:
            self.coerced(value, CType(b"vma_flags_t" if held == "set" else b"vm_flags_t"))
        name = (target.text or b"").decode(errors="replace") if target.kind == "identifier" else ""
        value = self.kept(value, name, ctype)
        put(self, place, held, value)
        return value

    def _refuse_other_function(self, target: Node, source: Node) -> None:
        """Raise where a member that takes something else now is to point to a function as it was."""
        if target.kind != "field_expression" or source.kind != "identifier":
            return
        member = (target.children[-1].text or b"").decode(errors="replace")
        name = (source.text or b"").decode(errors="replace")
        if "*" + member in self.facts.changed and name not in self.frame.types and name != "NULL":
            raise NotUnderstood(f".{member} takes something else now, and {name} is put there")

    def _update(self, node: Node) -> TermValue:
        first = node.children[0].kind in ("++", "--")
        target = node.children[1] if first else node.children[0]
        operator = (node.children[0] if first else node.children[1]).kind[0]
        place, held = place_of(self, target)
        old = held_at(self, place, held)
        if old.term.op in ("array", "elem"):
            moved = TermValue(stepped(old.term, 1 if operator == "+" else -1))
            put(self, place, held, moved)
            return moved if first else old
        new = TermValue(binary(operator, old.term, ONE, self.facts.is_wide), old.held)
        put(self, place, held, new)
        return new if first else old

    def _read_again(self, text: bytes) -> Node:
        found = self.expression(text)
        if found is None:
            raise NotUnderstood("what is left when macros are expanded is no expression")
        return found

    def block(self, text: bytes) -> Node | None:
        """Return a text in braces read as statements; None where it is none."""
        unit = Unit("", b"void f(void)\n" + text + b"\n")
        chunks = [chunk for chunk in unit.chunks if not chunk.errors]
        items = [item for chunk in chunks for item in chunk.items()]
        is_one = len(items) == 1 and items[0].kind == "function_definition"
        return items[0].children[-1] if is_one else None

    def expression(self, text: bytes) -> Node | None:
        """Return a text read as an expression; None where it is none."""
        return self.facts.index.expression(text)
