# SPDX-License-Identifier: GPL-2.0-only
"""What `depends on` says of a rule, as values.

In: nothing. Out: the classes that the parser of headers fills; what they come to is decided by the
engine (`program`, `environment`).
"""

from __future__ import annotations

from dataclasses import dataclass


class Dependency:
    """What `depends on` says: see the subclasses."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DependsOn(Dependency):
    """A rule's name; `mode` is ``, `ever` or `never` (`file in "..."` is `DependsOnFile`)."""

    rule: str
    mode: str = ""


@dataclass(frozen=True, slots=True)
class DependsOnFile(Dependency):
    """`file in "dir"`."""

    directory: str


@dataclass(frozen=True, slots=True)
class DependsNot(Dependency):
    """`! part`."""

    part: Dependency


@dataclass(frozen=True, slots=True)
class DependsAll(Dependency):
    """`a && b`."""

    parts: tuple[Dependency, ...]


@dataclass(frozen=True, slots=True)
class DependsAny(Dependency):
    """`a || b`."""

    parts: tuple[Dependency, ...]
