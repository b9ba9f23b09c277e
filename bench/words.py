# SPDX-License-Identifier: GPL-2.0-only
"""How much of the word of VMA flags goes, on a tree of Linux 7.x.

    python bench/words.py ~/linux

In: a tree. Out: the direct uses that `vmaconv diff` converts, as members, setters and predicates, of
all that there are; and the groups that the recipe vma-word makes, with their uses, files and
conversions between the types. A use is counted once, where it stands: a predicate's argument is a
member, and the call a predicate.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import vmaconv
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


def main() -> None:
    """Print the figures."""
    tree = Path(sys.argv[1])
    every, converted = Counter[str](), Counter[str]()
    for use in vmaconv.account(tree):
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


if __name__ == "__main__":
    main()
