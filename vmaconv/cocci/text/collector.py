# SPDX-License-Identifier: GPL-2.0-only
"""Python's search for garbage, turned off for a while.

In: a block. Out: the same with no collection in it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_off() -> Iterator[None]:
    """Search for no garbage in the block; afterwards as before.

    >>> with collector_off():
    ...     gc.isenabled()
    False
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
