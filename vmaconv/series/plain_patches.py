# SPDX-License-Identifier: GPL-2.0-only
"""Patches without a letter: what `vmaconv patches` writes.

In: a way to make a series. Out: a directory of patches: one a file, each taken by `git am` on its
own, or, where they build on each other, a numbered series of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vmaconv.series.assemble import Series, SeriesOptions, SeriesSurroundings, look_around
from vmaconv.series.output import check_output, write_series
from vmaconv.series.render import render_series
from vmaconv.series.words.split import Split


def write_patches(
    tree: Path,
    make: Callable[[SeriesSurroundings, SeriesOptions], Series],
    output: Path,
    *,
    signoff: bool = False,
    force: bool = False,
) -> tuple[Path, ...]:
    """Write the patches that `make` gives with our options; return the files written, in order.

    Raises `SeriesError`s: `NoIdentity`, `OutputNotEmpty`, `OutputFailed`, `BinaryChange`,
    `BadMessage`.  In each case the directory is as it was.
    """
    check_output(output, force=force)
    options = SeriesOptions(
        split=Split.FILE,
        most_patches=0,
        cover=False,
        thread=False,
        sign_off=signoff,
        find_recipients=False,
    )
    series = make(look_around(tree, options), options)
    files = render_series(series)
    write_series(output, files, force=force)
    return tuple(output / name for name in files)
