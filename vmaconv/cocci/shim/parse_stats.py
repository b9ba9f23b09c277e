# SPDX-License-Identifier: GPL-2.0-only
"""Count what the parser could not follow.

In:   source files' bytes.
Out:  `FileStats`: files, functions, lines, and how many of them lie in a syntax error.
Left to others: finding files, printing.

A line is in error if it lies in an ERROR node, or holds a MISSING one, of tree-sitter's tree of any
variant of the text; blank lines and comments within count, and each line counts once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import tree_sitter_c
from msgspec import Struct
from tree_sitter import Language, Node, Parser

from vmaconv.cocci.shim.mask import MacroNames, Prepared, prepare
from vmaconv.cocci.text.late_regex import late_regex

_LANGUAGE = Language(tree_sitter_c.language())
_AROUND_FUNCTIONS = ("translation_unit", "linkage_specification", "declaration_list", "ERROR")
# A line that begins a definition; the last word before its parenthesis is the name.
_HEADER = late_regex(rb"^[A-Za-z_][^\n;=]*?\b([A-Za-z_]\w*)[ \t]*\(", re.MULTILINE)


class ErrorPlace(Struct, frozen=True):
    """An error's first line (from 1), and the function that it touches, if that can be told."""

    path: bytes
    line: int
    function: bytes | None


class FileStats(Struct, frozen=True):
    """Counts over files; add them up with `+`."""

    files: int = 0
    functions: int = 0
    lines: int = 0
    error_lines: int = 0
    functions_in_error: int = 0
    places: tuple[ErrorPlace, ...] = ()

    def __add__(self, other: "FileStats") -> "FileStats":
        return FileStats(
            self.files + other.files,
            self.functions + other.functions,
            self.lines + other.lines,
            self.error_lines + other.error_lines,
            self.functions_in_error + other.functions_in_error,
            self.places + other.places,
        )

    @property
    def clean_share(self) -> float:
        """Return the share of lines outside any error, 1.0 for no lines at all."""
        return 1 - self.error_lines / self.lines if self.lines else 1.0


def measure(text: bytes, path: bytes = b"", names: MacroNames = MacroNames()) -> FileStats:  # noqa: B008
    """Prepare and parse one file, and count.

    `int f(void) { return 1 }` is a file with one line, in error, and one function, in error.
    """
    prepared = prepare(text, names)
    return measure_prepared(prepared, path)


def measure_prepared(prepared: Prepared, path: bytes = b"") -> FileStats:
    """Count in a file that is prepared already."""
    text = prepared.original
    errors: set[tuple[int, int]] = set()
    functions: dict[int, _Function] = {}
    parser = Parser(_LANGUAGE)
    for masked in prepared.masked:
        root = parser.parse(masked).root_node
        errors.update(_error_ranges(root))
        functions.update((found.start, found) for found in _functions(root, text))
    starts = _line_starts(text)
    touched: set[int] = set()
    places: list[ErrorPlace] = []
    lost = 0
    for start, end in sorted(errors):
        within = [key for key, found in functions.items() if key <= end and start <= found.end]
        touched.update(within)
        name = functions[within[0]].name if within else _header_in(text, start, end)
        lost += name is not None and not within
        places.append(ErrorPlace(path, _line(starts, start) + 1, name))
    return FileStats(
        files=1,
        functions=len(functions) + lost,
        lines=len(starts),
        error_lines=len(_lines_of(errors, starts)),
        functions_in_error=len(touched) + lost,
        places=tuple(places),
    )


class _Function(Struct, frozen=True):
    start: int
    end: int
    name: bytes | None


def _error_ranges(root: Node) -> Iterator[tuple[int, int]]:
    """Yield the byte ranges of ERROR nodes, and those of MISSING ones, which are empty."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node.start_byte, node.end_byte
        elif node.has_error:
            waiting.extend(node.children)


def _functions(root: Node, text: bytes) -> Iterator[_Function]:
    """Yield the function definitions outside function bodies."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "function_definition":
            yield _Function(node.start_byte, node.end_byte, _name_of(node, text))
        elif node.type in _AROUND_FUNCTIONS:
            waiting.extend(node.children)


def _name_of(function: Node, text: bytes) -> bytes | None:
    """Return the name that a function's declarator declares."""
    node = function.child_by_field_name("declarator")
    while node is not None and node.type != "identifier":
        inner = node.child_by_field_name("declarator")
        node = inner or next((child for child in node.named_children), None)
    return text[node.start_byte : node.end_byte] if node is not None else None


def _header_in(text: bytes, start: int, end: int) -> bytes | None:
    """Return the name of the first function whose header begins in a range, by its looks."""
    header = _HEADER.search(text, start, end)
    return header.group(1) if header else None


def _line_starts(text: bytes) -> list[int]:
    starts = [0, *(match.end() for match in re.finditer(rb"\n", text))]
    if starts[-1] == len(text):
        starts.pop()
    return starts


def _line(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1


def _lines_of(ranges: Iterable[tuple[int, int]], starts: list[int]) -> set[int]:
    """Collect the lines that byte ranges touch; an empty range touches the line it stands on."""
    lines: set[int] = set()
    for start, end in ranges:
        lines.update(range(_line(starts, start), _line(starts, max(start, end - 1)) + 1))
    return lines
