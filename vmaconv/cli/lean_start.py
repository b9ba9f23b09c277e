# SPDX-License-Identifier: GPL-2.0-only
"""Loads msgspec in less time than it takes by itself; imported before all else of the program.

msgspec asks `typing_extensions` for what `typing` has since Python 3.11, and goes on where there is none.
That module alone takes a sixth of what is loaded until a search begins. Whoever asks for it later gets
it. Programs that import `vmaconv` decide that for themselves.
"""

from __future__ import annotations

import sys

_SPARED = "typing_extensions"


def _load() -> None:
    known = _SPARED in sys.modules
    if not known:
        # To import what stands so in the table is an ImportError.
        sys.modules[_SPARED] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        if not known:
            del sys.modules[_SPARED]


_load()
