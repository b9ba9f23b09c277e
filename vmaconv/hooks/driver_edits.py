# SPDX-License-Identifier: GPL-2.0-only
"""The files that each driver's conversion changes.

In: the candidates that can change, and their rewritten functions. Out: `Driver`s: groups of files
that change together, each of which builds by itself; drivers that share a file are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.hooks.hook_alignment import within_columns
from vmaconv.hooks.hook_judging import Candidate
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction, initialiser_edit
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_rewriting import Renamed, Rewritten
from vmaconv.hooks.kept_hooks import kept_edits
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.groups.group_check import check_syntax


class Driver(Struct):
    """One driver's conversion: `changes` has each file's bytes before and after.

    `title` and `body` are for the patch's message, `notes` what a person should look at.
    """

    changes: dict[str, tuple[bytes, bytes]]
    title: str
    body: str
    notes: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()


class _DriverGroup(Struct):
    candidates: list[Candidate] = field(default_factory=list)
    edits: dict[str, list[Edit]] = field(default_factory=dict)


def drivers_of(
    sources: Sources,
    mentions: Mentions,
    candidates: Sequence[Candidate],
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    names: Mapping[NamedFunction, Renamed],
    notes: Mapping[NamedFunction, tuple[str, ...]],
    recipe: HookRecipe,
    documents: Mapping[str, bytes],
) -> list[Driver]:
    """Return the drivers, by the path of their first file.

    `documents` are texts of the documentation that may name what changes.
    """
    groups: list[_DriverGroup] = []
    for candidate in candidates:
        if candidate.twin:
            edits = _twin_edits(sources, candidate, recipe)
        elif candidate.is_kept:
            own = {function: rewritten[function] for function in candidate.names()}
            name, member = names[candidate.handler].name, recipe.new.encode()
            edits = kept_edits(sources, candidate.handler, candidate.sites, own, member, name)
        else:
            edits = _edits(mentions, candidate, rewritten, names)
        group = _DriverGroup([candidate], edits)
        for other in [g for g in groups if g.edits.keys() & group.edits.keys()]:
            groups.remove(other)
            group.candidates = [*other.candidates, *group.candidates]
            for path, more in other.edits.items():
                group.edits.setdefault(path, []).extend(more)
        groups.append(group)
    drivers = [
        _driver(sources, group, notes, recipe, _documents(group, documents, names))
        for group in groups
    ]
    return sorted(drivers, key=lambda driver: min(driver.changes))


def _documents(
    group: _DriverGroup, documents: Mapping[str, bytes], names: Mapping[NamedFunction, Renamed]
) -> dict[str, tuple[bytes, bytes]]:
    """Return the documentation that names the group's functions, before and after."""
    found: dict[str, tuple[bytes, bytes]] = {}
    for path, before in documents.items():
        after = before
        for candidate in group.candidates:
            for function in candidate.names():
                if not function.file:
                    word = rb"\b" + re.escape(function.name) + rb"\b"
                    after = re.sub(word, names[function].name, after)
        if after != before:
            found[path] = (before, after)
    return found


def _twin_edits(
    sources: Sources, candidate: Candidate, recipe: HookRecipe
) -> dict[str, list[Edit]]:
    """Return the edits that let structs have the core's new hook in place of its old one."""
    edits: dict[str, list[Edit]] = {}
    for site in candidate.sites:
        text = sources.unit(site.path).text
        edit = initialiser_edit(text, site, recipe.new.encode(), candidate.twin.encode())
        edits.setdefault(site.path, []).append(edit)
    return edits


def _edits(
    mentions: Mentions,
    candidate: Candidate,
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    names: Mapping[NamedFunction, Renamed],
) -> dict[str, list[Edit]]:
    edits: dict[str, list[Edit]] = {}
    for judged in candidate.functions:
        renamed = names[judged.function]
        if judged.scalars is not None:
            edits.setdefault(judged.scalars.path, []).extend(judged.scalars.edits)
            continue
        if judged.has_twin:
            for path, edit in mentions.twins(judged.function, renamed, rewritten[judged.function]):
                edits.setdefault(path, []).append(edit)
            continue
        for one in rewritten[judged.function]:
            edits.setdefault(one.path, []).extend(one.edits())
        for path, edit in mentions.edits(judged.function, renamed, b"desc"):
            edits.setdefault(path, []).append(edit)
    return edits


def _driver(
    sources: Sources,
    group: _DriverGroup,
    notes: Mapping[NamedFunction, tuple[str, ...]],
    recipe: HookRecipe,
    documents: Mapping[str, tuple[bytes, bytes]],
) -> Driver:
    changes = _changes(sources, group.edits)
    changes.update(documents)
    said = tuple(dict.fromkeys(note for c in group.candidates for note in notes[c.handler]))
    if documents:
        said = (*said, f"Also changed: the documentation in {', '.join(sorted(documents))}")
    handlers = tuple(c.handler.name.decode() for c in group.candidates)
    hooks = "hook" if len(handlers) == 1 else "hooks"
    title = f"replace the deprecated mmap {hooks} with mmap_prepare"
    return Driver(changes, title, _body(changes, group, recipe), said, handlers)


def _changes(
    sources: Sources, edits: Mapping[str, Sequence[Edit]]
) -> dict[str, tuple[bytes, bytes]]:
    changes: dict[str, tuple[bytes, bytes]] = {}
    for path, own in sorted(edits.items()):
        before = sources.unit(path).text
        after = within_columns(before, apply(before, _outermost(own)))
        if after != before:
            changes[path] = (before, after)
    check_syntax(changes)
    return changes


def nested_driver(
    sources: Sources, edits: Mapping[str, Sequence[Edit]], struct: str, handlers: tuple[str, ...]
) -> Driver:
    """Return the change of another struct's hooks."""
    title = f"replace the deprecated mmap hook of {struct} with mmap_prepare"
    body = (
        f"The mmap() hook of {struct} is handed a VMA, which the hook of the file that calls it "
        "could not give it any more once that is converted to f_op->mmap_prepare(). So let the "
        "inner hooks go first: they are handed a description of the mapping.\n\n"
        "Their caller still has a VMA, and applies what they ask for to it with "
        "compat_set_desc_from_vma() and __compat_vma_mmap()."
    )
    return Driver(_changes(sources, edits), title, body, (), handlers)


def _body(
    changes: Mapping[str, tuple[bytes, bytes]], group: _DriverGroup, recipe: HookRecipe
) -> str:
    """Write what a driver's patch says: why, and what the mapping functions became."""
    is_kept = any(candidate.is_kept for candidate in group.candidates)
    parts = [
        "The f_op->mmap() hook is deprecated, so use its successor, f_op->mmap_prepare(), which is "
        "handed a description of the mapping before there is one."
    ]
    for known in recipe.mapping.values():
        before = sum(b.count(known.name.encode() + b"(") for b, _ in changes.values())
        after = sum(a.count(known.name.encode() + b"(") for _, a in changes.values())
        actions = [
            name
            for name in (known.action + "_full", known.action)
            if any(
                a.count(name.encode() + b"(") > b.count(name.encode() + b"(")
                for b, a in changes.values()
            )
        ]
        if (after < before or before and is_kept) and actions:
            parts.append(
                f"The driver previously used {known.name}(), so this change replaces it with its "
                f"mmap_prepare equivalent, {' and '.join(f'{a}()' for a in actions)}."
            )
    if is_kept:
        parts.append("Machines without an MMU keep the old hook: an action fails there.")
    if len(parts) == 1:
        parts.append(
            "Only members and flags of the mapping are set, which the description has, too."
        )
    return "\n\n".join(parts)


def _outermost(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits without those inside a function that is replaced as a whole."""
    whole = [e for e in edits if e.end > e.start]
    kept = [
        e
        for e in edits
        if not any(
            o is not e
            and o.start <= e.start
            and e.end <= o.end
            and (o.start, o.end) != (e.start, e.end)
            for o in whole
        )
    ]
    return sorted(set(kept))
