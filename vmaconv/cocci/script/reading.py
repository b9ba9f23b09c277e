# SPDX-License-Identifier: GPL-2.0-only
"""Reading blocks with LibCST: what each takes and what they bind.

In: blocks' texts, which `block_compiler.parse` has taken (so that they are Python, and not nested too
deeply for LibCST's parser). Out: a `Reading` of each, with the node of each finding, whose place
is worked out only if someone asks. LibCST's ScopeProvider is the one metadata provider that clean
blocks need; it takes 5 ms however little it is given, so all blocks of a rule file, which share
their globals anyway, are given to it as one module. Importing this module imports LibCST.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import (
    BuiltinAssignment,
    ComprehensionScope,
    FunctionScope,
    GlobalScope,
    MetadataWrapper,
    PositionProvider,
    Scope,
    ScopeProvider,
)
from msgspec import Struct, field

from vmaconv.cocci.script import block_compiler, policy
from vmaconv.cocci.script.subset import Subset, SubsetFinding, normal
from vmaconv.cocci.text.deep_recursion import deep_recursion


class OutsideName(Struct, frozen=True):
    """A name that a block takes from outside; `nested` is True in a function, which runs later."""

    name: str
    node: cst.CSTNode
    nested: bool


class Reading(Struct):
    """What LibCST says of a block.

    `takes` are the names that it uses and no block binds, builtins that scripts may use excepted;
    `binds` are the globals that the blocks of the rule file leave behind, all together.
    `open_ended` is True after `from module import *` of a module that is not known here.
    """

    module: cst.Module
    takes: list[OutsideName] = field(default_factory=list)
    binds: frozenset[str] = frozenset()
    findings: list[SubsetFinding] = field(default_factory=list)
    open_ended: bool = False

    def place(self, node: cst.CSTNode) -> tuple[int, int]:
        """Work out where a node is: its line from 1 and its column from 0, in the block."""
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        start = wrapper.resolve(PositionProvider)[node].start
        return start.line, start.column


def parse(code: str, *, expression: bool = False) -> cst.Module:
    """Parse a block, or with `expression` the body of a constraint.

    Raises `libcst.ParserSyntaxError` for the rare Python that LibCST does not know.
    """
    text = block_compiler.without_comments(code)
    return cst.parse_module(f"({text}\n)" if expression else text)


def read(modules: Sequence[cst.Module], *, trusted: bool = False) -> list[Reading]:
    """Read the blocks of a rule file together."""
    with deep_recursion():
        readings: list[Reading] = []
        names: list[list[cst.CSTNode]] = []
        stored: set[str] = set()
        for module in modules:
            visitor = Subset(trusted)
            module.visit(visitor)
            stored |= visitor.stored | visitor.star_names
            findings, open_ended = visitor.findings, visitor.open_ended
            readings.append(Reading(module, findings=findings, open_ended=open_ended))
            names.append(visitor.names)
        scopes = _scopes(modules)
        uses = {use.node: use for scope in scopes for use in _outside(scope, stored, trusted)}
        bound = frozenset(stored.union(*map(_globals, scopes)))
        for reading, nodes in zip(readings, names, strict=True):
            reading.takes = [uses[node] for node in nodes if node in uses]
            reading.binds = bound
    return readings


def _scopes(modules: Sequence[cst.Module]) -> set[Scope]:
    statements = [statement for module in modules for statement in module.body]
    wrapper = MetadataWrapper(cst.Module(statements), unsafe_skip_copy=True)
    return {scope for scope in wrapper.resolve(ScopeProvider).values() if scope}


def _globals(scope: Scope) -> set[str]:
    if not isinstance(scope, GlobalScope):
        return set()
    return {assignment.name for assignment in scope.assignments}


def _outside(scope: Scope, stored: set[str], trusted: bool) -> Iterator[OutsideName]:
    for access in scope.accesses:
        name = normal(_head(access.node))
        bound = not all(isinstance(found, BuiltinAssignment) for found in access.referents)
        builtin = name in policy.BUILTINS or (trusted and access.referents)
        if not (bound or builtin or name in stored):
            yield OutsideName(
                name, access.node, isinstance(scope, (FunctionScope, ComprehensionScope))
            )


def _head(node: cst.CSTNode) -> str:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""
