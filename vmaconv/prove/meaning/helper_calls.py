# SPDX-License-Identifier: GPL-2.0-only
"""What calls do.

In: a call, and the run. Out: its value. Macros and inline functions that have to do with flags are looked
into, in the headers of that side; the kernel's bit operations are `kernel_primitives`; every other call
is something that happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import Declared, declared, parameters
from vmaconv.prove.headers.header_index import FoundFunction, Undeclared
from vmaconv.prove.headers.macro_expansion import expanded
from vmaconv.prove.meaning.frame import DEPTH, Frame
from vmaconv.prove.meaning.happenings import argument, assertion, effect
from vmaconv.prove.meaning.initialiser_values import by_text
from vmaconv.prove.meaning.kernel_primitives import PRIMITIVES, is_assertion
from vmaconv.prove.meaning.operand_types import type_of
from vmaconv.prove.meaning.run_state import (
    CallArgument,
    DoesNotCompile,
    NotDeclared,
    NotUnderstood,
)
from vmaconv.prove.meaning.side_facts import held_as
from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    TermValue,
    choice,
    is_truth,
    made,
)

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter


_HELD_IN = frozenset({b"vma_flags_t", b"vm_flags_t", b"unsigned long"})
"""The types of sets and words."""

LOCKING = "vma_start_write"
"""What locks a VMA for writing until the lock of its address space is left."""


def call(run: Interpreter, node: Node) -> TermValue:
    called, arguments = node.children[0], arguments_of(node)
    if called.kind != "identifier":
        callee = run.value(called)
        given = [argument(run, run.value(a)) for a in arguments]
        member = called.children[-1].text if called.kind == "field_expression" else None
        if member is not None:
            # Which function it is depends on what the members before it hold.
            name = "*" + member.decode(errors="replace")
            return effect(run, "call", name, given, at=[CallArgument(callee)])
        return effect(run, "call", "*", [CallArgument(callee), *given])
    name = (called.text or b"").decode(errors="replace")
    if name in run.frame.types:
        callee = run.value(called)
        given = [argument(run, run.value(a)) for a in arguments]
        return effect(run, "call", "*", [CallArgument(callee), *given])
    if name == "offsetof":
        return TermValue(by_text(node), "word")
    primitive = PRIMITIVES.get(name)
    if primitive is not None:
        return primitive(run, arguments)
    if is_assertion(name):
        return assertion(run, name, arguments)
    function = None
    if run.depth < DEPTH and name not in run.facts.changed:
        inner = _expanded(run, name, arguments)
        if inner is not None:
            return run.deeper(lambda: run.value(inner))
        if name in run.facts.hot and run.facts.is_macro(name):
            where = run.facts.place_of_change(name)
            raise NotUnderstood(f"{name}() means something else now{where}, and is no expression")
        function = _function(run, name)
    values = [run.value(a) for a in arguments]
    if name == LOCKING and len(values) == 1:
        return _locked(run, values[0])
    if function is not None or name in run.facts.changed:
        _refuse_other_pointers(run, name, function, arguments)
    if function is not None:
        found = _looked_into(run, function, values)
        if found is not None:
            return found
    result = effect(run, "call", name, [argument(run, v) for v in _as_taken(run, name, values)])
    _write_arguments(run, name, arguments)
    if name not in run.facts.changed:
        return result
    # What it returns may be held otherwise than before.
    return TermValue(result.term, held_as(run.facts.returned_by(name)))


def _write_arguments(run: Interpreter, name: str, arguments: Sequence[Node]) -> None:
    """Let the locals become unknown that a macro writes which is handed them: `swap(a, b)`."""
    for position in sorted(run.facts.written_by(name)):
        node = arguments[position] if position < len(arguments) else None
        word = (node.text or b"").decode(errors="replace") if node is not None else ""
        if node is not None and node.kind == "identifier" and word in run.frame.types:
            place = run.frame.local(word)
            known = made("ret", (run.state.time, run.frame.renamed.get(word, word)))
            run.state.write(place, TermValue(known, held_as(run.frame.types[word])))


def _refuse_other_pointers(
    run: Interpreter, name: str, function: FoundFunction | None, arguments: Sequence[Node]
) -> None:
    """Raise `DoesNotCompile` for the address of a word where that of a set is taken, and back."""
    if function is None:
        taken = run.facts.taken_by(name)
    else:
        taken = tuple(d.type for p in parameters(function.node) for d in declared(p))
    for node, wanted in zip(arguments, taken, strict=False):
        if wanted.shape != "*" or wanted.base not in _HELD_IN:
            continue
        given = type_of(run, node)
        if given is None or given.shape != "*" or given.base not in _HELD_IN:
            continue
        if (given.base == b"vma_flags_t") != (wanted.base == b"vma_flags_t"):
            handed = given.base.decode()
            raise DoesNotCompile(f"{name}() is handed a pointer to {handed}")


def _locked(run: Interpreter, vma: TermValue) -> TermValue:
    """Lock a VMA for writing; to do so again is to do nothing (include/linux/mmap_lock.h)."""
    if vma.term in run.state.locked or vma.term in run.facts.unseen:
        return TermValue(ZERO)
    before, is_certain = run.state.locked, run.state.guard.number == 1
    result = effect(run, "call", LOCKING, [argument(run, vma)])
    if is_certain:
        run.state.locked = before | {vma.term}
    return result


def _as_taken(run: Interpreter, name: str, values: Sequence[TermValue]) -> Sequence[TermValue]:
    """Return words as a function's parameters keep them: a bool takes their truth.

    Declarations are only looked up for words that are not known to be 0 or 1, and for numbers where
    the parameters changed: elsewhere both sides keep as much of one.
    """
    has_changed = name in run.facts.changed
    asks = [
        v.held == "word" and not is_truth(v.term) and (has_changed or v.term.number is None)
        for v in values
    ]
    if not any(asks):
        return values
    types = run.facts.taken_by(name)
    if len(types) != len(values):
        return values
    return [
        run.coerced(value, ctype) if is_asked and run.facts.width_of(ctype) is not None else value
        for value, ctype, is_asked in zip(values, types, asks, strict=True)
    ]


def _function(run: Interpreter, name: str) -> FoundFunction | None:
    try:
        return run.facts.function(name)
    except Undeclared:
        raise NotDeclared(f"{name}() is not declared") from None


def _expanded(run: Interpreter, name: str, arguments: Sequence[Node]) -> Node | None:
    try:
        macro = run.facts.macro(name)
    except Undeclared:
        return None
    if macro is None or macro.parameters is None:
        return None
    texts = [node_text(a) for a in arguments]
    body = expanded(macro, texts)
    return None if body is None else run.expression(body)


def _looked_into(
    run: Interpreter, function: FoundFunction, values: Sequence[TermValue]
) -> TermValue | None:
    """Run a helper's body; None, with nothing changed, where it is not understood."""
    kept, effects, exits = run.state, len(run.effects), run.exits
    frame, seen = run.frame, run.seen
    run.state = kept.copy()
    try:
        return run.deeper(lambda: _run(run, function, values))
    except NotUnderstood as error:
        run.not_understood[function.name] = str(error)
        run.state = kept
        del run.effects[effects:]
        return None
    finally:
        run.exits, run.frame, run.seen = exits, frame, seen


def _run(run: Interpreter, function: FoundFunction, values: Sequence[TermValue]) -> TermValue:
    given = parameters(function.node)
    names = [d for p in given for d in declared(p)]
    if len(names) != len(values):
        if len(values) == 0 or len(names) == len(given):
            raise DoesNotCompile(f"{function.name}() has another number of arguments")
        raise NotUnderstood(f"the parameters of {function.name}() are not understood")
    state = run.state
    outer = state.path, state.gone, state.outer
    inner = Frame(f"{run.depth}:", returns=returned_type(function))
    for one, value in zip(names, values, strict=True):
        _bind(run, inner, one, value, function.name)
    state.outer = (*state.outer, (run.frame.prefix, state.here))
    run.frame = inner
    run.exits = []
    state.path, state.gone = ONE, ZERO
    run.run_body(run, function.node.children[-1])
    result = TermValue(ZERO)
    for leave in reversed(run.exits):
        if leave.kind != "return":
            raise NotUnderstood(f"{function.name}() leaves by {leave.kind}")
        result = TermValue(choice(leave.guard, leave.value.term, result.term), leave.value.held)
    # A helper that was looked into has left another state behind.
    state = run.state
    state.path, state.gone, state.outer = outer
    return result


def _bind(run: Interpreter, frame: Frame, one: Declared, value: TermValue, function: str) -> None:
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
        run.state.values[frame.local(name)] = run.coerced(value, one.type)
    except DoesNotCompile as error:
        raise DoesNotCompile(f"in a call of {function}(), {error}") from None


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
