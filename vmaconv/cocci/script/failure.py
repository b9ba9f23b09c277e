# SPDX-License-Identifier: GPL-2.0-only
"""What is said of a script that failed or was stopped.

In: an exception that came out of a block, or the limit that it reached. Out: a `SmplError` with the
line of the block.
"""

from __future__ import annotations

from types import TracebackType

from vmaconv.cocci.smpl.rule import Place, SmplError

MAX_MESSAGE = 500
"""Characters of a script's own error message that are shown."""


def failure(error: Exception, block: Place) -> SmplError:
    if isinstance(error, MemoryError):
        raise error
    file = block.file
    place = Place(file, _line_of(error.__traceback__, file, block.line), 0)
    if isinstance(error, RecursionError):
        remedy = "functions that call each other need an end"
        return SmplError("script-recursion", place, "the script calls too deeply", remedy)
    text = f"{type(error).__name__}: {error}"[:MAX_MESSAGE]
    return SmplError("script-error", place, f"the script failed: {text}")


def stopped(code: str, why: str, block: Place) -> SmplError:
    return SmplError(code, block, f"the script was stopped: it {why}")


def _line_of(traceback: TracebackType | None, file: str, otherwise: int) -> int:
    """The innermost line of the rule file that a traceback passes."""
    line = otherwise
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
