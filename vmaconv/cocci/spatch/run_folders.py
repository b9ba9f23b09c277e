# SPDX-License-Identifier: GPL-2.0-only
"""Which folders a run may read from, whatever its rules and its source files name.

In: `Arguments` and the groups of files of a run. Out: folders; a `SmplError` for a further run
that a script asked for over files that lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from vmaconv.cocci.script.script_values import Iterate
from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.text.confinement import is_below

_C_FILES = frozenset({".c", ".h"})

Groups = Sequence[tuple[str, ...]]


def check_iteration(asked: Iterate, arguments: Arguments, groups: Groups) -> None:
    """Raise a `SmplError` if a script asked for a run over files that the run may not name.

    It may name the files of the command line, and C files below its folders.
    """
    named = {path for group in groups for path in group}
    folders = _folders(arguments, groups)
    for path in asked.files or ():
        is_c = PurePath(path).suffix in _C_FILES and is_below(path, folders)
        if path not in named and not is_c:
            raise SmplError(
                "script-iteration",
                asked.place or RulePlace("", 0, 0),
                f"the script asks for a run over {path}, which is no C file below the folders of "
                "this run",
                "name its folder on the command line, or run with --trust-scripts if you know "
                "where the rule file comes from",
            )


def readable_folders(arguments: Arguments, groups: Groups) -> list[Path]:
    """Return the folders in which the headers that files include may lie.

    These are the source trees that the run's files are in, and those of `-I` and `--include`.
    """
    trees = (tree_of(folder) for folder in _folders(arguments, groups))
    always = (header.parent for header in arguments.included)
    return list(dict.fromkeys((*trees, *arguments.include_folders, *always)))


def tree_of(folder: Path) -> Path:
    """Return the top of the source tree that a folder is in.

    That is the nearest folder above, or itself, that git or the kernel's own files tell to be one;
    else the current folder, if that is above and no home; else the folder itself.
    """
    folder = folder.resolve()
    for top in (folder, *folder.parents):
        if (top / ".git").exists() or all((top / name).exists() for name in _TOP_OF_KERNEL):
            return top
    here = Path.cwd()
    if here in folder.parents and here not in (Path("/"), Path.home()):
        return here
    return folder


_TOP_OF_KERNEL = ("Kbuild", "MAINTAINERS")


def _folders(arguments: Arguments, groups: Groups) -> list[Path]:
    return list(dict.fromkeys(_each_folder(arguments, groups)))


def _each_folder(arguments: Arguments, groups: Groups) -> Iterator[Path]:
    if arguments.folder is not None:
        yield Path(arguments.folder)
        named: Sequence[str] = arguments.files
    else:
        named = [path for group in groups for path in group]
    yield from (Path(path).parent for path in named)
