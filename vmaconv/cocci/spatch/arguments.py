# SPDX-License-Identifier: GPL-2.0-only
"""The request of a command line.

In: nothing. Out: `Arguments`, a plain value; `options` makes it of words, `main` acts on it.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.clock import FILE_LIMIT

TIMEOUT = FILE_LIMIT
"""Seconds for one file where `--timeout` is not given; spatch 1.1.1 has no limit of its own."""

_READ = ("local", "all", "recursive")
"""What the headers that are read for types are called where rules run over them, too."""


class Arguments(Struct, frozen=True):
    """spatch's command line; the fields are named after its options.

    `notes` are the options that were given and show spatch's inside, of which there is none here.
    """

    rule_path: Path | None = None
    rule_folder: Path | None = None
    """`--sp-dir`: all rule files below a folder, in one run."""
    rule_text: str | None = None
    """`--sp '- foo(x) + bar(x)'`: a rule on the command line."""
    files: tuple[str, ...] = ()
    """As they were given: what is printed of `./a.c` is `./a.c`."""
    folder: str | None = None
    file_groups: Path | None = None
    output: Path | None = None
    in_place: bool = False
    out_place: bool = False
    suffix: str | None = None
    defines: tuple[str, ...] = ()
    jobs: int = 1
    show_diff: bool = True
    context: int = 3
    patch: str | None = None
    ignore: tuple[str, ...] = ()
    includes: str = "types"
    """Which headers are read: `no`, `types` (the local ones, `#include "x.h"`, for what they
    declare), or, to be matched and changed with the files, too, `local`, `all` or `recursive`.
    """
    headers_for_types: bool = False
    """Take what headers declare, and look for nothing in them."""
    include_headers: bool = False
    include_folders: tuple[Path, ...] = ()
    included: tuple[Path, ...] = ()
    macro_files: tuple[Path, ...] = ()
    iso_file: Path | None = None
    disabled_isos: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    index: int | None = None
    maximum: int | None = None
    modulo: bool = False
    unparsed: bool = False
    """Say which functions do not parse, and so were not looked into."""
    selected_only: bool = False
    verbosity: int = 1
    """0 with `--very-quiet`: nothing but errors on stderr."""
    trust_scripts: bool = False
    ignore_ocaml: bool = False
    python2: bool = False
    as_written: bool = False
    keep_comments: bool = False
    loops: bool = True
    gotos: bool = True
    action: str = "run"
    """`run`, `account`, `parse-cocci`, `parse-c`, `version`, `help` or `options`."""
    notes: tuple[str, ...] = ()
    engine: tuple[str, ...] = ()
    """Options that the engine reads, with their values, as on a rule file's `#spatch` line."""

    def matches_header(self, path: str) -> bool:
        """Whether rules run over a header that a file includes, too.

        spatch 1.1.1 does so where the headers to read were asked for.
        """
        return self.matches_headers and (self.includes in _READ or Path(path) in self.included)

    @property
    def matches_headers(self) -> bool:
        """Whether there may be a header that rules run over, too."""
        return not self.headers_for_types and (self.includes in _READ or bool(self.included))


class UsageError(Exception):
    """A command line that is not understood; `remedy` may say what to write instead."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
