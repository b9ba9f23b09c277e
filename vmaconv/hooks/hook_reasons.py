# SPDX-License-Identifier: GPL-2.0-only
"""The reasons for which a hook stays as it is.

In: nothing. Out: the codes, what each means, and which of several is said first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vmaconv.hooks.hook import HookReason

MEANINGS: Mapping[str, str] = {
    "no-hook": "The tree has no .mmap_prepare hook",
    "null": "The member is NULL: there is nothing to convert",
    "unparsed": "The text around the hook does not parse",
    "macro": "The hook, its handler or its struct is made by a macro",
    "half-converted": "Both hooks are set, which mmap() refuses",
    "fops-array": "The hook is set in an array of structs",
    "assignment": "The hook is assigned at run time",
    "no-handler": "The handler's definition was not found, or is no function with the hook's signature",
    "defined-twice": "The handler is defined more than once, not in the arms of one conditional",
    "nommu": "The hook is code for machines without an MMU, where every action fails",
    "forwards": "The hook hands its VMA to another struct's hook, which wants a VMA",
    "stacked": "The hook runs the hook of another file, or swaps the file",
    "other-struct": "The handler also stands in a struct of another kind",
    "called-by-name": "The handler is called, or its address taken, by name",
    "called-directly": "The tree calls the old hook of such a struct directly",
    "hugetlb": "hugetlbfs needs more than a descriptor (converted in v6.19, back in v7.2)",
    "reference": "A reference or a counter is taken, which a merge or a failure would leak",
    "allocation": "Something is allocated or freed, which a merge or a failure would leak",
    "counter": "A counter changes, which would count merges and failures, too",
    "state": "State is written that must not change before a merge or a failure",
    "vm-ops": "An operation of the VMA is called from the hook: that is what mapped() is for",
    "unknown-operations": "What operations the hook gives its VMA is not known",
    "stores-vma": "The VMA is stored or copied",
    "helper-shared": "The VMA goes to a function that others call, too",
    "helper": "The VMA goes to a function that cannot change",
    "member": "A member of the VMA is used that the descriptor does not have",
    "range": "The VMA's range is written",
    "reads-back": "A member is read that the descriptor only takes",
    "no-action": "The mapping is made by a function that no action replaces",
    "action-missing": "The tree lacks the action or helper that the hook needs",
    "page-array": "The pages to map are listed where the action would find nothing later",
    "loop": "The mapping is made in a loop",
    "two-actions": "There may be two mapping calls on one path",
    "prot": "The protection of the mapping is not the VMA's",
    "size": "The range of the mapping is not provably inside the VMA",
    "order": "What stands behind the mapping call depends on it",
    "lock": "A lock is held over the mapping call, which becomes an action that runs later",
    "result-used": "The result of the mapping call is used in a way that no rule covers",
    "merge": "A value of this mapping alone is set, which a merge would lose",
    "indirect-call": "A function is called through a pointer: what it does is unknown",
    "unknown-function": "A function is called whose body was not found or not understood",
    "unconverted": "A use of the VMA or its flags that no rule covers",
    "foreign": "Assembly or Rust names the handler",
    "syntax": "The result would not parse",
}
"""Codes that do not change from one version to the next; what stands first is said first."""

_ORDER = {code: number for number, code in enumerate(MEANINGS)}


def first(reasons: Iterable[HookReason]) -> HookReason | None:
    """Return the reason that says most, the first in the file of several of its kind."""
    return min(reasons, key=lambda r: (_ORDER[r.code], r.place.path, r.place.line), default=None)
