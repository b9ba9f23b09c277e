# SPDX-License-Identifier: GPL-2.0-only
"""A git tree for a test, and what a test does with it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vmaconv.series.change import FileChange
from vmaconv.series.format_patch import Commit, Letter, MailWishes, patch_store
from vmaconv.series.mail.address import Sender
from vmaconv.series.people.recipients import Recipients
from vmaconv.series.render import addressed
from vmaconv.series.words.message import Message


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A git tree in a temporary folder."""

    path: Path

    def git(self, *arguments: str, feed: bytes = b"", check: bool = True) -> bytes:
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, input=feed, capture_output=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments}: {done.stderr.decode('latin-1')}")
        return done.stdout

    def write(self, files: dict[str, bytes]) -> None:
        for name, data in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def commit(self, files: dict[str, bytes], subject: str = "start") -> None:
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)

    def reset(self, changes: Iterable[FileChange]) -> None:
        self.write({change.path: change.before for change in changes})


def make_sandbox(path: Path) -> Sandbox:
    path.mkdir(parents=True, exist_ok=True)
    box = Sandbox(path)
    box.git("init", "-q", "-b", "main")
    box.git("config", "user.name", "Ada Lövelace")
    box.git("config", "user.email", "ada@example.org")
    (path / ".gitattributes").write_text("*.[ch] diff=cpp\n")
    return box


def patch_mail(
    message: Message,
    changes: Sequence[FileChange],
    sender: Sender,
    wishes: MailWishes | None = None,
    recipients: Recipients | None = None,
) -> bytes:
    """Return the mail of a patch that goes out alone."""
    with patch_store([Commit(message, changes)], sender) as store:
        ((_, mail),) = store.mails(Letter(), wishes or MailWishes())
    return addressed(mail, recipients or Recipients())
