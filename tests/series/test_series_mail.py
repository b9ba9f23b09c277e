# SPDX-License-Identifier: GPL-2.0-only
"""Our patches beside those of git format-patch, and through git am."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox import Sandbox, make_sandbox, patch_mail

from vmaconv.series.change import FileChange
from vmaconv.series.format_patch import MailWishes
from vmaconv.series.git.repository import GitPerson, identity
from vmaconv.series.mail.address import Address, Sender, encoded_address, parse_address
from vmaconv.series.people.recipients import Recipient, Recipients
from vmaconv.series.people.recipients import RecipientRole as Part
from vmaconv.series.words.message import Message, Trailer, make_message

BODY = "Why it is so.\n\nAnd how it is done.\n\nSigned-off-by: Ada <ada@example.org>"
LONG = "mm: " + "a rather long word " * 7 + "end"
UMLAUT = "mm: größer und länger, damit die Zeile umbrochen wird, für alle Fälle und darüber hinaus"


def git_patch(box: Sandbox, message: str, changes: list[FileChange], *options: str) -> bytes:
    box.commit({change.path: change.before for change in changes})
    box.write({change.path: change.after for change in changes})
    box.git("commit", "-qa", "-F", "-", feed=message.encode())
    return box.git("format-patch", "--stdout", "--abbrev=12", "--zero-commit", "-1", *options)


def our_patch(
    box: Sandbox,
    message: str,
    changes: list[FileChange],
    wishes: MailWishes | None = None,
    recipients: Recipients | None = None,
) -> bytes:
    subject, _, body = message.partition("\n\n")
    me = identity(box.path, GitPerson.AUTHOR)
    sender = Sender(Address(me.name, me.email), me.when, me.zone)
    return patch_mail(Message(subject, body), changes, sender, wishes, recipients)


SIMPLE = FileChange("mm/util.c", b"a\nb\n", b"a\nc\n")


@pytest.mark.parametrize("name", ["Ada Lövelace", "Ada Lovelace", "A. Lovelace (x)", 'A "B" C'])
@pytest.mark.parametrize(
    "message",
    ["mm: foo", "mm: foo\n\n" + BODY, LONG, UMLAUT + "\n\nÄh.", "mm: a =?b", "a\n\n" + LONG],
)
def test_equals_format_patch(box: Sandbox, name: str, message: str) -> None:
    box.git("config", "user.name", name)
    wanted = git_patch(box, message, [SIMPLE])
    assert our_patch(box, message, [SIMPLE]).decode() == wanted.decode()


def test_versions_and_recipients_equal_format_patch(box: Sandbox) -> None:
    wanted = git_patch(box, "mm: foo", [SIMPLE], "-v3", "--in-reply-to=<x@y>", "--to=A <a@b>")
    to = Recipients((Recipient(Address("A", "a@b"), Part.MAINTAINER),))
    ours = our_patch(box, "mm: foo", [SIMPLE], MailWishes(version=3, in_reply_to="x@y"), to)
    assert ours == wanted


@pytest.mark.parametrize("thread", [False, True])
def test_a_message_that_names_a_base_keeps_it(thread: bool) -> None:
    theirs, ours = "base-commit: " + "1" * 40, "base-commit: " + "2" * 40
    message = make_message("mm: foo", f"As in a mail that says\n\n{theirs}")
    sender = Sender(Address("A", "a@b"), 0)
    mail = patch_mail(message, [SIMPLE], sender, MailWishes(base="2" * 40, thread=thread)).decode()
    assert mail.count(f"\n{theirs}\n") == mail.count(f"\n{ours}\n") == 1
    mail = patch_mail(message, [SIMPLE], sender, MailWishes(thread=thread)).decode()
    assert mail.count(f"\n{theirs}\n") == mail.count("base-commit: ") == 1


def test_several_files_with_a_wide_diffstat(box: Sandbox) -> None:
    names = ["drivers/gpu/drm/" + "deep/" * n + "file.c" for n in range(1, 14, 3)]
    changes = [
        FileChange(name, b"x\n" * 9, b"x\n" * 9 + b"y\n" * (7**index), notes=())
        for index, name in enumerate(names)
    ]
    wanted = git_patch(box, "drm: foo", changes)
    assert our_patch(box, "drm: foo", changes) == wanted


AM: dict[str, FileChange] = {
    "plain": SIMPLE,
    "latin-1": FileChange("a.c", b"caf\xe9\nx\n", b"caf\xe9\ny\xfc\n"),
    "utf-8": FileChange("a.c", "é\nx\n".encode(), "é\nü\n".encode()),
    "crlf": FileChange("a.c", b"a\r\nb\r\n", b"a\r\nc = d \r\n"),
    "lone cr": FileChange("a.c", b"a\rb\nc\n", b"a\rb\nd\r"),
    "no newline": FileChange("a.c", b"a\nb", b"a\nc"),
    "odd name": FileChange("dir/ü x.c", b"a\n", b"b\n"),
    "long line": FileChange("a.c", b"x" * 5000 + b"\n", b"y" * 5000 + b"\n"),
    "mail marks": FileChange("a.c", b"x\n", b"From a b\n-- \n---\ndiff --git a b\n>From\n.\n"),
    "trailing blanks": FileChange("a.c", b"x\n", b"y  \t\r\n \n"),
}


@pytest.mark.parametrize("name", AM)
@pytest.mark.parametrize("subject", ["mm: plain", "mm: größer"])
def test_git_am_takes_it(box: Sandbox, name: str, subject: str) -> None:
    change = AM[name]
    box.commit({change.path: change.before, "other.c": b"\n"})
    message = make_message(subject, "Because.\n\nTwo.", [Trailer("Link", "https://x.example/1")])
    me = Sender(Address("Grace Höpper", "g@example.org"), 1_600_000_000, "-0330")
    mail = patch_mail(message, [change], me)
    assert mail.startswith(b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n")
    box.git("am", "-q", feed=mail)
    assert box.read(change.path) == change.after
    assert box.git("log", "-1", "--format=%B").decode().rstrip("\n") + "\n" == message.text()
    assert box.git("log", "-1", "--format=%an|%ae|%ad").decode().strip() == (
        "Grace Höpper|g@example.org|Sun Sep 13 08:56:40 2020 -0330"
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(st.text("abé日=?_ .-()", min_size=1, max_size=25), min_size=1, max_size=12),
    name=st.text('abé日=?_."\\(),', min_size=1, max_size=60),
)
def test_any_subject_and_name_come_back(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], name: str
) -> None:
    box = make_sandbox(tmp_path_factory.mktemp("am"))
    box.commit({SIMPLE.path: SIMPLE.before})
    message = make_message("mm: x " + " ".join(words))
    sender = Sender(Address("X " + name + " Y", "g@example.org"), 1_600_000_000)
    box.git("am", "-q", feed=patch_mail(message, [SIMPLE], sender))
    assert box.git("log", "-1", "--format=%s").decode().strip() == message.subject


def test_addresses() -> None:
    assert parse_address("a@b") == Address("", "a@b")
    quoted = parse_address('"Doe, \\"J\\"" <j@d>')
    assert quoted == Address('Doe, "J"', "j@d")
    assert parse_address(str(quoted)) == quoted
    assert encoded_address(Address("É", "e@d")) == "=?utf-8?q?=C3=89?= <e@d>"
