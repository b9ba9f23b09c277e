# SPDX-License-Identifier: GPL-2.0-only
"""Writing a series into a directory: all of it or nothing.

In: file names and bytes.  Out: the directory, put in place with one rename.

A directory that has files in it is refused, unless it holds exactly what vmaconv wrote there and
the person says to replace it.  What was written is noted in `.vmaconv/manifest`, in a folder of its
own because `git send-email DIR` sends every file that lies in DIR.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from vmaconv.cocci.text.atomic import is_stray
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.series.series_error import OutputFailed, OutputNotEmpty

_NOTES = ".vmaconv"
_MANIFEST = "manifest"


def write_series(directory: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write files into a directory that is new, empty, or ours and to be replaced (`force`).

    Names may have folders in them.  Raises `OutputNotEmpty` and `OutputFailed`; in both cases what
    stood there still stands.
    """
    directory = directory.resolve()
    try:
        if directory.parent.is_dir():
            _clear_strays(directory)
    except OSError as error:
        raise _failed(directory, error) from None
    check_output(directory, force=force)
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        staging = directory.parent / f".{directory.name}.{secrets.token_hex(8)}.vmaconv~"
        staging.mkdir(mode=0o700)
        lock = _locked(staging)
    except OSError as error:
        raise _failed(directory, error) from None
    try:
        fresh = staging / "new"
        _fill(fresh, files)
        _swap(directory, fresh, staging / "old")
    except OSError as error:
        raise _failed(directory, error) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None where somebody has the lock."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _clear_strays(directory: Path) -> None:
    """Remove what killed runs left beside the directory, after putting back an old series."""
    for stray in directory.parent.iterdir():
        if not (is_stray(stray.name) and stray.name[1:].startswith(directory.name + ".")):
            continue
        if stray.is_symlink() or not stray.is_dir():
            continue
        lock = _locked(stray)
        if lock is None:
            continue
        if (stray / "old").is_dir() and not directory.exists():
            (stray / "old").rename(directory)
        shutil.rmtree(stray, ignore_errors=True)
        os.close(lock)


def check_output(directory: Path, *, force: bool = False) -> None:
    """Refuse a directory that must not be written to, before any work is done for it."""
    if not directory.exists():
        return
    if not directory.is_dir():
        raise OutputNotEmpty(
            f"{directory} is a file", remedy="name a directory with -o", place=str(directory)
        )
    found = _present(directory)
    if not found:
        return
    noted = read_manifest(directory)
    if noted is None:
        raise OutputNotEmpty(
            f"{directory} is not empty and holds files that vmaconv did not write",
            remedy="name another directory with -o",
            place=str(directory),
        )
    changed = sorted(
        name for name in found.keys() | noted.keys() if found.get(name) != noted.get(name)
    )
    if changed:
        raise OutputNotEmpty(
            f"{directory} was changed since vmaconv wrote it: {changed[0]}"
            + (f" and {len(changed) - 1} more" if len(changed) > 1 else ""),
            remedy="name another directory with -o, or move your files away",
            place=str(directory / changed[0]),
        )
    if not force:
        raise OutputNotEmpty(
            f"{directory} holds an earlier series",
            remedy="replace it with --force, or name another directory with -o",
            place=str(directory),
        )


def read_manifest(directory: Path) -> dict[str, str] | None:
    """Return the names and SHA-256 sums that we noted in a directory, None where we noted none."""
    try:
        found = json.loads(read_regular(directory / _NOTES / _MANIFEST))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): str(digest) for name, digest in found.items()}


def _present(directory: Path) -> dict[str, str]:
    """Return name and sum of every file in a directory but our own notes."""
    found: dict[str, str] = {}
    for root, folders, names in os.walk(directory):
        if Path(root) == directory and _NOTES in folders:
            folders.remove(_NOTES)
        for name in names:
            path = Path(root, name)
            found[path.relative_to(directory).as_posix()] = _sum(path)
    return found


def _sum(path: Path) -> str:
    try:
        return hashlib.sha256(read_regular(path)).hexdigest()
    except OSError:
        return "unreadable"


def _fill(fresh: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    notes = fresh / _NOTES
    notes.mkdir(parents=True)
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    (notes / _MANIFEST).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def _swap(directory: Path, fresh: Path, old: Path) -> None:
    """Put the new directory in place, the old one back where that fails."""
    existed = directory.exists()
    if existed:
        fresh.chmod(directory.stat().st_mode & 0o7777)
        directory.rename(old)
    else:
        fresh.chmod(0o777 & ~_umask())
    try:
        fresh.rename(directory)
    except BaseException:
        # Ctrl-C counts too: the staging folder, with the old series in it, is about to go.
        if existed:
            old.rename(directory)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _failed(directory: Path, error: OSError) -> OutputFailed:
    return OutputFailed(
        f"{directory} cannot be written: {error.strerror or error}",
        remedy="nothing was changed; name a directory that can be written with -o",
        place=str(directory),
    )
