"""One patch a file: what `vmaconv patches` writes.

In: changed files.  Out: a directory of patches, each taken by `git am` on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vmaconv.series.change import FileChange
from vmaconv.series.cover import CoverFacts
from vmaconv.series.output import check_output, write_series
from vmaconv.series.render import render_series
from vmaconv.series.series import Options, look_around, make_series
from vmaconv.series.split import Split
from vmaconv.series.wording import Purpose, Wishes

_NO_PURPOSE = Purpose("")
_NO_WISHES = Wishes()


def write_patches(
    tree: Path,
    changes: Sequence[FileChange],
    output: Path,
    *,
    signoff: bool = False,
    force: bool = False,
    find_recipients: bool = False,
    purpose: Purpose = _NO_PURPOSE,
    wishes: Wishes = _NO_WISHES,
) -> tuple[Path, ...]:
    """Write a patch for each changed file and give the files written, in order.

    Raises `SeriesError`s: `NoIdentity`, `OutputNotEmpty`, `OutputFailed`, `BinaryChange`,
    `BadMessage`.  In each case the directory is as it was.
    """
    check_output(output, force=force)
    options = Options(
        split=Split.FILE,
        most_patches=0,
        cover=False,
        thread=False,
        sign_off=signoff,
        find_recipients=find_recipients,
        wishes=wishes,
    )
    around = look_around(tree, options)
    series = make_series(changes, purpose, CoverFacts(purpose.summary), around, options)
    files = render_series(series)
    write_series(output, files, force=force)
    return tuple(output / name for name in files)
