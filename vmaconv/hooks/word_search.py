# SPDX-License-Identifier: GPL-2.0-only
"""Searching the tree for whole words, many at a time.

In: the sources and names. Out: nothing; the sources know then which files mention each name. A name
that is part of longer ones (`_SET`) does not bring their files in, as a plain search would.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable

from vmaconv.migrate.facts.sources import Sources


def fetch_words(sources: Sources, names: Iterable[bytes]) -> None:
    """Search the tree for names as words, all in one go; without git, as `Sources.fetch` does."""
    wanted = sorted(set(names))
    if not wanted:
        return
    command = ["git", "-C", str(sources.root), "grep", "-l", "-z", "-w", "-F", "-I"]
    if not (sources.root / ".git").exists():
        command.append("--no-index")
    for name in wanted:
        command += ["-e", name.decode(errors="replace")]
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            [*command, "--", "*.c", "*.h"], capture_output=True, check=False, env=environment
        )
    except FileNotFoundError:
        sources.fetch(wanted)
        return
    if done.returncode > 1:
        sources.fetch(wanted)
        return
    paths = [os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
    sources.missing.difference_update(wanted)
    sources.learn(wanted, [p for p in paths if not (sources.root / p).is_symlink()])
