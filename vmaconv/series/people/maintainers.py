# SPDX-License-Identifier: GPL-2.0-only
"""Our own reader of MAINTAINERS.

In: the file's bytes.  Out: `MaintainersSection`s, and which of them speak for a file or a patch.
Left to others: the addresses and their order (`recipients`).

The meaning of the letters is that of scripts/get_maintainer.pl of the same tree: a pattern's dots
are literal, `*` and `?` go over slashes, a pattern with a slash at its end holds for all below it
and any other one only for names with as many slashes as its own; neither is tied to the name's end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.series.people.perl import file_regex, perl_regex
from vmaconv.series.series_error import MaintainersUnreadable

_ENTRY = late_regex(r"([A-Z]):\s*(.*)")
_SPECIAL = late_regex(r"[^\w/ @,.:;=!~&'\"<>%#-]")
#: The section that has every file.
THE_REST = "THE REST"


class Entry(Struct, frozen=True):
    """A `X: value` line; `index` is its place among the lines that count."""

    letter: str
    value: str
    index: int


class MaintainersSection(Struct, frozen=True):
    """A subsystem: its title and its lines in order; `line` is its title's, from 1."""

    title: str
    entries: tuple[Entry, ...]
    line: int

    def values(self, letter: str) -> tuple[str, ...]:
        """Return the values of one letter in the order of the file."""
        return tuple(entry.value for entry in self.entries if entry.letter == letter)

    @property
    def status(self) -> str:
        """Return the last `S:` value, empty where there is none."""
        return (self.values("S") or ("",))[-1]


class FilePattern(Struct, frozen=True):
    """An `F:` or `X:` value ready to match.

    `start` is its literal beginning, so that a regex is made only for files that may match.
    """

    value: str
    start: str
    literal: bool

    @property
    def slashes(self) -> int:
        """Count the slashes, by which the most special pattern is found."""
        return self.value.count("/")

    def matches(self, path: str) -> bool:
        """Return whether the pattern, all wildcards read, fits the path."""
        if not path.startswith(self.start):
            return False
        if not self.value.endswith("/") and path.count("/") != self.slashes:
            return False
        return self.literal or file_regex(self.value).found(path)


@dataclass(frozen=True, slots=True)
class Maintainers:
    """All sections of a tree's MAINTAINERS; `tree` tells which patterns are directories."""

    tree: Path
    sections: tuple[MaintainersSection, ...]
    _by_folder: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)
    _patterns: dict[int, tuple[tuple[FilePattern, ...], tuple[Entry | FilePattern, ...]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def for_file(self, path: str) -> tuple[tuple[MaintainersSection, int], ...]:
        """Return the sections of a file with the depth of their match, the deepest first.

        get_maintainer.pl leaves sections of one depth in no fixed order; here they stand as in
        the file.
        """
        found = [
            (section, depth)
            for section in self._candidates(path)
            if (depth := self._depth(section, path)) is not None
        ]
        return tuple(sorted(found, key=lambda pair: -pair[1]))

    def by_keywords(self, patch: str) -> tuple[tuple[MaintainersSection, Entry], ...]:
        """Return the `K:` lines that a patch's words meet, in the order of get_maintainer.pl.

        Before the diff every line counts, in it only those that start with a plus or a minus.
        """
        intro, changed = _keyword_text(patch)
        found = [
            (section, entry)
            for section in self.sections
            for entry in section.entries
            if entry.letter == "K" and _says(entry.value, intro, changed)
        ]
        return tuple(sorted(found, key=lambda pair: str(pair[1].index)))

    def _candidates(self, path: str) -> Iterator[MaintainersSection]:
        """Return the sections that a path of this folder can belong to, in the order of the file."""
        if not self._by_folder:
            for index, section in enumerate(self.sections):
                for folder in _folders(section):
                    self._by_folder.setdefault(folder, []).append(index)
        parts = path.split("/")
        keys = ("", parts[0], "/".join(parts[:2]))
        found = {index for key in keys for index in self._by_folder.get(key, ())}
        return (self.sections[index] for index in sorted(found))

    def _depth(self, section: MaintainersSection, path: str) -> int | None:
        excludes, includes = self._ready(section)
        if any(self._fits(pattern, path) for pattern in excludes):
            return None
        depth: int | None = None
        for one in includes:
            if isinstance(one, Entry):
                if perl_regex(one.value).found(path):
                    depth = 0
            elif self._fits(one, path):
                depth = one.slashes + (not one.value.endswith("/"))
                depth = -1 if one.value.startswith("*") else depth
        return depth

    def _ready(
        self, section: MaintainersSection
    ) -> tuple[tuple[FilePattern, ...], tuple[Entry | FilePattern, ...]]:
        ready = self._patterns.get(section.line)
        if ready is None:
            excludes = tuple(_pattern(value) for value in section.values("X"))
            includes = tuple(
                _pattern(entry.value) if entry.letter == "F" else entry
                for entry in section.entries
                if entry.letter in "FN"
            )
            ready = self._patterns[section.line] = (excludes, includes)
        return ready

    def _fits(self, pattern: FilePattern, path: str) -> bool:
        if not path.startswith(pattern.start):
            return False
        if pattern.literal and not pattern.value.endswith("/") and self._is_folder(pattern, path):
            return path.startswith(pattern.value + "/")
        return pattern.matches(path)

    def _is_folder(self, pattern: FilePattern, path: str) -> bool:
        """Return whether a pattern means a folder and all below it.

        get_maintainer.pl asks after it has escaped the dots, so one with a dot needs its slash.
        """
        if pattern.value.endswith("/"):
            return True
        if not pattern.literal or "." in pattern.value or path == pattern.value:
            return False
        return path.startswith(pattern.value + "/") or (self.tree / pattern.value).is_dir()


def read_maintainers(tree: Path) -> Maintainers:
    """Read a tree's MAINTAINERS, or every file in it where it is a folder.

    Raises `MaintainersUnreadable` where it is missing, unreadable, or holds no section.
    """
    path = tree / "MAINTAINERS"
    try:
        if path.is_dir():
            files = sorted(one for one in path.iterdir() if not one.name.startswith("."))
            text = "".join(_decoded(read_regular(one)) for one in files)
        else:
            text = _decoded(read_regular(path))
    except OSError as error:
        raise MaintainersUnreadable(
            f"MAINTAINERS cannot be read: {error.strerror}",
            remedy="patches are written without To and Cc; find them with --no-cc left out "
            "in a whole tree",
            place=str(path),
        ) from None
    return parse_maintainers(text, tree)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def parse_maintainers(text: str, tree: Path) -> Maintainers:
    """Read the text of a MAINTAINERS file.

    >>> read = parse_maintainers("FOO\\nM:\\tA <a@b>\\nF:\\tmm/\\n", Path("."))
    >>> [section.title for section, depth in read.for_file("mm/util.c")]
    ['FOO']

    Raises `MaintainersUnreadable` where nothing in it reads as a section.
    """
    sections = tuple(_sections(text))
    if not any(section.values("F") or section.values("N") for section in sections):
        raise MaintainersUnreadable(
            "MAINTAINERS holds no section with a file pattern",
            remedy="restore it from the kernel's tree",
            place=str(tree / "MAINTAINERS"),
        )
    return Maintainers(tree, sections)


def _sections(text: str) -> Iterator[MaintainersSection]:
    """Cut the text where a run of entries ends; the line before a run is its title."""
    title, title_line = "", 0
    entries: list[Entry] = []
    index = 0
    for number, line in enumerate(text.split("\n"), 1):
        match = _ENTRY.fullmatch(line)
        if match:
            entries.append(Entry(match[1], match[2], index))
        elif not line.strip() or line.lstrip().startswith("#"):
            continue
        else:
            if entries:
                yield MaintainersSection(title, tuple(entries), title_line)
                entries = []
            title, title_line = line, number
        index += 1
    if entries:
        yield MaintainersSection(title, tuple(entries), title_line)


def _folders(section: MaintainersSection) -> set[str]:
    """Return the folders, of one or two levels, that a section's patterns begin with.

    The empty one stands for patterns that may begin with anything.
    """
    if section.values("N"):
        return {""}
    starts = (_pattern(value).start.split("/")[:-1] for value in section.values("F"))
    return {"/".join(start[:2]) for start in starts}


def _pattern(value: str) -> FilePattern:
    special = _SPECIAL.search(value)
    return FilePattern(value, value[: special.start()] if special else value, special is None)


def _keyword_text(patch: str) -> tuple[str, str]:
    """Split a patch into the lines in which keywords count: before the diff, and in it."""
    intro: list[str] = []
    changed: list[str] = []
    in_diff = False
    for line in patch.split("\n"):
        if re.match(r"(\+\+\+|---)\s+\S", line):
            in_diff = True
        elif _is_bookkeeping(line):
            continue
        elif not in_diff:
            intro.append(line)
        else:
            changed.append(line)
    return "\n".join(intro), "\n".join(changed)


def _is_bookkeeping(line: str) -> bool:
    return bool(
        re.match(
            r" mode change [0-7]+ => [0-7]+ \S+\s*$|rename (?:from|to) \S+\s*$"
            r"|diff --git a/\S+ b/\S+\s*$|Fixes:\s+[0-9a-fA-F]{6,40}|@@ -\d+,\d+",
            line,
        )
    )


def _says(value: str, intro: str, changed: str) -> bool:
    """Return whether a keyword stands in a patch.

    In the diff get_maintainer.pl puts `^[+-].*` before the pattern and no bracket around it, so
    that of several alternatives only the first asks for a changed line.
    """
    return perl_regex(value).found(intro) or perl_regex(value, "^[+-].*").found(changed)


def subsystem(maintainers: Maintainers, path: str) -> str:
    """Return the name of the subsystem that a file belongs to, empty where only the rest has it.

    The deepest match counts, the part of its title before ` - ` (all of memory management is one).
    """
    for section, depth in maintainers.for_file(path):
        if depth > 0 and section.title != THE_REST:
            return re.split(r" - | \[", section.title)[0].strip()
    return ""
