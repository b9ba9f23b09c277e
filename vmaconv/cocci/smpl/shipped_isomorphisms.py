# SPDX-License-Identifier: GPL-2.0-only
"""The isomorphisms that ship, parsed: spatch's standard ones.

In: nothing, or a path. Out: isomorphisms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from vmaconv.cocci.smpl.isofile import Isomorphism, parse_isomorphisms, unread_isomorphisms
from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.text.confinement import is_below
from vmaconv.cocci.text.tree_file import read_regular

_HERE = Path(__file__).parent


def isomorphisms_of(path: Path) -> list[Isomorphism]:
    """Parse an isomorphism file; raise `SmplError` or OSError."""
    return parse_isomorphisms(read_regular(path).decode("utf-8", "surrogateescape"), str(path))


def shipped_isomorphisms(path: Path) -> list[Isomorphism]:
    """Return the isomorphisms of a file that is ours: tests read it, a run what its rules may need."""
    return unread_isomorphisms(path.read_text("utf-8"), str(path))


@cache
def standard_isomorphisms() -> Sequence[Isomorphism]:
    """Return the standard isomorphisms, those that spatch has, too."""
    return shipped_isomorphisms(_HERE / "standard.iso")


def named_isomorphisms(names: Iterable[str], place: RulePlace) -> list[Isomorphism]:
    """Return the isomorphisms of the files that `using` names at a place of a rule file.

    They lie beside the rule file or below the current folder: a rule file from a stranger must not
    have others read. `standard.iso` and `empty.iso` are in spatch's library. Raises `SmplError`.
    """
    found: list[Isomorphism] = []
    for name in names:
        path = _beside(name, place)
        if path is not None:
            found += isomorphisms_of(path)
        elif name == "standard.iso":
            found += standard_isomorphisms()
        elif name != "empty.iso":
            message = f"there is no isomorphism file {name} beside this one, or below it"
            raise SmplError("bad-using", place, message, "name a file beside this one")
    return found


def _beside(name: str, place: RulePlace) -> Path | None:
    tops = (Path(place.file).parent, Path.cwd())
    for folder in (tops[0], Path()):
        path = folder / name
        if path.is_file() and is_below(path, tops):
            return path
    return None
