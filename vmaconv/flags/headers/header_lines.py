# SPDX-License-Identifier: GPL-2.0-only
"""Read a kernel header as its preprocessor lines, each with the condition it stands under.

In: the bytes of one header. Out: `Define`s and `Invocation`s (a macro called as a statement, such
as `DECLARE_VMA_BIT(READ, 0)`) in the order of the file, with place and `Condition`. Nothing is
preprocessed: every `#if` arm is read, and what an arm needs is remembered instead of decided.
What the lines mean is left to `flags` and `generation`. Lines are 1-based; texts are `str`, because
they are identifiers and short macro bodies that end up in messages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.merge_conflict import conflict
from vmaconv.cocci.text.tree_file import read_file, read_folder
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.text.word_places import lines_matching
from vmaconv.flags.headers.architecture import architectures
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    Condition,
    defined,
    every,
    negate,
    parse_condition,
)


class KernelTreeError(Exception):
    """A tree that cannot be read as a kernel tree.

    `code` is stable (`tree-missing`, `tree-not-directory`, `header-missing`, `header-unreadable`,
    `header-conflict`),
    `path` is what was looked for, `what` says what is wrong and `remedy` what to do about it.
    """

    def __init__(self, code: str, path: Path, what: str, remedy: str) -> None:
        super().__init__(code, path, what, remedy)
        self.code = code
        self.path = path
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; {self.remedy}"


class HeaderPlace(Struct, frozen=True, order=True):
    """A line of a file: path relative to the tree, line 1-based (`include/linux/mm.h:399`)."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Define(Struct, frozen=True):
    """`#define NAME body`, or `#define NAME(params) body`; continuation lines are joined."""

    name: str
    params: str | None
    body: str
    place: HeaderPlace
    condition: Condition


class Invocation(Struct, frozen=True):
    """A macro that stands as a statement or an enumerator: `DECLARE_VMA_BIT(READ, 0)`."""

    name: str
    arguments: tuple[str, ...]
    place: HeaderPlace
    condition: Condition


_DIRECTIVE = rb"^[ \t]*\#[ \t]*(if|ifdef|ifndef|elif|else|endif|define)\b((?:[^\\\n]+|\\\r?\n|\\)*)"
_ALONE = late_regex(_DIRECTIVE, re.M)
_DEFINE = late_regex(r"(\w+)(?:\(([^)]*)\))?\s*(.*)", re.S)


def read_lines(
    source: bytes, path: str, statements: tuple[str, ...] = ()
) -> Iterator[Define | Invocation]:
    """List a header's `#define`s, and the calls of the macros named in `statements`.

    `source` may have its comments still in; `path` is only for the places.

        #ifdef CONFIG_MMU
        #define VM_UFFD_MISSING  INIT_VM_FLAG(UFFD_MISSING)
        #endif

    gives `Define("VM_UFFD_MISSING", None, "INIT_VM_FLAG(UFFD_MISSING)", …, Defined("CONFIG_MMU"))`.
    The header's include guard is no condition.
    """
    text = blank_out(source)
    found_in = _directives(text)
    if statements:
        calls = b"|".join(name.encode() for name in statements)
        pattern = re.compile(_DIRECTIVE + rb"|\b(" + calls + rb")[ \t]*\(([^()\n]*)\)", re.M)
        found_in = pattern.finditer(text)
    conditions = _Conditions()
    line, counted = 1, 0
    for found in found_in:
        line += text.count(b"\n", counted, found.start())
        counted = found.start()
        place = HeaderPlace(path, line)
        if found[1] is None:
            arguments = tuple(part.strip() for part in _text(found[4]).split(","))
            yield Invocation(_text(found[3]), arguments, place, conditions.current())
            continue
        word, rest = _text(found[1]), _text(found[2])
        if word != "define":
            conditions.enter(word, rest)
        elif definition := _DEFINE.fullmatch(rest):
            name, params, body = definition.groups()
            conditions.drop_guard(name, body)
            yield Define(name, params, body, place, conditions.current())


def condition_at(spans: Sequence[tuple[int, Condition]], offset: int) -> Condition:
    """Return the condition under which byte `offset` of a file stands, by what `conditions_in` lists."""
    at = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return spans[at][1] if at >= 0 else ALWAYS


def conditions_in(source: bytes) -> list[tuple[int, Condition]]:
    """List the conditions that the lines of a C file stand under, each with where it begins.

    Offsets are in bytes, behind the directive. What stands before the first is always compiled, and
    an include guard is no condition.
    """
    text = blank_out(source)
    conditions = _Conditions()
    found: list[tuple[int, Condition]] = []
    for directive in _directives(text):
        rest = _text(directive[2])
        if directive[1] != b"define":
            conditions.enter(_text(directive[1]), rest)
            found.append((directive.end(), conditions.current()))
        elif definition := _DEFINE.fullmatch(rest):
            conditions.drop_guard(definition[1], definition[3])
            if found:
                found[-1] = (found[-1][0], conditions.current())
    return found


def _directives(text: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the directives of a text without comments."""
    return lines_matching(_ALONE, b"#", text)


def _text(raw: bytes) -> str:
    return " ".join(
        raw.replace(b"\\\r\n", b" ").replace(b"\\\n", b" ").decode(errors="replace").split()
    )


class _HeaderArm(Struct, frozen=True):
    """The arm of an `#if` group that the reading is in, and what the earlier arms asked for."""

    condition: Condition
    earlier: tuple[Condition, ...] = ()

    def current(self) -> Condition:
        return every([*map(negate, self.earlier), self.condition])


class _Conditions:
    """The stack of `#if` groups around the line that is being read."""

    def __init__(self) -> None:
        self._arms: list[_HeaderArm] = []
        self._guard: str | None = None

    def current(self) -> Condition:
        return every([arm.current() for arm in self._arms])

    def enter(self, word: str, rest: str) -> None:
        """Take one conditional directive; an unbalanced one is taken as best as it can be."""
        self._guard = None
        match word:
            case "if":
                self._arms.append(_HeaderArm(parse_condition(rest)))
            case "ifdef":
                self._arms.append(_HeaderArm(defined(rest)))
            case "ifndef":
                self._guard = rest if not self._arms else None
                self._arms.append(_HeaderArm(negate(defined(rest))))
            case "elif" | "else" if self._arms:
                arm = self._arms[-1]
                condition = parse_condition(rest) if word == "elif" else ALWAYS
                self._arms[-1] = _HeaderArm(condition, (*arm.earlier, arm.condition))
            case "endif" if self._arms:
                self._arms.pop()

    def drop_guard(self, name: str, body: str) -> None:
        """See that `#ifndef G`, `#define G` with nothing between is a guard and no condition."""
        if self._guard == name and not body:
            self._arms[-1] = replace(self._arms[-1], condition=ALWAYS)
        self._guard = None


# --- Files ------------------------------------------------------------------------------------


def read_header(root: Path, path: str) -> bytes:
    """Read a header that every kernel tree has, such as `include/linux/mm.h`.

    Raises `KernelTreeError` where the tree or the header is missing, cannot be read, or is in the
    middle of a merge: both sides would be taken for true.
    """
    try:
        text = read_file(root, path)
    except FileNotFoundError:
        if not root.exists():
            raise KernelTreeError(
                "tree-missing", root, "there is no such folder", "name a kernel tree's top folder"
            ) from None
        raise KernelTreeError(
            "header-missing",
            root / path,
            "the tree has no such header",
            f"name the top folder of a kernel tree, the one that holds {path}",
        ) from None
    except NotADirectoryError:
        raise KernelTreeError(
            "tree-not-directory", root, "this is no folder", "name a kernel tree's top folder"
        ) from None
    except OSError as error:
        raise KernelTreeError(
            "header-unreadable",
            root / path,
            f"the header cannot be read ({error.strerror})",
            "make it a readable file",
        ) from error
    line = conflict(text)
    if line is not None:
        what, remedy = f"the header has a merge conflict at line {line}", "resolve it first"
        raise KernelTreeError("header-conflict", root / path, what, remedy)
    return text


def search_headers(root: Path, names: Sequence[str]) -> dict[str, tuple[Define, ...]]:
    """Find the definitions of macros in `include/linux/*.h` and `arch/*/include/asm/*.h`.

    Slow (it opens every header): only for the few names that `mm.h` leaves to somebody else, such
    as `VM_DATA_DEFAULT_FLAGS` and `ARCH_VM_PKEY_FLAGS`. An unreadable header is passed over.
    """
    found: dict[str, list[Define]] = {name: [] for name in names}
    wanted = [name.encode() for name in names]
    for folder in ("include/linux", *(f"arch/{arch}/include/asm" for arch in architectures(root))):
        for path, source in read_folder(root, folder, ".h"):
            if any(name in source for name in wanted):
                for line in read_lines(source, path):
                    if isinstance(line, Define) and line.name in found:
                        found[line.name].append(line)
    return {name: tuple(lines) for name, lines in found.items()}
