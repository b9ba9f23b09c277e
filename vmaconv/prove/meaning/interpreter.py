# SPDX-License-Identifier: GPL-2.0-only
"""What expressions come to.

In: syntax trees of one side, what it refers to (`SideFacts`), and a `RunState`. Out: `Value`s,
`Effect`s, and the state after. Macros and inline functions that have to do with flags are looked
into, in the headers of that side; all other calls are unknown functions of their arguments.
Left to others: statements (`statement_run`), the kernel's bit operations (`kernel_primitives`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import Declared, declared, descriptor_type, parameters
from vmaconv.prove.headers.header_index import FoundFunction, Undeclared
from vmaconv.prove.headers.macro_expansion import expanded
from vmaconv.prove.meaning.kernel_primitives import PRIMITIVES, is_assertion
from vmaconv.prove.meaning.operators import LONG, binary, fitted, literal
from vmaconv.prove.meaning.run_state import (
    Argument,
    DoesNotCompile,
    Effect,
    Exit,
    NotDeclared,
    NotUnderstood,
    RunState,
    Seen,
)
from vmaconv.prove.meaning.side_facts import FLAG_NAME, SideFacts, held_as
from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    Term,
    Value,
    choice,
    conjunction,
    disjunction,
    inverse,
    made,
    negation,
    num,
    truth,
)

DEPTH = 16
"""How deep helpers are looked into."""

BITMAP = "__vma_flags"
"""The member of `vma_flags_t` that holds the bits (include/linux/mm_types.h)."""

_CONSTANTS = {"true": ONE, "false": ZERO, "NULL": ZERO}
RunBody = Callable[["Interpreter", Node], None]


@dataclass(slots=True)
class Frame:
    """A function that is being run: its name for locals, their types, its return type."""

    prefix: str
    types: dict[str, CType] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    returns: CType | None = None

    def local(self, name: str) -> Term:
        """Return the place of a local."""
        return made("var", (self.prefix + self.renamed.get(name, name),))


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
        self.effects: list[Effect] = []
        self.exits: list[Exit] = []
        self.seen = Seen(0, "")
        self.under: Seen | None = None
        self.asserting = False
        self.depth = 0
        self._run_body = run_body
        self._expressions: dict[bytes, Node | None] = {}

    # Values.

    def value(self, node: Node) -> Value:
        """Return what an expression comes to, and let its effects happen."""
        match node.kind:
            case "identifier" | "type_argument":
                return self._name(node)
            case "number_literal":
                return Value(literal(node.text or b""), "word")
            case "string_literal" | "char_literal" | "concatenated_string":
                return Value(
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
                return self._read(node)
            case "call_expression":
                return self._call(node)
            case "compound_literal_expression":
                return self._compound_literal(node)
            case "sizeof_expression":
                return Value(self._size(node), "word")
        raise NotUnderstood(f"the meaning of a {node.kind.replace('_', ' ')} is not known")

    def truth(self, node: Node) -> Term:
        """Return whether an expression is not zero."""
        value = self.value(node)
        if value.held == "set":
            raise DoesNotCompile("a vma_flags_t has no truth")
        return truth(value.term)

    def coerced(self, value: Value, ctype: CType | None) -> Value:
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
        return Value(term, wanted if wanted != "other" else value.held)

    def _name(self, node: Node) -> Value:
        name = (node.text or b"").decode(errors="replace")
        if name in self.frame.types:
            return self.state.read(self.frame.local(name), held_as(self.frame.types[name]))
        if name in _CONSTANTS:
            return Value(_CONSTANTS[name], "other" if name == "NULL" else "word")
        if name == "BITS_PER_LONG":
            return Value(LONG, "word")
        if name.startswith("VMA_") and name.endswith("_BIT"):
            return Value(self._bit(name), "word")
        try:
            macro = self.facts.macro(name)
        except Undeclared as error:
            raise NotDeclared(f"{error.name} is not declared") from None
        if macro is not None and macro.parameters is None and macro.body:
            inner = self.expression(macro.body)
            if inner is not None and self.depth < DEPTH:
                return self._deeper(lambda: self.value(inner))
        if name in self.facts.changed:
            raise NotUnderstood(f"{name}(), which takes something else now, is handed on or stored")
        if name.isupper() or FLAG_NAME.match(name):
            return Value(made("op", ("constant", name)), "other")
        name = self.frame.renamed.get(name, name)
        return self.state.read(made("glob", (name,)), held_as(self.type_of(node)))

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

    def _deeper(self, work: Callable[[], Value]) -> Value:
        self.depth += 1
        try:
            return work()
        finally:
            self.depth -= 1

    def _cast(self, node: Node) -> Value:
        ctype = descriptor_type(node.children[1])
        value = self.value(node.children[-1])
        if value.held == "set":
            raise DoesNotCompile("a vma_flags_t is cast")
        if self.facts.width_of(ctype) is not None:
            return self.coerced(value, ctype)
        return Value(value.term, held_as(ctype) if held_as(ctype) == "word" else "other")

    def _unary(self, node: Node) -> Value:
        operator, operand = node.children[0].kind, node.children[1]
        if operator == "&":
            return self._address(operand)
        if operator == "*":
            return self._read(node)
        if operator == "!":
            return Value(negation(self.truth(operand)), "word")
        value = self.value(operand)
        if value.held == "set":
            raise DoesNotCompile(f"{operator} of a vma_flags_t")
        match operator, value.term.number:
            case "~", _:
                return Value(inverse(value.term), "word")
            case "-", int() as number:
                return Value(num(-number), "word")
            case "+", _:
                return value
        return Value(made("op", (operator, value.term)), "word")

    def _address(self, operand: Node) -> Value:
        while operand.kind == "parenthesized_expression":
            operand = operand.children[1]
        if operand.kind == "compound_literal_expression":
            return Value(made("array", (self.value(operand).term,)))
        if operand.kind == "identifier":
            name = (operand.text or b"").decode(errors="replace")
            if name not in self.frame.types:
                inner = self._macro_value(name)
                if inner is not None:
                    return Value(made("array", (inner.term,)))
        place, _ = self.place(operand)
        return Value(next(place.below()) if place.op == "mem" else made("addr", (place,)))

    def _macro_value(self, name: str) -> Value | None:
        """Return what a macro of flags comes to whose address is taken."""
        if not FLAG_NAME.match(name):
            return None
        return self._name(Node("identifier", 0, 0, [], name.encode()))

    def _binary(self, node: Node) -> Value:
        left, operator, right = node.children[0], node.children[1].kind, node.children[2]
        if operator in ("&&", "||"):
            return Value(self._short_circuit(left, operator, right), "word")
        if operator in ("-", "+") and _is_type_in_parentheses(left):
            sign = binary(operator, ZERO, self.value(right).term, self.facts.is_wide)
            return Value(sign, "word")
        a, b = self.value(left), self.value(right)
        if "set" in (a.held, b.held):
            raise DoesNotCompile(f"{operator} of a vma_flags_t")
        return Value(binary(operator, a.term, b.term, self.facts.is_wide), "word")

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

    def _conditional(self, node: Node) -> Value:
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
        return Value(choice(condition, then.term, other.term), then.held)

    # Memory.

    def _read(self, node: Node) -> Value:
        if node.kind == "subscript_expression":
            array = self.value(node.children[0]).term
            index = self.value(node.children[2]).term.number
            if array.op in ("array", "elem") and index is not None:
                return Value(_element_of(array, index))
        if node.kind == "unary_expression":
            pointer = self.value(node.children[1]).term
            if pointer.op in ("array", "elem"):
                return Value(_element_of(pointer, 0))
            place, held = self._behind(pointer, self.type_of(node))
            return self.state.read(place, held)
        if node.kind == "field_expression" and node.children[-1].text == BITMAP.encode():
            return Value(self._pointer(node))
        place, held = self.place(node)
        return self._held(place, held)

    def _held(self, place: Term, held: str) -> Value:
        """Read a place; the words of a bitmap (`bits`) are words, whatever holds it."""
        if held == "bits":
            return Value(self.state.read(place).term, "word")
        return self.state.read(place, held)

    def _put(self, place: Term, held: str, value: Value) -> None:
        if held == "bits":
            held = self.state.read(place).held
        self.state.write(place, Value(value.term, held if held != "other" else value.held))

    def _behind(self, pointer: Term, ctype: CType | None) -> tuple[Term, str]:
        if pointer.op == "addr":
            place = next(pointer.below())
            held = self.state.read(place).held
            return place, held_as(ctype) if ctype is not None else held
        return made("mem", (pointer,)), held_as(ctype)

    def place(self, node: Node) -> tuple[Term, str]:
        """Return the place that an lvalue names, and how it is held."""
        match node.kind:
            case "parenthesized_expression":
                return self.place(node.children[1])
            case "identifier":
                name = (node.text or b"").decode(errors="replace")
                if name in self.frame.types:
                    return self.frame.local(name), held_as(self.frame.types[name])
                return made("glob", (name,)), held_as(self.type_of(node))
            case "unary_expression" if node.children[0].kind == "*":
                return self._behind(self.value(node.children[1]).term, self.type_of(node))
            case "subscript_expression":
                return self._element(node)
            case "field_expression":
                return self.member(
                    self._pointer(node),
                    self._tag(node),
                    (node.children[-1].text or b"").decode(errors="replace"),
                )
            case "call_expression":
                value = self.value(node)
                return made("mem", (value.term,)), "other"
        raise NotUnderstood(f"what a {node.kind.replace('_', ' ')} names is not known")

    def _pointer(self, node: Node) -> Term:
        """Return the pointer to the struct that a member is taken of."""
        base = node.children[0]
        if node.children[1].kind == "->":
            return self.value(base).term
        while base.kind == "parenthesized_expression":
            base = base.children[1]
        if base.kind in (
            "call_expression",
            "compound_literal_expression",
            "conditional_expression",
        ):
            return made("array", (self.value(base).term,))
        if base.kind == "identifier" and (base.text or b"").decode() not in self.frame.types:
            inner = self._macro_value((base.text or b"").decode(errors="replace"))
            if inner is not None:
                return made("array", (inner.term,))
        place, _ = self.place(base)
        return next(place.below()) if place.op == "mem" else made("addr", (place,))

    def _element(self, node: Node) -> tuple[Term, str]:
        pointer = self.value(node.children[0]).term
        index = self.value(node.children[2]).term
        if pointer.op == "array" and index.number == 0:
            # The first word of a set that is no variable.
            place = made("var", (f"value {hash(pointer)}",))
            self.state.values[place] = Value(next(pointer.below()), "word")
            return place, "word"
        if index.number == 0:
            return self._behind(pointer, None)[0], "bits"
        if index.number is not None and pointer.op == "addr" and self._is_set(pointer):
            raise DoesNotCompile("a bitmap is used past its end")
        return made("idx", (pointer, index)), "other"

    def _is_set(self, pointer: Term) -> bool:
        return self.state.read(next(pointer.below())).held == "set"

    def _tag(self, node: Node) -> str | None:
        member = (node.children[-1].text or b"").decode(errors="replace")
        if not any(member == m for (_, m) in self.facts.overlays.places):
            return ""
        ctype = self.type_of(node.children[0])
        if ctype is not None and node.children[1].kind == "->":
            ctype = ctype.pointed_to()
        if ctype is None or ctype.shape:
            return None
        base = ctype.base
        if not base.startswith((b"struct ", b"union ")):
            base = self.facts.types.resolve(ctype).base
        return base.decode(errors="replace").removeprefix("struct ").removeprefix("union ")

    def member(self, pointer: Term, tag: str | None, name: str) -> tuple[Term, str]:
        """Return the place of a struct's member; `tag` is None where the struct is not known."""
        if name == BITMAP:
            return self._behind(pointer, None)[0], "other"
        if tag is None:
            return self._member_of_any(pointer, name)
        known = self.facts.members.get(tag, {}).get(name)
        if known is None:
            if (tag, name) in self.facts.overlays.places and tag in self.facts.members:
                raise DoesNotCompile(f"struct {tag} has no member {name}")
            return made("fld", (pointer, self.facts.overlays.place(tag, name))), "other"
        return made("fld", (pointer, self.facts.overlays.place(tag, name))), known.held

    def _member_of_any(self, pointer: Term, name: str) -> tuple[Term, str]:
        """Return the place of a member of a struct that is not known.

        A name that says so itself is taken for what it is in all structs that have it; `flags` does
        not.
        """
        if name in ("vm_flags", "vma_flags"):
            return made("fld", (pointer, "@flags")), "word" if name == "vm_flags" else "set"
        tags = [tag for tag, member in self.facts.overlays.places if member == name]
        places = {self.facts.overlays.place(tag, name) for tag in tags}
        here = [self.facts.members.get(tag, {}).get(name) for tag in tags]
        held = {member.held for member in here if member is not None}
        if name != "flags" and len(places) == 1 and len(held) == 1:
            return made("fld", (pointer, next(iter(places)))), next(iter(held))
        return made("fld", (pointer, name + "?")), "other"

    def _assignment(self, node: Node) -> Value:
        target, operator, source = node.children[0], node.children[1].kind, node.children[2]
        value = self.value(source)
        place, held = self.place(target)
        ctype = self.type_of(target)
        if operator != "=":
            old = self._held(place, held)
            if "set" in (old.held, value.held):
                raise DoesNotCompile(f"{operator} of a vma_flags_t")
            term = binary(operator[:-1], old.term, value.term, self.facts.is_wide)
            value = Value(term, "word")
        if {held, value.held} == {"word", "set"}:
            self.coerced(value, CType(b"vma_flags_t" if held == "set" else b"vm_flags_t"))
        value = self.coerced(value, ctype)
        self._put(place, held, value)
        return value

    def _update(self, node: Node) -> Value:
        first = node.children[0].kind in ("++", "--")
        target = node.children[1] if first else node.children[0]
        operator = (node.children[0] if first else node.children[1]).kind[0]
        place, held = self.place(target)
        old = self._held(place, held)
        if old.term.op in ("array", "elem"):
            stepped = Value(_stepped(old.term, 1 if operator == "+" else -1))
            self._put(place, held, stepped)
            return stepped if first else old
        new = Value(binary(operator, old.term, ONE, self.facts.is_wide), old.held)
        self._put(place, held, new)
        return new if first else old

    def _compound_literal(self, node: Node) -> Value:
        ctype = descriptor_type(node.children[1])
        if ctype is not None and ctype.shape.startswith("["):
            parts = [c for c in node.children[-1].children if c.kind not in "{,}"]
            for part in parts:
                given = self.type_of(part)
                if ctype.shape == "[" and given is not None and given.shape.startswith("*"):
                    raise DoesNotCompile(f"a pointer stands among values of {ctype.base.decode()}")
            values = [self.value(part) for part in parts]
            return Value(made("array", tuple(v.term for v in values)))
        if ctype is not None and ctype.base == b"vma_flags_t":
            return Value(self.set_initialiser(node.children[-1]), "set")
        raise NotUnderstood("the meaning of a compound literal is not known")

    def set_initialiser(self, node: Node) -> Term:
        """Return the set that an initialiser in braces makes."""
        parts = [c for c in node.children if c.kind not in "{,}"]
        if not parts or [p.text for p in parts] == [b"0"]:
            return ZERO
        if len(parts) == 1:
            inner = parts[0].children[-1] if parts[0].kind == "initializer_pair" else parts[0]
            if inner.kind == "initializer_list":
                words = [self.value(c) for c in inner.children if c.kind not in "{,}"]
                if len(words) == 1:
                    return words[0].term
        raise NotUnderstood("the initialiser of a vma_flags_t is not understood")

    def _size(self, node: Node) -> Term:
        for part in node.walk():
            if part.kind == "compound_literal_expression":
                array = self._compound_literal(part).term
                return num(4 * len(list(array.below())))
        if b"vma_flag_t" in node.tokens():
            return num(4)
        return made("op", ("size", *(t.decode(errors="replace") for t in node.tokens())))

    # Calls.

    def _call(self, node: Node) -> Value:
        called, arguments = node.children[0], arguments_of(node)
        if called.kind != "identifier":
            callee = self.value(called)
            given = [self.argument(self.value(a)) for a in arguments]
            member = called.children[-1].text if called.kind == "field_expression" else None
            if member is not None:
                # Which function it is depends on what the members before it hold.
                name = "*" + member.decode(errors="replace")
                return self.effect("call", name, given, at=[Argument(callee)])
            return self.effect("call", "*", [Argument(callee), *given])
        name = (called.text or b"").decode(errors="replace")
        if name in self.frame.types:
            callee = self.value(called)
            given = [self.argument(self.value(a)) for a in arguments]
            return self.effect("call", "*", [Argument(callee), *given])
        primitive = PRIMITIVES.get(name)
        if primitive is not None:
            return primitive(self, arguments)
        if is_assertion(name):
            return self._assertion(name, arguments)
        function = None
        if self.depth < DEPTH and name not in self.facts.changed:
            inner = self._expanded(name, arguments)
            if inner is not None:
                return self._deeper(lambda: self.value(inner))
            function = self._function(name)
        values = [self.value(a) for a in arguments]
        if function is not None:
            found = self._looked_into(function, values)
            if found is not None:
                return found
        return self.effect("call", name, [self.argument(v) for v in values])

    def _function(self, name: str) -> FoundFunction | None:
        try:
            return self.facts.function(name)
        except Undeclared:
            raise NotDeclared(f"{name}() is not declared") from None

    def _expanded(self, name: str, arguments: Sequence[Node]) -> Node | None:
        try:
            macro = self.facts.macro(name)
        except Undeclared:
            return None
        if macro is None or macro.parameters is None:
            return None
        texts = [node_text(a) for a in arguments]
        body = expanded(macro, texts)
        return None if body is None else self.expression(body)

    def expression(self, text: bytes) -> Node | None:
        """Return a text read as an expression; None where it is none."""
        if text not in self._expressions:
            unit = Unit("", b"void f(void)\n{\n(" + text + b");\n}\n")
            self._expressions[text] = None
            for chunk in unit.chunks:
                for node in chunk.root.walk() if not chunk.errors else ():
                    if node.kind == "parenthesized_expression":
                        self._expressions[text] = node.children[1]
                        break
        return self._expressions[text]

    def _looked_into(self, function: FoundFunction, values: Sequence[Value]) -> Value | None:
        """Run a helper's body; None, with nothing changed, where it is not understood."""
        kept, effects, exits = self.state, len(self.effects), self.exits
        frame, seen = self.frame, self.seen
        self.state = kept.copy()
        try:
            return self._deeper(lambda: self._run(function, values))
        except NotUnderstood:
            self.state = kept
            del self.effects[effects:]
            return None
        finally:
            self.exits, self.frame, self.seen = exits, frame, seen

    def _run(self, function: FoundFunction, values: Sequence[Value]) -> Value:
        given = parameters(function.node)
        names = [d for p in given for d in declared(p)]
        if len(names) != len(values):
            if len(values) == 0 or len(names) == len(given):
                raise DoesNotCompile(f"{function.name}() has another number of arguments")
            raise NotUnderstood(f"the parameters of {function.name}() are not understood")
        state = self.state
        outer = state.path, state.gone, state.outer
        inner = Frame(f"{self.depth}:", returns=returned_type(function))
        for one, value in zip(names, values, strict=True):
            self._bind(inner, one, value, function.name)
        state.outer = (*state.outer, (self.frame.prefix, state.here))
        self.frame = inner
        self.exits = []
        state.path, state.gone = ONE, ZERO
        self._run_body(self, function.node.children[-1])
        result = Value(ZERO)
        for leave in reversed(self.exits):
            if leave.kind != "return":
                raise NotUnderstood(f"{function.name}() leaves by {leave.kind}")
            result = Value(choice(leave.guard, leave.value.term, result.term), leave.value.held)
        # A helper that was looked into has left another state behind.
        state = self.state
        state.path, state.gone, state.outer = outer
        return result

    def _bind(self, frame: Frame, one: Declared, value: Value, function: str) -> None:
        name = one.name.decode(errors="replace")
        frame.types[name] = one.type
        if one.type.shape.startswith("*") and value.term.number:
            raise DoesNotCompile(f"{function}() is handed a number for {name}, a pointer")
        is_set_pointer = one.type.base == b"vma_flags_t" and one.type.shape == "*"
        if (is_set_pointer and value.held in ("set", "word")) or (
            held_as(one.type) == "set" and value.term.op == "addr"
        ):
            raise DoesNotCompile(f"{function}() is handed something else than a {one.type}")
        try:
            self.state.values[frame.local(name)] = self.coerced(value, one.type)
        except DoesNotCompile as error:
            raise DoesNotCompile(f"in a call of {function}(), {error}") from None

    def argument(self, value: Value) -> Argument:
        """Return a value as it is handed to a call that is not looked into."""
        if value.term.op == "addr":
            return Argument(value, self.state.read(next(value.term.below())).term)
        if value.term.op == "array":
            return Argument(value, next(value.term.below(), None))
        if value.term.op in ("init", "load"):
            held = self.state.values.get(made("mem", (value.term,)))
            return Argument(value, held.term if held is not None else None)
        return Argument(value)

    def effect(
        self, kind: str, name: str, arguments: Sequence[Argument], at: Sequence[Argument] = ()
    ) -> Value:
        """Let something happen that others can see, and return its result; `at` says to what."""
        guard = self.state.guard
        if self.asserting:
            # What is asserted is looked at, and changes nothing.
            return Value(made("op", ("asserted", name, *(a.value.term for a in arguments))))
        if guard.number == 0:
            return Value(ZERO)
        for one in arguments:
            self.state.expose(one.value.term)
        pending = self.state.pending() if kind in ("call", "text") else ()
        happened = Effect(
            kind,
            name,
            tuple(arguments),
            guard,
            self.seen,
            pending,
            self.state.time,
            tuple(at),
            self.under,
        )
        self.effects.append(happened)
        if kind in ("call", "text"):
            self.state.forget()
        return Value(made("ret", (self.state.time, name)))

    def _assertion(self, name: str, arguments: Sequence[Node]) -> Value:
        before, self.asserting = self.asserting, True
        try:
            values = [self.value(a) for a in arguments[:1]]
            rest = [self.value(a) for a in arguments[1:]]
        finally:
            self.asserting = before
        claims = "WARN" in name or "BUG" in name
        first = [Value(truth(v.term), "word") for v in values] if claims else values
        if not (claims and first and first[0].term.number == 0):
            self.effect("assertion", name, [self.argument(v) for v in (*first, *rest)])
        return first[0] if first and claims else Value(ZERO)

    # Types.

    def type_of(self, node: Node) -> CType | None:
        """Return the type of an expression, where declarations tell."""
        match node.kind:
            case "identifier":
                name = (node.text or b"").decode(errors="replace")
                if name in self.frame.types:
                    return self.frame.types[name]
                found = self.facts.types.file_name(node.text or b"")
                return found.type if found is not None else None
            case "parenthesized_expression":
                return self.type_of(node.children[1])
            case "field_expression":
                base = self.type_of(node.children[0])
                if base is not None and node.children[1].kind == "->":
                    base = base.pointed_to()
                if base is None:
                    return None
                member = self.facts.types.member(base, node.children[-1].text or b"")
                return member.type if member is not None else None
            case "unary_expression":
                inner = self.type_of(node.children[1])
                if inner is None or node.children[0].kind not in ("*", "&"):
                    return None
                return inner.pointed_to() if node.children[0].kind == "*" else inner.pointer()
            case "subscript_expression":
                inner = self.type_of(node.children[0])
                return inner.pointed_to() if inner is not None else None
            case "cast_expression":
                return descriptor_type(node.children[1])
            case "call_expression":
                inner = self.type_of(node.children[0])
                return inner.returned() if inner is not None else None
        return None


def _stepped(array: Term, by: int) -> Term:
    """Return a pointer to an array's element moved."""
    if array.op == "elem":
        base, at = array.args
        assert isinstance(base, Term) and isinstance(at, int)
        return made("elem", (base, at + by))
    return made("elem", (array, by))


def _element_of(array: Term, index: int) -> Term:
    if array.op == "elem":
        base, at = array.args
        assert isinstance(base, Term) and isinstance(at, int)
        array, index = base, at + index
    elements = list(array.below())
    if not 0 <= index < len(elements):
        raise DoesNotCompile("an array is read past its end")
    return elements[index]


def _is_type_in_parentheses(node: Node) -> bool:
    """Return whether what the grammar takes for an operand is a cast of what follows: `(t_t)-1`."""
    if node.kind != "parenthesized_expression" or node.children[1].kind != "identifier":
        return False
    return (node.children[1].text or b"").endswith(b"_t")


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    return [c for c in call.children[-1].children if c.kind not in ("(", ",", ")")]


def node_text(node: Node) -> bytes:
    """Return a node's tokens as text that can be read again."""
    return b" ".join(node.tokens())


def returned_type(function: FoundFunction) -> CType | None:
    """Return the type that a function's definition says it returns."""
    for one in declared(function.node):
        return one.type.returned()
    return None
