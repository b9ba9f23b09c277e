# SPDX-License-Identifier: GPL-2.0-only
"""Three texts into one, as `git merge-file` does it.

In: two texts that came of a third.  Out: the text that has both changes, or none.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from vmaconv.cocci.diff.output_error import OutputError
from vmaconv.cocci.text.git_command import apart_environment, finish_git

_TIMEOUT = 60.0


def merged(ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
    """Return `ours` with what `theirs` did to `base`; None where both changed the same lines.

    Raises `OutputError` where git cannot be run.

    >>> merged(b"A\\n\\n\\nb\\n", b"a\\n\\n\\nb\\n", b"a\\n\\n\\nB\\n"), merged(b"A\\n", b"a\\n", b"B\\n")
    (b'A\\n\\n\\nB\\n', None)
    """
    with tempfile.TemporaryDirectory(prefix="vmaconv-merge-") as name:
        folder = Path(name)
        for file, text in (("ours", ours), ("base", base), ("theirs", theirs)):
            (folder / file).write_bytes(text)
        words = ("merge-file", "-p", "--quiet", "ours", "base", "theirs")
        try:
            done = finish_git(folder, *words, env=apart_environment(), timeout=_TIMEOUT)
        except (OSError, subprocess.TimeoutExpired) as error:
            remedy = "install git, or put it on PATH"
            raise OutputError(f"git cannot merge: {error}", remedy=remedy) from None
    # The number of conflicts, or 255 for a fault, such as a text that is binary.
    return done.stdout if done.returncode == 0 else None
