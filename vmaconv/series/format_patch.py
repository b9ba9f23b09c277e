# SPDX-License-Identifier: GPL-2.0-only
"""Patches as mails: `git format-patch` over commits in a store that is thrown away.

In: commits as values, who makes them, what the mails are to say.  Out: file names and mails, in
order, as git wrote them.  The tree need not be git's: the store holds the changed files alone.
Left to others: recipients, a range-diff, what no mail may hold (`render`).

Facts: git-format-patch(1), git-fast-import(1).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.series.change import REGULAR, FileChange
from vmaconv.series.git.file_diff import ABBREV
from vmaconv.series.git.own_store import apart_store
from vmaconv.series.git.repository import SHA1, run_git
from vmaconv.series.mail.address import Sender
from vmaconv.series.words.message import Message

_ID = late_regex(r"<(?P<id>(?P<of>cover|[0-9a-f]{40,64})\.\d+\.git\.(?P<who>[^<>\n]+))>")
_BRANCH = "series"


class Commit(Struct, frozen=True):
    """A patch to be: its message, and the files as they are before and after it."""

    message: Message
    changes: Sequence[FileChange]


class Letter(Struct, frozen=True):
    """A cover letter in words; none where the subject is empty."""

    subject: str = ""
    body: str = ""


class MailWishes(Struct, frozen=True):
    """What the person wants of the mails, as git's options say it.

    `base` is the commit that the mails name as theirs, empty for none. Without `thread` each patch
    is a mail of its own, unnumbered, and names the base.
    """

    base: str = ""
    thread: bool = True
    version: int = 1
    subject_prefix: str = "PATCH"
    in_reply_to: str = ""
    abbrev: int = ABBREV


class PatchStore(Struct, frozen=True):
    """Commits in a store of their own, on one that holds the files as they were (`root`)."""

    variables: Mapping[str, str]
    sender: Sender
    root: str
    ids: tuple[str, ...]

    def mails(self, letter: Letter, wishes: MailWishes, skip: int = 0) -> list[tuple[str, bytes]]:
        """Return names and mails of all commits but some first ones, the letter's first.

        Mails that name a base name those first ones as what goes there before them.
        """
        options = [
            *(
                f"--abbrev={wishes.abbrev}",
                "--text",
                "--zero-commit",
                "--pretty=mboxrd",
                "-o",
                "mails",
            ),
            *(f"--subject-prefix={wishes.subject_prefix}", f"--reroll-count={wishes.version}"),
        ]
        if wishes.version == 1:
            options.pop()
        if wishes.in_reply_to:
            options.append(f"--in-reply-to={wishes.in_reply_to}")
        ids = self.ids[skip:]
        if wishes.thread:
            start = self.ids[skip - 1] if skip else self.root
            found = self._threaded(start, ids, letter, [*options, *self._base(wishes, self.root)])
        else:
            found = self._single(ids, wishes, options)
        return [
            (name, self._based(self._settled(mail, wishes.in_reply_to), wishes.base))
            for name, mail in found
        ]

    def _based(self, mail: bytes, base: str) -> bytes:
        """Return a mail that names the tree's commit where git named one of this store."""
        for own in (self.root, *self.ids):
            mail = mail.replace(
                f"\nbase-commit: {own}\n".encode(), f"\nbase-commit: {base}\n".encode()
            )
        return mail

    def _base(self, wishes: MailWishes, commit: str) -> list[str]:
        return [f"--base={commit}"] if wishes.base else []

    def _threaded(
        self, start: str, ids: Sequence[str], letter: Letter, options: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        more = ["--thread"] if letter.subject or len(ids) > 1 else []
        if letter.subject:
            more += ["-n", "--cover-letter", "--cover-from-description=subject"]
            self._describe(letter)
        return self._written(*options, *more, f"{start}..{_BRANCH}")

    def _single(
        self, ids: Sequence[str], wishes: MailWishes, options: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        for number, one in enumerate(ids, 1):
            more = ["-N", f"--start-number={number}", *self._base(wishes, f"{one}^")]
            yield from self._written(*options, *more, f"{one}^..{one}")

    def _describe(self, letter: Letter) -> None:
        """Give the branch a description, which becomes the letter."""
        # As --pretty=mboxrd has it, for who keeps mails in one file; git does messages only.
        body = re.sub(r"(?m)^(>*From )", r">\1", letter.body)
        text = f"{letter.subject}\n\n{body}\n"
        for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
            text = text.replace(plain, escaped)
        config = Path(self.variables["GIT_DIR"], "config")
        own = config.read_bytes().partition(b"[branch")[0]
        words = f'[branch "{_BRANCH}"]\n\tdescription = "{text}"\n'
        config.write_bytes(own + words.encode("utf-8", "surrogateescape"))

    def _written(self, *arguments: str) -> Iterator[tuple[str, bytes]]:
        folder = Path(self.variables["GIT_WORK_TREE"])
        out = run_git(folder, "format-patch", *arguments, extra=self.variables)
        for name in os.fsdecode(out).split("\n")[:-1]:
            yield Path(name).name, (folder / name).read_bytes()

    def _settled(self, mail: bytes, asked: str) -> bytes:
        """Return a mail whose identifiers do not hold the second at which git wrote it.

        The same series is to give the same bytes; and git's letters of one second have one name.
        """
        head, gap, body = mail.partition(b"\n\n")
        cover = f"cover.{self.ids[-1][:12]}"

        def settled(match: re.Match[str]) -> str:
            if match["id"] == asked:
                return match[0]
            of = cover if match["of"] == "cover" else match["of"]
            return f"<{of}.{self.sender.when}.git.{match['who']}>"

        text = _ID.sub(settled, head.decode("utf-8", "surrogateescape"))
        return text.encode("utf-8", "surrogateescape") + gap + body


@contextmanager
def patch_store(
    commits: Sequence[Commit], sender: Sender, kind: str = SHA1
) -> Iterator[PatchStore]:
    """Open a store that holds the commits, each on top of the one before; it goes away at the end.

    `kind` is how git names objects. Raises `GitMissing` and `GitFailed`.
    """
    who = sender.address
    with apart_store(kind) as variables:
        variables |= {
            "GIT_COMMITTER_NAME": who.name,
            "GIT_COMMITTER_EMAIL": who.email,
            "GIT_COMMITTER_DATE": f"@{sender.when} {sender.zone}",
        }
        marks = Path(variables["GIT_DIR"], "marks")
        run_git(
            Path(variables["GIT_WORK_TREE"]),
            *("fast-import", "--quiet", f"--export-marks={marks}"),
            feed=b"".join(_stream(commits, sender)),
            extra=variables,
        )
        rows = (row.split(" ") for row in marks.read_text().splitlines())
        ids = {int(mark[1:]): name for mark, name in rows}
        root, *others = (ids[number] for number in sorted(ids))
        yield PatchStore(variables, sender, root, tuple(others))


def _stream(commits: Sequence[Commit], sender: Sender) -> Iterator[bytes]:
    """Return what git fast-import reads: the files as they were, then each commit."""
    first: dict[str, FileChange] = {}
    for commit in commits:
        for change in commit.changes:
            first.setdefault(change.path, change)
    old = [(change.path, change.mode, change.before) for change in first.values()]
    yield from _commit(1, "base\n", old, sender)
    for number, commit in enumerate(commits, 2):
        new = [(change.path, change.mode, change.after) for change in commit.changes]
        yield from _commit(number, commit.message.text(), new, sender)


def _commit(
    mark: int, text: str, files: Sequence[tuple[str, int, bytes]], sender: Sender
) -> Iterator[bytes]:
    who = sender.address
    yield f"commit refs/heads/{_BRANCH}\nmark :{mark}\n".encode()
    line = f"{who.name} <{who.email}> {sender.when} {sender.zone}\n".encode("utf-8", "replace")
    yield b"author " + line + b"committer " + line
    yield _data(text.encode("utf-8", "surrogateescape"))
    if mark > 1:
        yield f"from :{mark - 1}\n".encode()
    for path, mode, data in files:
        yield b"M %06o inline " % (mode or REGULAR) + _path(path) + b"\n" + _data(data)


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _path(path: str) -> bytes:
    r"""Return a path as git fast-import takes it: in quotes where it holds a quote or ends a line.

    >>> _path('mm/a b.c'), _path('"\n')
    (b'mm/a b.c', b'"\\"\\n"')
    """
    raw = os.fsencode(path)
    if b"\n" not in raw and not raw.startswith(b'"'):
        return raw
    for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        raw = raw.replace(plain, escaped)
    return b'"%b"' % raw
