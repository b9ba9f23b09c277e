# SPDX-License-Identifier: GPL-2.0-only
"""vmaconv: convert a kernel tree's VMA flags from words to bitmaps, with SmPL rules.

Programs use four functions, which `vmaconv.api` describes: `convert_text`, `convert_tree`, `account`
and `plan_migration`; and the errors that these raise. What they need is loaded when it is first
asked for.
"""

from __future__ import annotations

# `typing` takes longer to load than all else that the process of a script block needs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from vmaconv.api import (
        KernelTreeError,
        MigrationError,
        SmplError,
        SourceError,
        account,
        convert_text,
        convert_tree,
        plan_migration,
    )

__version__ = "0.1.0"

__all__ = [
    "KernelTreeError",
    "MigrationError",
    "SmplError",
    "SourceError",
    "__version__",
    "account",
    "convert_text",
    "convert_tree",
    "plan_migration",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'vmaconv' has no attribute {name!r}")
    from vmaconv import api

    return getattr(api, name)
