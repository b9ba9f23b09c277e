# SPDX-License-Identifier: GPL-2.0-only
"""What statements do.

In: statements of one side and an `Interpreter`. Out: its state, effects and exits after them. Both
arms of an `if` are run, each under its condition, so that a stretch of code has one meaning and not
one for each path. Loops run only in helpers, and only where their number of turns is known; in the
function itself a loop is one effect, known by its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared
from vmaconv.prove.headers.header_index import Undeclared
from vmaconv.prove.headers.macro_expansion import expanded
from vmaconv.prove.meaning.frame import DEPTH
from vmaconv.prove.meaning.happenings import argument, copied_struct, effect
from vmaconv.prove.meaning.helper_calls import LOCKING, arguments_of, node_text
from vmaconv.prove.meaning.initialiser_values import set_initialiser
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.memory_places import member_place
from vmaconv.prove.meaning.operand_types import SIGNED_LONGS, is_struct
from vmaconv.prove.meaning.run_state import CallArgument, Exit, NotUnderstood
from vmaconv.prove.meaning.side_facts import held_as
from vmaconv.prove.meaning.written_names import written_by_macros, written_locals
from vmaconv.prove.terms.term import ZERO, Term, TermValue, conjunction, made, negation
from vmaconv.prove.terms.term_values import constants_in

TURNS = 64
"""How often a helper's loop is run at most."""

_ONCE = late_regex(rb"do\s*(\{.*\})\s*while\s*\(\s*0\s*\)\s*;?", re.DOTALL)
_JUMPS = {"break_statement": "break", "continue_statement": "continue"}
_OF_ANOTHER_TYPE = frozenset({"macro_type_specifier", "type_argument"})


def run_body(run: Interpreter, body: Node) -> None:
    """Run a function's body."""
    run_statements(run, [c for c in body.children if c.kind not in "{}"])


def run_statements(run: Interpreter, statements: Sequence[Node]) -> None:
    """Run statements one after the other."""
    for statement in statements:
        run_statement(run, statement)


def run_statement(run: Interpreter, node: Node) -> None:
    """Run one statement.

    Raises `NotUnderstood` and `DoesNotCompile`.
    """
    if run.depth == 0:
        run.seen = run.locate(node)
    match node.kind:
        case "declaration":
            _declare(run, node)
        case "expression_statement":
            block = _macro_block(run, node.children[0])
            if block is None:
                run.value(node.children[0])
            else:
                run.deeper(lambda: _run_block(run, block))
        case "compound_statement":
            run_body(run, node)
        case "if_statement":
            _if(run, node)
        case "return_statement":
            _return(run, node)
        case "empty_statement":
            pass
        case "break_statement" | "continue_statement" | "goto_statement" if run.depth == 0:
            kind = _JUMPS.get(node.kind) or " ".join(t.decode() for t in node.tokens()[:2])
            run.exits.append(Exit(kind, run.state.here, TermValue(ZERO), run.seen, run.under))
            run.state.leave()
        case "for_statement" | "while_statement" if run.depth > 0:
            _loop(run, node)
        case "label" | "case_label":
            raise NotUnderstood("other code jumps here")
        case _:
            opaque(run, node)


def _macro_block(run: Interpreter, node: Node) -> Node | None:
    """Return the statements that a macro stands for which is `do { ... } while (0)`, or None.

    Raises `NotUnderstood` where a local of the macro has the name of one outside.
    """
    if node.kind != "call_expression" or node.children[0].kind != "identifier":
        return None
    name = (node.children[0].text or b"").decode(errors="replace")
    if name in run.frame.types or name in run.facts.changed or run.depth >= DEPTH:
        return None
    try:
        macro = run.facts.macro(name)
    except Undeclared:
        return None
    body = expanded(macro, [node_text(a) for a in arguments_of(node)]) if macro else None
    found = _ONCE.fullmatch(body) if body is not None else None
    block = run.block(found[1]) if found is not None else None
    for inner in block.walk() if block is not None else ():
        if inner.kind == "declaration" and any(
            one.name.decode(errors="replace") in run.frame.types for one in declared(inner)
        ):
            raise NotUnderstood(f"a local of {name}() has the name of another")
    return block


def _run_block(run: Interpreter, block: Node) -> TermValue:
    run_body(run, block)
    return TermValue(ZERO)


def _if(run: Interpreter, node: Node) -> None:
    time = run.state.time
    condition = run.truth(node.children[2])
    if run.depth == 0:
        if condition.number is None and time == run.began and run.state.time == time:
            run.conditions.append(condition)
        condition = run.assumed.get(condition, condition)
    outer, under = run.state.path, run.under
    if run.depth == 0:
        run.under = run.seen
    run.state.path = conjunction(outer, condition)
    if run.state.path.number != 0:
        run_statement(run, node.children[4])
    run.state.path = conjunction(outer, negation(condition))
    if len(node.children) > 6 and run.state.path.number != 0:
        run_statement(run, node.children[6])
    run.state.path, run.under = outer, under


def _return(run: Interpreter, node: Node) -> None:
    value = TermValue(ZERO)
    if len(node.children) > 2:
        value = run.coerced(run.value(node.children[1]), run.frame.returns)
    run.exits.append(Exit("return", run.state.here, value, run.seen, run.under))
    run.state.leave()


def _loop(run: Interpreter, node: Node) -> None:
    is_for = node.kind == "for_statement"
    if is_for and node.children[2].kind == "declaration":
        _declare(run, node.children[2])
    elif is_for and node.children[2].kind != "empty":
        run.value(node.children[2])
    condition, body = node.children[4 if is_for else 2], node.children[-1]
    for _ in range(TURNS):
        goes_on = run.truth(condition)
        if goes_on.number == 0 or run.state.here.number == 0:
            return
        if goes_on.number is None:
            name = next(constants_in(goes_on), "")
            if name:
                raise NotUnderstood(f"what {name} stands for is not known")
            break
        run_statement(run, body)
        if is_for and node.children[6].kind != "empty":
            run.value(node.children[6])
    raise NotUnderstood("how often a helper's loop runs is not known")


def _declare(run: Interpreter, node: Node) -> None:
    if any(c.kind in _OF_ANOTHER_TYPE for c in node.children):
        raise NotUnderstood("the type is not known of a local that typeof() declares")
    for one in declared(node):
        name = one.name.decode(errors="replace")
        ctype = run.frame.declare(name, one.type)
        place = run.frame.local(name)
        declarator = _initialised(node, one.leaf)
        if _is_static(node):
            _keep(run, place, name, declarator)
            continue
        if declarator is None:
            run.state.values.pop(place, None)
            continue
        source = declarator.children[-1]
        if source.kind == "initializer_list":
            _fill(run, place, one.type, source)
            continue
        if is_struct(ctype):
            copied_struct(run, place, source)
            continue
        value = run.kept(run.value(source), name, ctype)
        run.state.write(place, value)


def _is_static(node: Node) -> bool:
    return any(
        c.kind == "storage_class_specifier" and b"static" in c.tokens() for c in node.children
    )


def _keep(run: Interpreter, place: Term, name: str, declarator: Node | None) -> None:
    """Declare a local that is kept from one call to the next: memory, and set before the first."""
    given = [] if declarator is None else [declarator.children[-1]]
    words = " ".join(w for node in given for w in _words(run, node))
    if any(node.kind != "initializer_list" for node in given):
        before, run.asserting = run.asserting, True
        try:
            values = [argument(run, run.value(node)) for node in given]
        finally:
            run.asserting = before
        words = ""
    else:
        values = []
    run.state.exposed.add(place)
    effect(run, "text", f"static {run.frame.renamed.get(name, name)} {words}".rstrip(), values)


def _initialised(node: Node, leaf: Node) -> Node | None:
    for child in node.children:
        if child.kind == "init_declarator" and any(n is leaf for n in child.leaves()):
            return child
    return None


def _fill(run: Interpreter, place: Term, ctype: CType, source: Node) -> None:
    """Run an initialiser in braces."""
    if ctype.base == b"vma_flags_t" and not ctype.shape:
        run.state.write(place, TermValue(set_initialiser(run, source), "set"))
        return
    parts = [c for c in source.children if c.kind not in "{,}"]
    if ctype.shape.startswith("["):
        values = [run.value(part) for part in parts]
        run.state.write(place, TermValue(made("array", tuple(v.term for v in values))))
        return
    tag = ctype.base.decode(errors="replace").removeprefix("struct ")
    for part in parts:
        if part.kind != "initializer_pair":
            raise NotUnderstood("an initialiser without names of members is not understood")
        pointer, inner = made("addr", (place,)), tag
        names = [c.children[-1].text or b"" for c in part.children if c.kind == "field_designator"]
        for name in names[:-1]:
            pointer = made("addr", (made("fld", (pointer, name.decode())),))
            inner = ""
        target, held = member_place(run, pointer, inner, names[-1].decode() if names else "")
        value = part.children[-1]
        if value.kind == "initializer_list":
            run.state.write(target, TermValue(_text(run, value)))
            continue
        found = run.value(value)
        if {held, found.held} == {"word", "set"}:
            run.coerced(found, CType(b"vma_flags_t" if held == "set" else b"vm_flags_t"))
        run.state.write(target, TermValue(found.term, held if held != "other" else found.held))


def _text(run: Interpreter, node: Node) -> Term:
    """Return something that is known by its text and the locals in it."""
    words = tuple(_words(run, node))
    return made("op", ("text", *words, *(a.value.term for a in _mentioned(run, node))))


def _words(run: Interpreter, node: Node) -> Iterator[str]:
    for word in node.tokens():
        name = word.decode(errors="replace")
        yield run.frame.renamed.get(name, name)


def rooms(run: Interpreter, node: Node) -> Iterator[str]:
    """Yield the widths of the locals that a stretch mentions, and of what they point to, where these
    are narrow, and which are signed longs: they decide what it computes."""
    for name in sorted({(leaf.text or b"").decode(errors="replace") for leaf in node.leaves()}):
        ctype = run.frame.types.get(name)
        if ctype is None:
            continue
        steps = len(ctype.shape) - len(ctype.shape.lstrip("*["))
        inner = CType(ctype.base, ctype.shape[steps:])
        width = run.facts.width_of(inner)
        known = f"{run.frame.renamed.get(name, name)}{ctype.shape[:steps]}"
        if width is not None:
            yield f"{known}:{width.bits}{'+-'[width.is_signed]}"
        elif not inner.shape and inner.base in SIGNED_LONGS:
            yield f"{known}:signed"
    if any(inner.kind == "return_statement" for inner in node.walk()):
        yield f"return:{run.facts.width_of(run.frame.returns)}"


def _mentioned(run: Interpreter, node: Node) -> list[CallArgument]:
    """Return what the locals hold that a stretch mentions."""
    found: dict[str, CallArgument] = {}
    written = written_locals(node)
    for leaf in node.leaves():
        name = (leaf.text or b"").decode(errors="replace")
        if name in run.frame.types and name not in found and leaf.kind == "identifier":
            if _is_member(leaf):
                continue
            place = run.frame.local(name)
            value = run.state.read(place, held_as(run.frame.types[name]))
            if name in written and value.term.op == "init":
                continue
            found[name] = argument(run, value)
    return list(found.values())


def _is_member(leaf: Node) -> bool:
    parent = leaf.parent
    return (
        parent is not None
        and parent.kind in ("field_expression", "field_designator")
        and parent.children[-1] is leaf
    )


def opaque(run: Interpreter, node: Node) -> None:
    """Run a statement as one effect, which is known by its text.

    Raises `NotUnderstood` in a helper.
    """
    if run.depth > 0:
        raise NotUnderstood(f"a helper's {node.kind.replace('_', ' ')} is not understood")
    if not run.facts.hot.isdisjoint(_words(run, node)):
        raise NotUnderstood("a statement that calls what changed is not taken apart")
    if LOCKING in _words(run, node):
        raise NotUnderstood(f"a statement with {LOCKING}() is not taken apart")
    learn(run, node)
    effect(run, "text", " ".join((*_words(run, node), *rooms(run, node))), _mentioned(run, node))
    for name in sorted(written_locals(node) | written_by_macros(run, node)):
        if name in run.frame.types:
            place = run.frame.local(name)
            held = held_as(run.frame.types[name])
            run.state.drop_members(place)
            result = made("ret", (run.state.time, run.frame.renamed.get(name, name)))
            run.state.write(place, TermValue(result, held))


def learn(run: Interpreter, node: Node) -> None:
    """Note the types of the locals that a stretch declares, and which are kept between calls."""
    for inner in node.walk():
        if inner.kind == "declaration":
            for one in declared(inner):
                name = one.name.decode(errors="replace")
                run.frame.learn(name, one.type)
                if _is_static(inner):
                    run.state.exposed.add(run.frame.local(name))
