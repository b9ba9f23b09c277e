# SPDX-License-Identifier: GPL-2.0-only
"""Seeds: what a person names as the start of a migration.

In: `struct vm_area_desc.vm_flags`, `shmem_file_setup(3)`, `mlock_future_ok`. Out: the entity in
the tree that is meant, or a complaint that says what the name means there instead: nothing, or
several things.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.types.declared import base_type, declared, parameters
from vmaconv.migrate.facts.entity import Entity, Function, Member, Parameter
from vmaconv.migrate.facts.fact_graph import FactGraph
from vmaconv.migrate.facts.first_search import Seed
from vmaconv.migrate.migration_error import MigrationError


def find_seed(graph: FactGraph, seed: Seed, names: Mapping[str, str]) -> Entity | None:
    """Return the entity that a seed means; None if the tree lacks it and need not have it.

    `names` says what a member of the old type is called with the new one: a struct that has only
    that has changed already, and is no error. Raises `MigrationError` where a demanded seed names
    nothing, or any seed several things.
    """
    seed.check()
    if seed.member is not None:
        return _member(graph, seed, seed.member, names)
    named = seed.function
    assert named is not None
    file, name, index = named
    graph.sources.fetch([name])
    functions = _functions(graph, name, file)
    if not functions:
        _complain(seed, f"no function {name.decode()} is declared in the tree")
        return None
    if len(functions) > 1:
        places = ", ".join(sorted(f.file or "the headers" for f in functions))
        what = f"{name.decode()} means several functions: in {places}"
        raise MigrationError("several", seed.text, what, f"write FILE.c:{name.decode()}(N)")
    function = functions[0]
    if index is None:
        index = _only_index(graph, seed, function)
    if index is None:
        return None
    counts = {len(parameters(m.item)) for m in graph.declarations(function) if m.item is not None}
    if counts and index >= max(counts):
        _complain(seed, f"{function}() has {max(counts)} parameters")
        return None
    return Parameter(function, index)


def _member(
    graph: FactGraph, seed: Seed, member: Member, names: Mapping[str, str]
) -> Member | None:
    tag = member.tag
    graph.sources.fetch([tag])
    defining = [
        (path, symbols.tags[member.struct])
        for path in graph.sources.mentioning(tag)
        for symbols in graph.sources.symbols(path).having(tag)
        if member.struct in symbols.tags
    ]
    found = [path for path, _ in defining]
    if not found:
        _complain(seed, f"the tree defines no {member.struct.decode()}")
        return None
    if len(set(found)) > 1:
        what = f"{member.struct.decode()} is defined in {', '.join(sorted(set(found)))}"
        raise MigrationError("several", seed.text, what, "only a struct that has one definition")
    words = {token for _, item in defining for token in item.tokens()}
    # What has the new name alone has changed already.
    known = {member.name, names.get(member.name.decode(), "").encode()} - {b""}
    if not known & words:
        _complain(seed, f"{member.struct.decode()} has no member {member.name.decode()}")
        return None
    return member


def _functions(graph: FactGraph, name: bytes, file: str) -> list[Function]:
    found = {
        Function(name, path)
        for path in graph.sources.mentioning(name)
        if any(m.static for m in graph.mentions(path, name)) and path.endswith(".c")
    }
    if any(graph.declarations(Function(name))):
        found.add(Function(name))
    if file:
        found = {f for f in found if f.file == file} or {f for f in found if not f.file}
    return sorted(found)


def _only_index(graph: FactGraph, seed: Seed, function: Function) -> int | None:
    """Return the parameter that is meant where only one is of the old type."""
    named: set[int] = set()
    for mention in graph.declarations(function):
        for index, node in enumerate(parameters(mention.item) if mention.item else []):
            one = next(iter(declared(node)), None)
            ctype = one.type if one is not None else base_type(node)
            if ctype is not None and not ctype.shape and ctype.base in graph.named:
                named.add(index)
    if len(named) == 1:
        return named.pop()
    old = " or ".join(sorted(n.decode() for n in graph.named))
    if not named:
        _complain(seed, f"no parameter of {function}() is of type {old}")
        return None
    listed = ", ".join(str(i + 1) for i in sorted(named))
    what = f"{function}() has several parameters of type {old}: {listed}"
    raise MigrationError("several", seed.text, what, f"write {function}(N)")


def _complain(seed: Seed, what: str) -> None:
    if seed.is_demanded:
        raise MigrationError("nothing", seed.text, what, "see that the name is right")
