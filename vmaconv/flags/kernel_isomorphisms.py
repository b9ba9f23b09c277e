# SPDX-License-Identifier: GPL-2.0-only
"""The isomorphisms of our own runs: the standard ones, and what kernel code adds to them.

In: nothing. Out: isomorphisms; `kernel.iso` beside this module has those beyond the standard ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.shipped_isomorphisms import shipped_isomorphisms, standard_isomorphisms

_BEYOND = Path(__file__).with_name("kernel.iso")


@cache
def isomorphisms() -> Sequence[Isomorphism]:
    """Return the standard isomorphisms and ours."""
    return [*standard_isomorphisms(), *shipped_isomorphisms(_BEYOND)]
