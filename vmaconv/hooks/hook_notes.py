# SPDX-License-Identifier: GPL-2.0-only
"""Notes on a converted hook, for its reviewer.

In: a candidate and its rewritten functions. Out: sentences for the patch and the review: which call
became which action, what now runs before a merge or a failure, which errors changed, what happens
without an MMU.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.hooks.hook_api import HookApi
from vmaconv.hooks.hook_judging import Candidate
from vmaconv.hooks.hook_kconfig import HookKconfig
from vmaconv.hooks.hook_mentions import NamedFunction
from vmaconv.hooks.hook_names import twin_name
from vmaconv.hooks.hook_recipe import HookRecipe
from vmaconv.hooks.hook_rewriting import Rewritten
from vmaconv.migrate.facts.sources import Sources

_ACTION = late_regex(rb"\b(mmap_action_\w+)\(")
_ERROR = late_regex(rb"(?:action\.error_override =|\(int err\)\n{\n\treturn) (-\w+);")

_SHOWN = 6
"""Places outside functions that a note names."""


def notes_of(
    candidate: Candidate,
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    sources: Sources,
    recipe: HookRecipe,
    api: HookApi,
    kconfig: HookKconfig,
    also: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the notes of one handler, each a sentence or two.

    `also` is what changes outside its functions' bodies: prototypes, exports, comments.
    """
    paths = {v.body.path for one in candidate.functions for v in one.verdicts}
    has_mmu = bool(paths) and all(kconfig.mmu(path) == "always" for path in paths)
    said = [*_notes(candidate, rewritten, sources, recipe, api, has_mmu)]
    if also:
        more = f" and {len(also) - _SHOWN} more" if len(also) > _SHOWN else ""
        said.append(f"Also changed: {', '.join(also[:_SHOWN])}{more}")
    return tuple(dict.fromkeys(said))


def _notes(
    candidate: Candidate,
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    sources: Sources,
    recipe: HookRecipe,
    api: HookApi,
    has_mmu: bool,
) -> Iterator[str]:
    acts = False
    if candidate.twin:
        yield f"{candidate.handler.name.decode()}() of the core has a twin, {candidate.twin}()"
    for judged in candidate.functions:
        name = judged.function.name.decode(errors="replace")
        if judged.function != candidate.handler:
            if judged.scalars is not None:
                yield f"{name}() takes {_spoken(judged.scalars.values)} of a VMA instead of the VMA"
            elif candidate.is_kept:
                yield f"{name}() takes the descriptor where there is an MMU: nothing else calls it"
            elif judged.has_twin:
                twin = twin_name(judged.function.name).decode(errors="replace")
                yield f"{name}() stays for its other callers; {twin}() does the same with a descriptor"
            else:
                yield f"{name}() takes the descriptor, too: nothing else calls it"
        for index, verdict in enumerate(judged.verdicts):
            # A helper that is given scalars is not rewritten.
            for one in rewritten[judged.function][index : index + 1]:
                old = sources.unit(one.path).text[one.start : one.end]
                yield from _of_actions(name, old, one.helper + one.text, recipe)
                acts = acts or _ACTION.search(one.text) is not None
            for said in verdict.behind:
                yield f"{said}() stood behind the mapping call, and runs before the action now"
            for effect in verdict.sticky:
                yield (
                    f"{effect.subject} in {name}() now runs before a merge or a failure, too: "
                    "repeating it changes nothing"
                )
            if len(judged.verdicts) > 1 and not candidate.is_kept:
                yield f"{name}() is converted in {len(judged.verdicts)} arms of a conditional"
    if len(candidate.sites) > 1:
        yield f"{len(candidate.sites)} structs have the hook, and all change"
    if candidate.is_kept:
        name = candidate.handler.name.decode(errors="replace")
        yield f"Machines without an MMU keep {name}(): an action fails there"
    elif acts and not has_mmu:
        yield (
            "Without an MMU an action fails with -EINVAL, where the mapping function let identity "
            "mappings through"
        )
    if not api.has_bits:
        yield from _of_words(candidate, rewritten)


def _of_words(
    candidate: Candidate, rewritten: Mapping[NamedFunction, Sequence[Rewritten]]
) -> Iterator[str]:
    """What the compatibility layer of a tree with the word does not carry over (mm/util.c)."""
    made = b"".join(
        one.text for judged in candidate.functions for one in rewritten[judged.function]
    )
    if re.search(rb"->vm_flags &= ~", made) is not None:
        yield (
            "A flag is cleared; in this tree a stacked caller that goes through compat_vma_mmap() "
            "would not see that"
        )
    if not any(v.vm_ops for j in candidate.functions for v in j.verdicts):
        yield (
            "The hook sets no vm_ops; in this tree a stacked caller that goes through "
            "compat_vma_mmap() would see an anonymous VMA"
        )


def _of_actions(name: str, old: bytes, new: bytes, recipe: HookRecipe) -> Iterator[str]:
    actions = list(dict.fromkeys(m[1].decode() for m in _ACTION.finditer(new)))
    calls = [n for n in recipe.mapping if re.search(rb"\b" + n.encode() + rb"\(", old)]
    if actions and calls:
        yield (
            f"{', '.join(f'{c}()' for c in calls)} in {name}() becomes "
            f"{', '.join(f'{a}()' for a in actions)}, which runs after the hook has returned"
        )
    for match in dict.fromkeys(m[1].decode() for m in _ERROR.finditer(new)):
        yield f"An error of the action is replaced by {match}, as before"
    lost = _prints(old) - _prints(new)
    if lost:
        yield f"{lost} message{'s' if lost > 1 else ''} about a failed mapping call can't be said any more"


def _spoken(values: Sequence[bytes]) -> str:
    return " and ".join(f"the {value.decode()}" for value in values)


def _prints(text: bytes) -> int:
    return len(re.findall(rb"\b(?:printk|pr_\w+|dev_\w+|\w+_dbg)\(", text))
