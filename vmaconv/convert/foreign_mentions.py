# SPDX-License-Identifier: GPL-2.0-only
"""Where what an account is kept of is named outside the C that is converted.

In: a tree, a member, functions and types. Out: the lines of Rust, of documentation and of BPF programs that
name them. Rust reads the member through what bindgen makes of the struct (rust/kernel/mm/virt.rs), BPF
programs by BTF (tools/testing/selftests/bpf): these go on working while the member is there, and break
when it goes. Nothing of it is converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.census import SUFFIXES
from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.convert.accounted import Accounted

FOREIGN = (".rs", ".rst")
BPF = "tools/testing/selftests/bpf"


class ForeignMention(Struct, frozen=True):
    """A line that names something, with its number from 1 and its text."""

    file: str
    line: int
    text: str


def foreign_mentions(root: Path, kept: Accounted) -> list[ForeignMention]:
    """Return the lines, by file. Without functions or types to look for there are none.

    Raises `SourceError` where the tree cannot be read.
    """
    names = sorted(kept.names.functions | kept.names.types)
    if kept.member is None or not names:
        return []
    words = [name.decode() for name in (*names, kept.member.name)]
    searches = [Search(root, words, suffixes=FOREIGN, whole=True, walked=SUFFIXES)]
    if (root / BPF).is_dir():
        searches.append(Search(root, words, [BPF], whole=True, beside=searches[0]))
    named = re.compile(
        rb"\b(?:" + b"|".join(names) + rb")\b|(?:->|\.)" + re.escape(kept.member.name) + rb"\b"
    )
    found = [one for search in searches for one in _lines(root, search.result(), named)]
    return sorted(found, key=lambda one: (one.file, one.line))


def _lines(root: Path, paths: list[str], named: re.Pattern[bytes]) -> Iterator[ForeignMention]:
    for path in paths:
        try:
            text = read_file(root, path)
        except OSError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if named.search(line):
                yield ForeignMention(path, number, line.decode(errors="replace").strip())
