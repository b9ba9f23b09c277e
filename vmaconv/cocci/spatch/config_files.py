# SPDX-License-Identifier: GPL-2.0-only
"""The options of `.cocciconfig` files, as spatch's manual describes them.

In: a command line. Out: the words that stand before its own, and notes on those passed over. Three
folders are looked into: the home, the current one, and the one of `--dir`. The home is the
user's own, and its file may ask for anything; the others may be a stranger's tree, and theirs may
ask for what a rule file's option lines may. `SmplError` for what is refused or not understood.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.spatch.arguments import Arguments
from vmaconv.cocci.spatch.option_lines import Source, chosen
from vmaconv.cocci.text.tree_file import read_regular

NAME = ".cocciconfig"

_SECTION = "[spatch]"
_KEY = "options"


class Config(Struct, frozen=True):
    """What the files say: `words` in the order in which spatch reads them, and notes."""

    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Lines(Struct):
    """The words of one file's `options = ...` lines, with the place of each."""

    words: list[str] = field(default_factory=list)
    places: list[RulePlace] = field(default_factory=list)


def config_of(arguments: Arguments) -> Config:
    """Return what the `.cocciconfig` files of a command line's run ask for.

    `[spatch]`, then `options = --timeout 200` in the current folder gives the words `--timeout` and
    `200`. Later files extend and override earlier ones, the command line overrides them all.

    Errors: `config-file` for another section or key; `option-line` for an option that is unknown,
    or that a tree's own file may not ask for.
    """
    words: list[str] = []
    notes: list[str] = []
    for path, own in _files(arguments):
        found = _read(path)
        source = Source("this file", own=own, tree=not own)
        obeyed, passed_over = chosen(found.words, found.places, source)
        words += obeyed
        notes += passed_over
    return Config(tuple(words), tuple(notes))


def _files(arguments: Arguments) -> Iterator[tuple[Path, bool]]:
    """Yield the files that are there, each once, and whether it is the user's own."""
    seen = set[Path]()
    home = os.environ.get("HOME", "")
    folder = arguments.folder
    if folder is None and len(arguments.files) == 1 and Path(arguments.files[0]).is_dir():
        folder = arguments.files[0]
    for where, own in ((home, True), (".", False), (folder, False)):
        if not where:
            continue
        path = Path(where) / NAME
        if path.is_file() and path.resolve() not in seen:
            seen.add(path.resolve())
            yield path, own


def _read(path: Path) -> _Lines:
    found = _Lines()
    inside = False
    text = read_regular(path).decode(errors="surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        place = RulePlace(str(path), number, len(line) - len(line.lstrip()))
        if not stripped or stripped[0] in "#;":
            continue
        if stripped.startswith("["):
            if stripped != _SECTION:
                raise _wrong(place, f"{stripped} is no section of a {NAME} file", line)
            inside = True
            continue
        key, equals, value = stripped.partition("=")
        if not inside:
            raise _wrong(place, f"this line stands before any section of the {NAME} file", line)
        if not equals or key.strip() != _KEY:
            raise _wrong(place, f"a {NAME} file has no `{key.strip()}`", line)
        words = value.split()
        found.words += words
        found.places += [place] * len(words)
    return found


def _wrong(place: RulePlace, message: str, line: str) -> SmplError:
    remedy = f"write {_SECTION} on a line, then lines such as `{_KEY} = --timeout 200`"
    return SmplError("config-file", place, message, remedy, line)
