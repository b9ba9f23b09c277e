# SPDX-License-Identifier: GPL-2.0-only
"""How much of the word of VMA flags goes, on a tree of Linux 7.x.

    python bench/words.py ~/linux

In: a tree. Out: the direct uses that `vmaconv diff` converts, as members, setters and predicates, of
all that there are; the groups that the recipe vma-word makes, with their uses, files and conversions
between the types; and how many of the uses that `diff` leaves stand in lines that the recipe changes,
by what they are left for. A use is counted once, where it stands: a predicate's argument is a member,
and the call a predicate.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import vmaconv
from vmaconv.migrate.groups.grouping import Group
from vmaconv.migrate.migration import migrate
from vmaconv.migrate.recipe import find_recipe, read_recipe

SETTERS = re.compile(r"\bvm_flags_(?:set|clear|mod|init|reset|reset_once)\(")


def kind_of(kind: str, text: str) -> str:
    """Return what a use of the account is counted as."""
    if kind in ("type", "declaration"):
        return "type"
    if kind != "call":
        return "member"
    return "setter" if SETTERS.search(text) else "predicate"


def changed_lines(before: bytes, after: bytes) -> set[int]:
    """Return the lines (from 1) of a text that another does not have."""
    old, new = before.splitlines(), after.splitlines()
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return {n + 1 for tag, start, end, _, _ in codes if tag != "equal" for n in range(start, end)}


def of_recipe(groups: Iterable[Group]) -> dict[str, set[int]]:
    """Return the lines that groups change, by file, in the tree as it is."""
    first: dict[str, bytes] = {}
    last: dict[str, bytes] = {}
    for group in groups:
        for path, (before, after) in group.changes.items():
            first.setdefault(path, before)
            last[path] = after
    return {path: changed_lines(first[path], last[path]) for path in first}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tree", type=Path, help="tree of Linux 7.x")
    tree = parser.parse_args().tree
    every, converted = Counter[str](), Counter[str]()
    uses = list(vmaconv.account(tree))
    for use in uses:
        kind = kind_of(use.kind, use.text)
        every[kind] += 1
        converted[kind] += use.outcome == "converted"
    for kind in ("member", "setter", "predicate", "type"):
        print(f"{kind}: {converted[kind]} of {every[kind]} converted by rules")
    print(f"members and setters: {converted['member'] + converted['setter']}")
    migration = migrate(tree, read_recipe(find_recipe("vma-word")))
    groups = [group for group in migration.groups if group.name]
    for group in groups:
        print(f"{group.name}: {group.uses} uses, {len(group.changes)} files")
    actions = Counter(decision.action for decision in migration.trial.decisions)
    print(f"{len(groups)} groups, {sum(group.uses for group in groups)} uses; {dict(actions)}")
    changed = of_recipe(migration.groups)
    left, gone = Counter[str](), Counter[str]()
    for use in uses:
        if use.outcome != "converted":
            why = use.reason.code if use.reason is not None else use.outcome
            left[why] += 1
            gone[why] += use.line in changed.get(use.file, ())
    for why, number in left.most_common():
        print(f"left for {why}: {gone[why]} of {number} in lines that the recipe changes")
    print(f"of {left.total()} that diff leaves, the recipe changes {gone.total()}")


if __name__ == "__main__":
    main()
