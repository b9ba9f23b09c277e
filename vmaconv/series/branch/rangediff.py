# SPDX-License-Identifier: GPL-2.0-only
"""What changed since the last version: `git range-diff` against a directory of patches.

In: the series, and the folder that the earlier version was written into.  Out: git's words, or why
there are none.  Both versions are made into commits in a store of their own that is thrown away;
the repository gets nothing.  Their trees hold only the files that are touched, since git would else
write an index of the whole kernel for each patch.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.series.assemble import Series
from vmaconv.series.branch.commit import (
    Workshop,
    commit_changes,
    commit_index,
    fill_index,
    workshop,
)
from vmaconv.series.mail.address import Sender, parse_address
from vmaconv.series.series_error import GitFailed, NoEarlierVersion, SeriesError

_BASE = late_regex(rb"^base-commit: ([0-9a-f]{40,64})$", re.M)
_PATCH = late_regex(r"(v\d+-)?\d{4,}-.*\.patch")


class RangeDiff(Struct, frozen=True):
    """git's comparison of two versions; `missing` says why there is none."""

    text: str = ""
    missing: str = ""


class _Unpacked(Struct, frozen=True):
    """A patch taken out of its mail: its diff in a file, and the paths it touches."""

    text: str
    author: Sender
    diff: Path
    paths: tuple[str, ...]


def range_diff(series: Series, earlier: Path) -> RangeDiff:
    """Compare a series with the version in a directory; never fails, but says why it could not.

    Batches are compared as one series, since a patch may have moved from one to another.
    """
    repository, base = series.surroundings.repository, series.surroundings.base
    if repository is None or not base:
        return RangeDiff(missing="no range-diff: the tree is not a git tree with a commit")
    try:
        mails = earlier_mails(earlier)
        if not any(_has_patch(mail) for mail in mails):
            return RangeDiff(missing=f"no range-diff: {earlier} holds no patches")
        with workshop(repository, "", keep_objects=False) as shop:
            old = _commit_mails(shop, mails, base)
            new = _commit_series(shop, series, base)
            return RangeDiff(shop.git("range-diff", "--no-color", old, new))
    except OSError as error:
        return RangeDiff(missing=f"no range-diff: {earlier}: {error.strerror}")
    except SeriesError as error:
        return RangeDiff(missing=f"no range-diff: {error.what}")


def check_earlier(directory: Path) -> None:
    """Raise `NoEarlierVersion` where a directory holds no patches, before any work is done."""
    remedy = "name the folder of the last version with --range-diff"
    if not directory.is_dir():
        what = f"{directory}: there is no such folder, so nothing to compare with"
        raise NoEarlierVersion(what, remedy=remedy, place=str(directory))
    if not any(_has_patch(mail) for mail in earlier_mails(directory)):
        what = f"{directory} holds no patches, so nothing to compare with"
        raise NoEarlierVersion(what, remedy=remedy, place=str(directory))


def earlier_mails(directory: Path) -> tuple[bytes, ...]:
    """Read the mails of a directory, those of its batches too, each letter before its patches."""
    found = [path for path in sorted(directory.rglob("*.patch")) if _PATCH.fullmatch(path.name)]
    return tuple(read_regular(path) for path in found)


def _has_patch(mail: bytes) -> bool:
    return b"\ndiff --git " in mail


def _commit_mails(shop: Workshop, mails: Sequence[bytes], base: str) -> str:
    """Commit the patches among the mails onto the base that they name, or onto ours; a range."""
    named = next((match[1].decode() for mail in mails if (match := _BASE.search(mail))), base)
    patches = [
        _unpacked(shop, mail, number) for number, mail in enumerate(mails) if _has_patch(mail)
    ]
    paths = {path for patch in patches for path in patch.paths}
    root = parent = fill_index(shop, named, sorted(paths), patches[0].author)
    for patch in patches:
        shop.git("apply", "--cached", "--whitespace=nowarn", *_directory(shop), str(patch.diff))
        parent = commit_index(shop, parent, patch.text, patch.author)
    return f"{root}..{parent}"


def _unpacked(shop: Workshop, mail: bytes, number: int) -> _Unpacked:
    """Have git take a mail apart.  Raises `GitFailed` for what is no mail of a patch."""
    body, diff = shop.folder / f"body{number}", shop.folder / f"diff{number}"
    info = shop.git("mailinfo", "--encoding=UTF-8", str(body), str(diff), feed=mail)
    fields = dict(re.findall(r"^(\w+): (.*)$", info, re.M))
    if not {"Author", "Email", "Subject"} <= fields.keys():
        raise GitFailed("the earlier version holds a patch without author or subject")
    author = Sender(parse_address(f"{fields['Author']} <{fields['Email']}>"), 0)
    counted = shop.git("apply", "--numstat", "-z", *_directory(shop), str(diff))
    paths = tuple(row.split("\t", 2)[2] for row in counted.split("\0") if row)
    text = fields["Subject"] + "\n\n" + body.read_text("utf-8", "surrogateescape")
    return _Unpacked(text, author, diff, paths)


def _directory(shop: Workshop) -> list[str]:
    prefix = shop.repository.prefix
    return [f"--directory={os.fspath(prefix)}"] if prefix else []


def _commit_series(shop: Workshop, series: Series, base: str) -> str:
    sender = series.surroundings.sender
    prefix = shop.repository.prefix
    paths = sorted({prefix + path for patch in series.patches for path in patch.part.paths})
    root = parent = fill_index(shop, base, paths, sender)
    for patch in series.patches:
        parent = commit_changes(shop, parent, patch.message, patch.changes, sender)
    return f"{root}..{parent}"
