# SPDX-License-Identifier: GPL-2.0-only
"""The conditions of `depends on`, as values.

In: nothing. Out: the classes that the parser of headers fills; what they come to is decided by the
engine (`program`, `environment`).
"""

from __future__ import annotations

from msgspec import Struct


class Dependency:
    """What `depends on` says: see the subclasses."""

    __slots__ = ()


class DependsOn(Struct, Dependency, frozen=True):
    """A rule's name; `mode` is ``, `ever` or `never` (`file in "..."` is `DependsOnFile`)."""

    rule: str
    mode: str = ""


class DependsOnFile(Struct, Dependency, frozen=True):
    """`file in "dir"`."""

    directory: str


class DependsNot(Struct, Dependency, frozen=True):
    """`! part`."""

    part: Dependency


class DependsAll(Struct, Dependency, frozen=True):
    """`a && b`."""

    parts: tuple[Dependency, ...]


class DependsAny(Struct, Dependency, frozen=True):
    """`a || b`."""

    parts: tuple[Dependency, ...]
