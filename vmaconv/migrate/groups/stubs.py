# SPDX-License-Identifier: GPL-2.0-only
"""Stubs of changed functions in the userland tests, which the migration's search leaves out.

In: a function's parameter, what it becomes, and a file of `tools/testing/` that names the function.
Out: the edits that let the file's own definition follow; None where it does anything but define it
and test the parameter, so that it is left, and said to be.

`tools/testing/vma/vma_internal.h` has definitions of its own for what mm/vma.c calls: that file is
compiled with these, and passes what the kernel's take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from vmaconv.cocci.match.code.context import POSTFIX, PRIMARY, UNARY
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, function_name, parameters
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity import Parameter, ReturnValue
from vmaconv.migrate.facts.entity_facts import EntityDeclaration
from vmaconv.migrate.facts.operations import Test, ValueFlow
from vmaconv.migrate.write.expression_edits import replace_expression
from vmaconv.migrate.write.helper_spelling import Rendered, by_name
from vmaconv.migrate.write.signatures import retyped

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

FOLDER = "tools/testing/"

Answer = Callable[[Test, bytes], Rendered | None]
"""Writes a test of the parameter, given its new name."""


def follow(migration: Migration, entity: Parameter | ReturnValue, path: str) -> bool:
    """Let a stub in the userland tests follow what became of a parameter; False if it cannot."""
    settings, trial = migration.settings, migration.trial
    if not isinstance(entity, Parameter) or not path.startswith(FOLDER):
        return False
    narrowed = trial.narrowed.get(entity)
    new = b"bool" if narrowed is not None else settings.recipe.new.encode()

    def renamed(own: bytes) -> bytes:
        """A stub's parameter follows the kernel's name where it had the same one."""
        return narrowed.name if narrowed is not None else trial.name_of(entity, own)

    def answer(test: Test, called: bytes) -> Rendered | None:
        if narrowed is None:
            of = by_name(called)
            return settings.spelling.test(of, test.mode, test.mask, test.part, test.negated)
        if not test.same_question(narrowed.test):
            return None
        asked = b"!" + called if test.negated else called
        return Rendered(asked, UNARY if test.negated else PRIMARY)

    edits = _stub_edits(settings, path, entity, new, renamed, answer)
    for edit in edits or ():
        trial.add(path, edit, entity)
    return edits is not None


def _stub_edits(
    settings: Settings,
    path: str,
    parameter: Parameter,
    new: bytes,
    renamed: Callable[[bytes], bytes],
    answer: Answer,
) -> list[Edit] | None:
    """Return the edits for every definition and prototype of a function in `path`."""
    unit = settings.sources.unit(path)
    own = parameter.function.name
    edits: list[Edit] = []
    for chunk in unit.chunks_with(own):
        for item in chunk.items():
            leaf = _declared_name(item)
            if leaf is None or leaf.text != own:
                if any(node.text == own for node in item.leaves()):
                    return None
                continue
            found = _declaration(path, item, parameter.index)
            made = _followed(settings, found, new, renamed, answer) if found is not None else None
            if made is None:
                return None
            edits += made
    return edits or None


def _declared_name(item: Node) -> Node | None:
    if item.kind in ("function_definition", "declaration"):
        return function_name(item)
    return None


def _declaration(path: str, item: Node, index: int) -> EntityDeclaration | None:
    own = parameters(item)
    if index >= len(own):
        return None
    one = next(iter(declared(own[index])), None)
    if one is None:
        return None
    is_body = item.kind == "function_definition"
    return EntityDeclaration(path, own[index], one.leaf, one.type, item, is_body)


def _followed(
    settings: Settings,
    one: EntityDeclaration,
    new: bytes,
    renamed: Callable[[bytes], bytes],
    answer: Answer,
) -> list[Edit] | None:
    """Return the edits of one definition; None where a use is no test."""
    assert one.leaf is not None and one.function is not None
    old, names = one.leaf.text or b"", {settings.recipe.old.encode(), *settings.graph.named}
    name = renamed(old)
    if one.type.shape or one.type.base not in names:
        return None
    text = settings.text(one.path)
    edits = list(retyped(text, one, new, name))
    for use in _uses(one.function, one.leaf, old):
        operation = Classifier(settings.reader, settings.sources.types(one.path)).classify(use)
        written = answer(operation, name) if isinstance(operation, Test) else None
        whole = operation.whole if isinstance(operation, Test) else use
        if written is None and isinstance(operation, ValueFlow | Test) and new != b"bool":
            # What stands in for others there may go on with the word.
            written, whole = _as_word(settings, name), use
        if written is None:
            return None
        edit = replace_expression(text, whole, written, "stub")
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _as_word(settings: Settings, name: bytes) -> Rendered | None:
    """Write a value as a word, if the userland tests have the conversion."""
    convert = settings.conversion("to_word")
    if convert is None or not any(
        path.startswith(FOLDER) for path in settings.sources.everywhere(convert)
    ):
        return None
    return Rendered(convert + b"(" + name + b")", POSTFIX)


def _uses(function: Node, leaf: Node, name: bytes) -> Iterator[Node]:
    for node in function.leaves():
        is_member = node.parent is not None and (
            node.parent.kind == "field_expression" and node is node.parent.children[-1]
        )
        if node.text == name and node is not leaf and not is_member:
            yield node
