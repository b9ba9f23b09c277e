# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's operations on bits and bitmaps, and its marks, by what they are documented to do.

In: an interpreter and the arguments of a call. Out: a value. These are the leaves of what helpers are
made of (include/linux/bitmap.h, bits.h, bitops.h, compiler.h); how they do it is no flag's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.meaning.happenings import effect
from vmaconv.prove.meaning.memory_places import member_place, place_of
from vmaconv.prove.meaning.run_state import CallArgument, DoesNotCompile, NotUnderstood
from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    Term,
    TermValue,
    both,
    either,
    equal,
    inverse,
    made,
    negation,
    num,
    truth,
    unlike,
)

if TYPE_CHECKING:
    from vmaconv.cocci.tree.node import Node
    from vmaconv.prove.meaning.interpreter import Interpreter

Primitive = Callable[["Interpreter", Sequence["Node"]], TermValue]

_ASSERTION = late_regex(
    r"(?:VM_|KVM_|NET_)?(?:WARN|BUG)_ON\w*|VM_(?:WARN|BUG)_ON\w*|WARN_ONCE|WARN|BUILD_BUG_ON\w*"
    r"|\w+_assert_\w+|lockdep_assert\w*|might_sleep|assert_\w+\Z"
)


def is_assertion(name: str) -> bool:
    """Return whether a call only says that something must hold."""
    return _ASSERTION.fullmatch(name) is not None


class _Bitmap:
    """A bitmap that is handed to an operation: a pointer to a set."""

    def __init__(self, run: Interpreter, node: Node) -> None:
        self._run = run
        self.pointer = run.value(node).term

    @property
    def _place(self) -> Term:
        below = self.pointer
        return next(below.below()) if below.op == "addr" else made("mem", (below,))

    def get(self) -> Term:
        if self.pointer.op == "array":
            return next(self.pointer.below())
        return self._run.state.read(self._place).term

    def put(self, term: Term) -> None:
        if self.pointer.op == "array":
            raise NotUnderstood("a set that is no variable is written to")
        held = self._run.state.read(self._place).held
        self._run.state.write(self._place, TermValue(term, held))


def _one_bit(run: Interpreter, node: Node, *, in_bitmap: bool) -> Term:
    number = run.value(node).term
    value = number.number
    if value is None:
        return made("op", ("<<", ONE, number))
    if value < 0 or value >= 64 or (value >= 32 and not run.facts.is_wide()):
        where = "a bitmap of 32 bits" if in_bitmap else "a word of 32 bits"
        raise DoesNotCompile(f"bit {value} is outside {where}")
    return num(1 << value)


def _combined(operation: Callable[[Term, Term], Term]) -> Primitive:
    def run(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
        target, a, b = (_Bitmap(run, node) for node in nodes[:3])
        result = operation(a.get(), b.get())
        target.put(result)
        return TermValue(truth(result), "word")

    return run


def _compared(operation: Callable[[Term, Term], Term]) -> Primitive:
    def run(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
        a, b = (_Bitmap(run, node) for node in nodes[:2])
        return TermValue(operation(a.get(), b.get()), "word")

    return run


def _filled(term: Term) -> Primitive:
    def run(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
        _Bitmap(run, nodes[0]).put(term)
        return TermValue(ZERO)

    return run


def _copied(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    target, source = (_Bitmap(run, node) for node in nodes[:2])
    target.put(source.get())
    return TermValue(ZERO)


def _is_empty(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    return TermValue(negation(_Bitmap(run, nodes[0]).get()), "word")


def _weight(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    bits = _Bitmap(run, nodes[0]).get()
    if bits.number is not None and bits.number >= 0:
        return TermValue(num(bits.number.bit_count()), "word")
    return TermValue(made("op", ("weight", bits)), "word")


def _changed_bit(operation: Callable[[Term, Term], Term], *, atomic: bool) -> Primitive:
    def run(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
        bit = _one_bit(run, nodes[0], in_bitmap=True)
        bitmap = _Bitmap(run, nodes[1])
        if atomic:
            effect(run, "access", "atomic", [CallArgument(TermValue(bitmap.pointer))])
        bitmap.put(operation(bitmap.get(), bit))
        return TermValue(ZERO)

    return run


def _tested_bit(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    bit = _one_bit(run, nodes[0], in_bitmap=True)
    return TermValue(truth(both(_Bitmap(run, nodes[1]).get(), bit)), "word")


def _mask(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    return TermValue(_one_bit(run, nodes[0], in_bitmap=False), "word")


def _word_number(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    number = run.value(nodes[0]).term
    if number.number is None:
        return TermValue(made("op", ("/", number, made("op", ("BITS_PER_LONG",)))), "word")
    if number.number < 32:
        return TermValue(ZERO, "word")
    return TermValue(num(number.number // (64 if run.facts.is_wide() else 32)), "word")


def _truth(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    return TermValue(run.truth(nodes[0]), "word")


def _itself(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    return run.value(nodes[0])


def _read_once(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    place, held = place_of(run, nodes[0])
    effect(run, "access", "READ_ONCE", [CallArgument(TermValue(made("addr", (place,))))])
    return run.state.read(place, held)


def _write_once(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    value = run.value(nodes[1])
    place, held = place_of(run, nodes[0])
    effect(run, "access", "WRITE_ONCE", [CallArgument(TermValue(made("addr", (place,))))])
    if {held, value.held} == {"word", "set"}:
        raise DoesNotCompile("a word and a vma_flags_t are mixed")
    run.state.write(place, TermValue(value.term, held if held != "other" else value.held))
    return value


def _private(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    member = (nodes[1].text or b"").decode(errors="replace")
    pointer = run.value(nodes[0]).term
    if member == "__vma_flags":
        return TermValue(pointer)
    place, held = member_place(run, pointer, "", member)
    return run.state.read(place, held)


def _count(_run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    return TermValue(num(len(nodes)), "word")


def _enabled(run: Interpreter, nodes: Sequence[Node]) -> TermValue:
    symbol = (nodes[0].text or b"").decode(errors="replace")
    return TermValue(num(int(run.facts.ask(symbol))), "word")


def _subset(a: Term, b: Term) -> Term:
    return negation(both(a, inverse(b)))


def _without(a: Term, b: Term) -> Term:
    return both(a, inverse(b))


PRIMITIVES: Mapping[str, Primitive] = {
    "bitmap_or": _combined(either),
    "bitmap_and": _combined(both),
    "bitmap_andnot": _combined(_without),
    "bitmap_xor": _combined(unlike),
    "bitmap_zero": _filled(ZERO),
    "bitmap_fill": _filled(num(-1)),
    "bitmap_copy": _copied,
    "bitmap_intersects": _compared(lambda a, b: truth(both(a, b))),
    "bitmap_subset": _compared(_subset),
    "bitmap_equal": _compared(equal),
    "bitmap_empty": _is_empty,
    "bitmap_weight": _weight,
    "__set_bit": _changed_bit(either, atomic=False),
    "__clear_bit": _changed_bit(_without, atomic=False),
    "set_bit": _changed_bit(either, atomic=True),
    "clear_bit": _changed_bit(_without, atomic=True),
    "test_bit": _tested_bit,
    "BIT": _mask,
    "BIT_ULL": _mask,
    "_BITUL": _mask,
    "BIT_MASK": _mask,
    "BIT_WORD": _word_number,
    "IS_ENABLED": _enabled,
    "likely": _truth,
    "unlikely": _truth,
    "data_race": _itself,
    "__force_cast": _itself,
    "READ_ONCE": _read_once,
    "WRITE_ONCE": _write_once,
    "ACCESS_PRIVATE": _private,
    "COUNT_ARGS": _count,
}
"""What each of the kernel's primitives does."""
