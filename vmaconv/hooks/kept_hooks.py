# SPDX-License-Identifier: GPL-2.0-only
"""Hooks that machines without an MMU keep: a mapping function lets identity mappings through there, and
an action fails (mm/util.c, mmap_action_prepare() without CONFIG_MMU).

In: a handler whose structs say by `mmap_capabilities` that they are for such machines, too. Out: whether
both hooks can stand side by side, each in its arm of `#ifdef CONFIG_MMU`, and the edits that do it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.hooks.hook import HookSite
from vmaconv.hooks.hook_arms import is_with_mmu, is_without_mmu
from vmaconv.hooks.hook_mentions import NamedFunction, initialiser_edit
from vmaconv.hooks.hook_rewriting import RULE, Rewritten
from vmaconv.hooks.hook_verdict import FunctionSafety
from vmaconv.migrate.facts.function_mentions import mentions_of
from vmaconv.migrate.facts.sources import Sources

_LINE = late_regex(rb"[ \t]*\.mmap\s*=\s*\w+,[ \t]*\Z")

Verdicts = Mapping[NamedFunction, Sequence[FunctionSafety]]


def can_be_kept(
    sources: Sources, handler: NamedFunction, sites: Sequence[HookSite], functions: Verdicts
) -> bool:
    """Whether a handler can stay for machines without an MMU, beside the new one.

    All its structs are for such machines, too, and each sets it on a line of its own; it is a function
    of one file, with no prototype, and stands in no arm of an `#if` that asks for an MMU. What it
    hands its VMA to has one definition for each kind of machine, so that each is what its arm wants.
    """
    for site in sites:
        braces = site.value.enclosing("initializer_list") if site.value is not None else None
        if braces is None or b"mmap_capabilities" not in braces.tokens():
            return False
        if _LINE.match(_line_of(sources, site)[2]) is None:
            return False
    for function, verdicts in functions.items():
        if function.file != handler.file or not function.file:
            return False
        unit = sources.unit(function.file)
        if any(m.kind not in _KINDS for m in mentions_of(unit, function.name)):
            return False
        arms = [
            (is_with_mmu(unit, v.body.node.start), is_without_mmu(unit, v.body.node.start))
            for v in verdicts
        ]
        if function == handler and arms != [(False, False)]:
            return False
        if function != handler and not all(any(arm) for arm in arms):
            return False
    return True


_KINDS = frozenset({"definition", "call", "value"})
"""How a function may be named that stays in one arm: a prototype would have to stand in it, too."""


def kept_edits(
    sources: Sources,
    handler: NamedFunction,
    sites: Sequence[HookSite],
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    member: bytes,
    name: bytes,
) -> dict[str, list[Edit]]:
    """Return the edits that put the new hook, `name`, beside the old one, by file."""
    edits: dict[str, list[Edit]] = {}
    for function, made in rewritten.items():
        for one in made:
            unit = sources.unit(one.path)
            if function != handler:
                if not is_without_mmu(unit, one.start):
                    edits.setdefault(one.path, []).append(Edit(one.start, one.end, one.text, RULE))
                continue
            new = one.helper + b"\n\n" + one.text if one.helper else one.text
            both = _both(new, unit.text[one.start : one.end])
            edits.setdefault(one.path, []).append(Edit(one.start, one.end, both, RULE))
    for site in sites:
        start, end, old = _line_of(sources, site)
        edit = initialiser_edit(sources.unit(site.path).text, site, member, name)
        new = apply(old, [Edit(edit.start - start, edit.end - start, edit.text, RULE)])
        edits.setdefault(site.path, []).append(Edit(start, end, _both(new, old), RULE))
    return edits


def _both(new: bytes, old: bytes) -> bytes:
    return b"#ifdef CONFIG_MMU\n" + new + b"\n#else\n" + old + b"\n#endif"


def _line_of(sources: Sources, site: HookSite) -> tuple[int, int, bytes]:
    """Return the line that sets a hook, without its end: its first byte, its last, its text."""
    text = sources.unit(site.path).text
    start, end = text.rfind(b"\n", 0, site.offset) + 1, text.find(b"\n", site.offset)
    return start, end, text[start:end]
