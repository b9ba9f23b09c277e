# SPDX-License-Identifier: GPL-2.0-only
"""What a function asks of a word that it only tests.

In: a function and the name of a parameter. Out: the truth that stands in its body wherever the
parameter does: `vm_flags & VM_LOCKED` is what a bool in its place has to say.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import EXPRESSIONS, Node
from vmaconv.prove.comparing.difference import Undecided
from vmaconv.prove.headers.header_index import FoundFunction
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotUnderstood, RunState, Seen
from vmaconv.prove.terms.term import Term, atoms, made, truth


def predicate_of(
    run: Interpreter, function: FoundFunction, parameter: str
) -> tuple[Term, Term] | None:
    """Return what is asked, and the unknown that stands for the parameter in it.

    None where the body does not use the parameter. Raises `Undecided` where it asks several things.
    """
    unknown = made("init", (run.frame.local(parameter).args[0],))
    found: dict[Term, Node] = {}
    for leaf in function.node.children[-1].leaves():
        if leaf.kind == "identifier" and leaf.text == parameter.encode() and not _is_member(leaf):
            asked, node = _asked(run, leaf, unknown)
            found.setdefault(asked, node)
    if not found:
        return None
    if len(found) > 1:
        node = list(found.values())[1]
        raise Undecided(
            f"{function.name}() asks several things of {parameter}, which is a bool on the other side",
            Seen(function.line_of(node), function.source(node)),
        )
    return next(iter(found)), unknown


def _is_member(leaf: Node) -> bool:
    parent = leaf.parent
    return parent is not None and parent.kind == "field_expression" and parent.children[-1] is leaf


def _asked(run: Interpreter, leaf: Node, unknown: Term) -> tuple[Term, Node]:
    """Return the truth of the largest expression around a name that knows nothing else."""
    best, node = truth(unknown), leaf
    current: Node | None = leaf
    while current is not None and (current.kind in EXPRESSIONS or current.kind == "argument_list"):
        term = _alone(run, current, unknown) if current.kind in EXPRESSIONS else None
        if term is not None:
            best, node = term, current
        current = current.parent
    return (next(best.below()) if best.op == "lnot" else best), node


def _alone(run: Interpreter, node: Node, unknown: Term) -> Term | None:
    run.state, run.effects = RunState(), []
    try:
        term = truth(run.value(node).term)
    except (NotUnderstood, DoesNotCompile):
        return None
    known = set(atoms(term)) == {unknown}
    return term if known and not run.effects else None
