# SPDX-License-Identifier: GPL-2.0-only
"""The facts about an entity, as plain values.

In: nothing. Out: `Facts` and what they are made of; `graph` fills them.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.migrate.facts.entity import Entity, Obstacle


class FactSite(Struct, frozen=True):
    """An expression in a file."""

    path: str
    node: Node


class EntityDeclaration(Struct, frozen=True):
    """A place that declares an entity: `node` is the declaration, `leaf` its name if it has one.

    `function` is the function whose parameter or result it is, in this file; `body` says whether
    that is its definition.
    """

    path: str
    node: Node
    leaf: Node | None
    type: CType
    function: Node | None = None
    body: bool = False


class Facts(Struct):
    """All that concerns one entity; `bound` are the entities whose type must be the same."""

    declarations: list[EntityDeclaration] = field(default_factory=list)
    uses: list[FactSite] = field(default_factory=list)
    inflows: list[FactSite] = field(default_factory=list)
    bound: list[Entity] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    is_pointer: bool = False
    """Whether it is a parameter that points to flags."""
    converted: list[EntityDeclaration] = field(default_factory=list)
    """Declarations that have the new type already."""
