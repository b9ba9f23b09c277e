# SPDX-License-Identifier: GPL-2.0-only
"""What patches make of a tree, without touching it.

In: a folder and the bytes of patches: a diff, a mail, or an mbox as b4 gives it. Out: the files' texts
after them. `git apply` does the work, in a folder of its own that holds copies of the files named.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from email import message_from_bytes
from pathlib import Path, PurePosixPath

from vmaconv.cocci.text.git_command import apart_environment, finish_git
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.trees.prove_error import ProveError
from vmaconv.prove.trees.tree_text import Folder

_NAMED = late_regex(rb"^(?:---|\+\+\+) (?:[ab]/)?([^\t\r\n]+)", re.MULTILINE)
_RENAMED = late_regex(rb"^(?:rename|copy) (?:from|to) ([^\r\n]+)", re.MULTILINE)
_MAIL = late_regex(rb"^From .*\d{4}$", re.MULTILINE)
_SUBJECT = late_regex(rb"^Subject: *([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_ENCODED = late_regex(
    rb"^Content-Transfer-Encoding: *(?:quoted-printable|base64)", re.MULTILINE | re.IGNORECASE
)
_NUMBER = late_regex(rb"\[[^]]*?\b(\d+)/\d+\]")


def after_patches(root: Path, patches: Sequence[tuple[str, bytes]]) -> dict[str, bytes | None]:
    """Return the texts that (name, bytes) patches, applied in order, make of the files they name.

    None stands for a file that a patch removes. Raises `ProveError` with each place that does not
    apply.
    """
    mails = [
        (title, _decoded(mail)) for name, data in patches for title, mail in _mails(name, data)
    ]
    if not any(_NAMED.search(data) for _, data in mails):
        name = patches[0][0] if patches else ""
        raise ProveError(name, "holds no diff", "give what git diff, git format-patch or b4 wrote")
    paths = sorted({path for _, data in mails for path in _paths(data)})
    folder = Folder(root)
    with tempfile.TemporaryDirectory(prefix="vmaconv-prove-") as scratch:
        work = Path(scratch)
        for path in paths:
            text = folder.read(path)
            if text is not None:
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                (work / path).write_bytes(text)
        for name, data in mails:
            _apply(work, name, data)
        made = Folder(work)
        after = {path: made.read(path) for path in paths}
    return {path: text for path, text in after.items() if text != folder.read(path)}


def _mails(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Return the mails of an mbox that hold a diff, in the order of their [PATCH n/m]."""
    starts = [m.start() for m in _MAIL.finditer(data)]
    if len(starts) < 2:
        return [(name, data)]
    ends = [*starts[1:], len(data)]
    mails = [data[a:b] for a, b in zip(starts, ends, strict=True)]
    with_diff = [mail for mail in mails if _NAMED.search(_decoded(mail))]
    ordered = sorted(enumerate(with_diff), key=lambda m: (_number(m[1]), m[0]))
    return [(f"{name} ({_subject(mail)})", mail) for _, mail in ordered]


def _decoded(mail: bytes) -> bytes:
    """Return a mail as it was written: some arrive as quoted-printable or base64."""
    head = mail.split(b"\n\n", 1)[0]
    if not _ENCODED.search(head):
        return mail
    message = message_from_bytes(mail)
    bodies = [
        body
        for part in message.walk()
        if part.get_content_maintype() == "text"
        and isinstance(body := part.get_payload(decode=True), bytes)
    ]
    return head + b"\n\n" + b"\n".join(bodies).replace(b"\r\n", b"\n")


def _subject(mail: bytes) -> str:
    found = _SUBJECT.search(mail)
    return " ".join(found[1].decode(errors="replace").split()) if found else "a mail"


def _number(mail: bytes) -> int:
    subject = _SUBJECT.search(mail)
    found = _NUMBER.search(subject[1]) if subject else None
    return int(found[1]) if found else 0


def _paths(data: bytes) -> list[str]:
    names = [m[1] for m in _NAMED.finditer(data)] + [m[1] for m in _RENAMED.finditer(data)]
    paths = [name.decode(errors="surrogateescape") for name in names if name != b"/dev/null"]
    for path in paths:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise ProveError(path, "a patch may not name a file outside the tree")
    return paths


def _apply(work: Path, name: str, data: bytes) -> None:
    done = finish_git(work, "apply", "--whitespace=nowarn", "-", feed=data, env=apart_environment())
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        rejects = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        raise ProveError(
            name,
            "does not apply: " + "; ".join(rejects or lines or ["git apply failed"]),
            "take the tree that it was made for",
        )
