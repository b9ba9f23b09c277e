# SPDX-License-Identifier: GPL-2.0-only
"""The isomorphisms that ship, parsed: spatch's standard ones.

In: nothing, or a path. Out: isomorphisms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vmaconv.cocci.smpl.isofile import Isomorphism, parse_isomorphisms

_HERE = Path(__file__).parent


def isomorphisms_of(path: Path) -> list[Isomorphism]:
    """Parse an isomorphism file; raise `SmplError` or OSError."""
    return list(parse_isomorphisms(path.read_text(), str(path)))


@cache
def standard_isomorphisms() -> Sequence[Isomorphism]:
    """Return the standard isomorphisms, those that spatch has, too."""
    return isomorphisms_of(_HERE / "standard.iso")
