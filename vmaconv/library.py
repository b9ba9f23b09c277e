# SPDX-License-Identifier: GPL-2.0-only
"""The rule files that ship with vmaconv.

In: a name. Out: paths of rule files.
"""

from __future__ import annotations

from pathlib import Path

from vmaconv.cocci.text.tree_error import SourceError

_HERE = Path(__file__).parent


def rules_folder() -> Path:
    """Return the folder of the rules that ship: in the package when installed, else beside it."""
    inside = _HERE / "rules"
    return inside if inside.is_dir() else _HERE.parent / "rules"


def shipped() -> list[Path]:
    """Return the rule files that ship, by name."""
    return sorted(rules_folder().glob("*.cocci"))


def find_rules(name: str) -> Path:
    """Return the rule file that `name` means: a file, or one that ships, without `.cocci`.

    Raises `SourceError` where there is none.
    """
    path = Path(name)
    if path.is_file():
        return path
    found = rules_folder() / f"{name}.cocci"
    if "/" not in name and found.is_file():
        return found
    names = ", ".join(p.stem for p in shipped())
    raise SourceError("no-rules", name, "no such rule file", f"name a file, or one of: {names}")
