# SPDX-License-Identifier: GPL-2.0-only
"""Which place in memory an expression names, and what it holds.

In: lvalues of one side, and the run. Out: places (see `run_state`), and how they are held: members of one
union are one place. Left to others: values (`interpreter`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.meaning.operand_types import type_of
from vmaconv.prove.meaning.run_state import (
    DoesNotCompile,
    NotUnderstood,
)
from vmaconv.prove.meaning.side_facts import held_as
from vmaconv.prove.terms.term import (
    Term,
    TermValue,
    made,
)

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter

BITMAP = "__vma_flags"
"""The member of `vma_flags_t` that holds the bits (include/linux/mm_types.h)."""


def read(run: Interpreter, node: Node) -> TermValue:
    if node.kind == "subscript_expression":
        array = run.value(node.children[0]).term
        index = run.value(node.children[2]).term.number
        if array.op in ("array", "elem") and index is not None:
            return TermValue(element_of(array, index))
    if node.kind == "unary_expression":
        pointer = run.value(node.children[1]).term
        if pointer.op in ("array", "elem"):
            return TermValue(element_of(pointer, 0))
        place, held = behind(run, pointer, type_of(run, node))
        return run.state.read(place, held)
    if node.kind == "field_expression" and node.children[-1].text == BITMAP.encode():
        return TermValue(pointer_of(run, node))
    place, held = place_of(run, node)
    return held_at(run, place, held)


def held_at(run: Interpreter, place: Term, held: str) -> TermValue:
    """Read a place; the words of a bitmap (`bits`) are words, whatever holds it."""
    if held == "bits":
        return TermValue(run.state.read(place).term, "word")
    return run.state.read(place, held)


def put(run: Interpreter, place: Term, held: str, value: TermValue) -> None:
    if held == "bits":
        held = run.state.read(place).held
    run.state.write(place, TermValue(value.term, held if held != "other" else value.held))


def behind(run: Interpreter, pointer: Term, ctype: CType | None) -> tuple[Term, str]:
    if pointer.op == "addr":
        place = next(pointer.below())
        held = run.state.read(place).held
        return place, held_as(ctype) if ctype is not None else held
    return made("mem", (pointer,)), held_as(ctype)


def place_of(run: Interpreter, node: Node) -> tuple[Term, str]:
    """Return the place that an lvalue names, and how it is held."""
    match node.kind:
        case "parenthesized_expression":
            return place_of(run, node.children[1])
        case "identifier":
            name = (node.text or b"").decode(errors="replace")
            if name in run.frame.types:
                return run.frame.local(name), held_as(run.frame.types[name])
            return made("glob", (name,)), held_as(type_of(run, node))
        case "unary_expression" if node.children[0].kind == "*":
            return behind(run, run.value(node.children[1]).term, type_of(run, node))
        case "subscript_expression":
            return _element(run, node)
        case "field_expression":
            return member_place(
                run,
                pointer_of(run, node),
                _tag(run, node),
                (node.children[-1].text or b"").decode(errors="replace"),
            )
        case "call_expression":
            value = run.value(node)
            return made("mem", (value.term,)), "other"
    raise NotUnderstood(f"what a {node.kind.replace('_', ' ')} names is not known")


def pointer_of(run: Interpreter, node: Node) -> Term:
    """Return the pointer to the struct that a member is taken of."""
    base = node.children[0]
    if node.children[1].kind == "->":
        return run.value(base).term
    while base.kind == "parenthesized_expression":
        base = base.children[1]
    if base.kind == "subscript_expression":
        array = run.value(base.children[0]).term
        index = run.value(base.children[2]).term.number
        if array.op in ("array", "elem") and index is not None:
            return made("array", (element_of(array, index),))
    if base.kind in (
        "call_expression",
        "compound_literal_expression",
        "conditional_expression",
    ):
        return made("array", (run.value(base).term,))
    if base.kind == "identifier" and (base.text or b"").decode() not in run.frame.types:
        inner = run._macro_value((base.text or b"").decode(errors="replace"))
        if inner is not None:
            return made("array", (inner.term,))
    place, _ = place_of(run, base)
    return next(place.below()) if place.op == "mem" else made("addr", (place,))


def _element(run: Interpreter, node: Node) -> tuple[Term, str]:
    pointer = run.value(node.children[0]).term
    index = run.value(node.children[2]).term
    if pointer.op == "array" and index.number == 0:
        # The first word of a set that is no variable.
        place = made("var", (f"value {hash(pointer)}",))
        run.state.values[place] = TermValue(next(pointer.below()), "word")
        return place, "word"
    if index.number == 0:
        return behind(run, pointer, None)[0], "bits"
    if index.number is not None and pointer.op == "addr" and _is_set(run, pointer):
        raise DoesNotCompile("a bitmap is used past its end")
    return made("idx", (pointer, index)), "other"


def _is_set(run: Interpreter, pointer: Term) -> bool:
    return run.state.read(next(pointer.below())).held == "set"


def _tag(run: Interpreter, node: Node) -> str | None:
    member = (node.children[-1].text or b"").decode(errors="replace")
    if not any(member == m for (_, m) in run.facts.overlays.places):
        return ""
    ctype = type_of(run, node.children[0])
    if ctype is not None and node.children[1].kind == "->":
        ctype = ctype.pointed_to()
    if ctype is None or ctype.shape or ctype.base == b"void":
        # A macro's argument: what it points to is not said.
        return None
    base = ctype.base
    if not base.startswith((b"struct ", b"union ")):
        base = run.facts.types.resolve(ctype).base
    return base.decode(errors="replace").removeprefix("struct ").removeprefix("union ")


def member_place(run: Interpreter, pointer: Term, tag: str | None, name: str) -> tuple[Term, str]:
    """Return the place of a struct's member; `tag` is None where the struct is not known."""
    if name == BITMAP:
        return behind(run, pointer, None)[0], "other"
    if tag is None:
        return _member_of_any(run, pointer, name)
    known = run.facts.members.get(tag, {}).get(name)
    if known is not None and pointer.op in ("init", "load", "ret"):
        run.structs.setdefault(pointer, set()).add(tag)
    if known is None:
        if (tag, name) in run.facts.overlays.places and tag in run.facts.members:
            raise DoesNotCompile(f"struct {tag} has no member {name}")
        return made("fld", (pointer, run.facts.overlays.place(tag, name))), "other"
    return made("fld", (pointer, run.facts.overlays.place(tag, name))), known.held


def _member_of_any(run: Interpreter, pointer: Term, name: str) -> tuple[Term, str]:
    """Return the place of a member of a struct that is not known.

    A name that says so itself is taken for what it is in all structs that have it; `flags` does
    not.
    """
    if name in ("vm_flags", "vma_flags"):
        return made("fld", (pointer, "@flags")), "word" if name == "vm_flags" else "set"
    tags = [tag for tag, member in run.facts.overlays.places if member == name]
    places = {run.facts.overlays.place(tag, name) for tag in tags}
    here = [run.facts.members.get(tag, {}).get(name) for tag in tags]
    held = {member.held for member in here if member is not None}
    if name != "flags" and len(places) == 1 and len(held) == 1:
        return made("fld", (pointer, next(iter(places)))), next(iter(held))
    return made("fld", (pointer, name + "?")), "other"


def stepped(array: Term, by: int) -> Term:
    """Return a pointer to an array's element moved."""
    if array.op == "elem":
        base, at = array.args
        assert isinstance(base, Term) and isinstance(at, int)
        return made("elem", (base, at + by))
    return made("elem", (array, by))


def element_of(array: Term, index: int) -> Term:
    if array.op == "elem":
        base, at = array.args
        assert isinstance(base, Term) and isinstance(at, int)
        array, index = base, at + index
    elements = list(array.below())
    if not 0 <= index < len(elements):
        raise DoesNotCompile("an array is read past its end")
    return elements[index]
