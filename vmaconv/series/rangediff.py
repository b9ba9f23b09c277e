"""What changed since the last version: `git range-diff` against a directory of patches.

In: the series, and the folder that the earlier version was written into.  Out: git's words, or why
there are none.  Both versions are made into commits in a store of their own that is
thrown away; the repository gets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vmaconv.series.commit import Workshop, commit_changes, commit_index, workshop
from vmaconv.series.error import GitFailed, SeriesError
from vmaconv.series.header import parse_address
from vmaconv.series.mail import Sender
from vmaconv.series.series import Series

_BASE = re.compile(rb"^base-commit: ([0-9a-f]{40,64})$", re.M)
_PATCH = re.compile(r"(v\d+-)?(?P<number>\d{4,})-.*\.patch")


@dataclass(frozen=True, slots=True)
class RangeDiff:
    """git's comparison of two versions; `missing` says why there is none."""

    text: str = ""
    missing: str = ""


def range_diff(series: Series, earlier: Path) -> RangeDiff:
    """Compare a series with the version in a directory; never fails, but says why it could not.

    Batches are compared as one series, since a patch may have moved from one to another.
    """
    repository, base = series.surroundings.repository, series.surroundings.base
    if repository is None or not base:
        return RangeDiff(missing="no range-diff: the tree is not a git tree with a commit")
    try:
        mails = earlier_patches(earlier)
        if not mails:
            return RangeDiff(missing=f"no range-diff: {earlier} holds no patches")
        with workshop(repository, base, keep_objects=False) as shop:
            old_base, old_tip = _commit_mails(shop, mails, base)
            tip = _commit_series(shop, series, base)
            ranges = (f"{old_base}..{old_tip}", f"{base}..{tip}")
            return RangeDiff(shop.git("range-diff", "--no-color", *ranges))
    except OSError as error:
        return RangeDiff(missing=f"no range-diff: {earlier}: {error.strerror}")
    except SeriesError as error:
        return RangeDiff(missing=f"no range-diff: {error.what}")


def earlier_patches(directory: Path) -> tuple[bytes, ...]:
    """Read the mails of a directory of patches, those of its batches too, the letters first."""
    found = [path for path in sorted(directory.rglob("*.patch")) if _PATCH.fullmatch(path.name)]
    return tuple(path.read_bytes() for path in found)


def _commit_mails(shop: Workshop, mails: Sequence[bytes], base: str) -> tuple[str, str]:
    """Commit the patches among the mails onto the base that they name, or onto ours."""
    named = next((match[1].decode() for mail in mails if (match := _BASE.search(mail))), base)
    shop.git("read-tree", named)
    parent = named
    for mail in mails:
        if b"\ndiff --git " not in mail:
            continue
        body, patch = shop.folder / "body", shop.folder / "patch"
        info = shop.git("mailinfo", "--encoding=UTF-8", str(body), str(patch), feed=mail)
        where = [f"--directory={shop.repository.prefix}"] if shop.repository.prefix else []
        shop.git("apply", "--cached", "--whitespace=nowarn", *where, str(patch))
        fields = dict(re.findall(r"^(\w+): (.*)$", info, re.M))
        author = Sender(parse_address(f"{fields['Author']} <{fields['Email']}>"), 0)
        text = fields["Subject"] + "\n\n" + body.read_text("utf-8", "surrogateescape")
        parent = commit_index(shop, parent, text, author)
    if parent == named:
        raise GitFailed("the earlier version holds no patch")
    return named, parent


def _commit_series(shop: Workshop, series: Series, base: str) -> str:
    shop.git("read-tree", base)
    parent = base
    for patch in series.patches:
        sender = series.surroundings.sender
        parent = commit_changes(shop, parent, patch.message, patch.changes, sender)
    return parent
