# SPDX-License-Identifier: GPL-2.0-only
"""What the tree's own checkpatch.pl says of each patch.

In: a tree and mails.  Out: `Complaint`s and counts.  The script runs as the tree has it, so only for
a tree that the person trusts; it is the person's `--checkpatch` that asks for it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.git_command import outer_environment
from vmaconv.cocci.text.late_regex import late_regex

SCRIPT = "scripts/checkpatch.pl"
_TIMEOUT = 300.0
_FINDING = late_regex(
    r"(?P<path>.*?):(?P<line>\d+): "
    r"(?P<level>ERROR|WARNING|CHECK):(?P<kind>[A-Z0-9_]+): (?P<text>.*)"
)
_BARE = late_regex(r"(?P<level>ERROR|WARNING|CHECK):(?P<kind>[A-Z0-9_]+): (?P<text>.*)")


class ComplaintLevel(Enum):
    """How strongly checkpatch speaks."""

    ERROR = "ERROR"
    WARNING = "WARNING"
    CHECK = "CHECK"


class Complaint(Struct, frozen=True):
    """One complaint: its kind in checkpatch's spelling, and the place in the file or the mail.

    `line` is from 1; 0 where checkpatch names none.
    """

    level: ComplaintLevel
    kind: str
    text: str
    path: str
    line: int


class Checked(Struct, frozen=True):
    """What checkpatch said of one patch; `failure` says why it said nothing."""

    name: str
    findings: tuple[Complaint, ...] = ()
    failure: str = ""

    def count(self, level: ComplaintLevel) -> int:
        """Count the findings of a level."""
        return sum(finding.level is level for finding in self.findings)


def check_patches(tree: Path, files: Mapping[str, bytes]) -> Iterator[Checked]:
    """Run `checkpatch.pl --strict` on each patch of a series, letters left out.

    Yields as it goes, for a progress bar.  A script that is not there or fails is a `failure`.
    """
    if not (tree / SCRIPT).is_file():
        yield Checked("", failure=f"the tree has no {SCRIPT}")
        return
    for name, mail in files.items():
        if b"\ndiff --git " in mail:
            yield _check(tree, name, mail)


def _check(tree: Path, name: str, mail: bytes) -> Checked:
    command = ["perl", SCRIPT, "--strict", "--terse", "--showfile", "--show-types"]
    command += ["--color=never", "--no-summary", "-"]
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            env=outer_environment(),
            input=mail,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Checked(name, failure=f"checkpatch took more than {_TIMEOUT:g} s")
    except OSError as error:
        return Checked(name, failure=f"perl cannot be run: {error.strerror}")
    out = done.stdout.decode("utf-8", "replace")
    findings = tuple(parse_findings(out))
    # It exits with 1 for findings; anything else, or 1 without any, is a failure of its own.
    if done.returncode not in (0, 1) or (done.returncode and not findings):
        words = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        return Checked(name, failure=f"checkpatch failed: {words.splitlines()[0]}")
    return Checked(name, findings)


def parse_findings(out: str) -> Iterator[Complaint]:
    """Read checkpatch's terse output.

    >>> [f.kind for f in parse_findings("mm/a.c:3: CHECK:SPACING: no space before tabs\\n")]
    ['SPACING']
    """
    for line in out.splitlines():
        match = _FINDING.fullmatch(line)
        if match:
            yield Complaint(
                ComplaintLevel(match["level"]),
                match["kind"],
                match["text"],
                match["path"].lstrip("#"),
                int(match["line"]),
            )
        elif bare := _BARE.search(line):
            yield Complaint(ComplaintLevel(bare["level"]), bare["kind"], bare["text"], "", 0)
