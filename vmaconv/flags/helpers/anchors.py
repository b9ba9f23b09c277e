# SPDX-License-Identifier: GPL-2.0-only
"""Find places in a C file by what stands there, never by a line's number.

In: a file's path and bytes. Out: byte offsets at which whole lines can be put in, and the nodes of
a few definitions. What is put there is left to `helper_patch`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import declared, function_name
from vmaconv.flags.headers.header_lines import Define, KernelTreeError, read_lines


class HelperPatchError(KernelTreeError):
    """A tree that the helpers cannot be put into.

    `code` is one of `anchor-missing` (what the text should go beside is not there),
    `anchor-conditional` (it stands under an `#if`), `anchor-ambiguous` (there are several),
    `no-bitmap` (the tree has no `vma_flags_t`, or the descriptor no field of it), `helpers-half`
    (some helpers are there and others not), `mask-unfit` (a word has no fixed set of bits) and
    `legacy-used` (the field that should go is still used).
    """


class AnchorSource:
    """A C file of the tree, in which places are looked for."""

    def __init__(self, root: Path, path: str, text: bytes) -> None:
        self.root = root
        self.path = path
        self.text = text
        self.newline = b"\r\n" if b"\r\n" in text else b"\n"
        self._unit = Unit(path, text)

    def error(
        self, code: str, what: str, remedy: str, offset: int | None = None
    ) -> HelperPatchError:
        """Make the error that refuses the file; `offset` gives the line."""
        line = "" if offset is None else f"line {self._unit.line(offset)}: "
        return HelperPatchError(code, self.root / self.path, line + what, remedy)

    def lines(self, text: bytes) -> bytes:
        """Give text the file's line ends."""
        return text.replace(b"\n", self.newline)

    # --- Nodes

    def items(self, word: bytes) -> Iterator[Node]:
        """Yield the top-level nodes of the stretches in which `word` stands."""
        for chunk in self._unit.chunks_with(word):
            yield from chunk.items()

    def functions(self, name: bytes) -> list[Node]:
        """List the definitions of a function."""
        found = [item for item in self.items(name) if item.kind == "function_definition"]
        return [item for item in found if _text(function_name(item)) == name]

    def struct(self, tag: bytes) -> Node | None:
        """Find the definition of `struct tag`, a `struct_specifier` with members."""
        for item in self.items(tag):
            for node in item.walk():
                if (
                    node.kind == "struct_specifier"
                    and len(node.children) > 2
                    and node.children[1].text == tag
                ):
                    return node
        return None

    def typedef(self, name: bytes) -> Node | None:
        """Find `typedef … name;`."""
        for item in self.items(name):
            if item.kind == "type_definition" and any(d.name == name for d in declared(item)):
                return item
        return None

    def slice(self, node: Node) -> bytes:
        """Return a node's bytes."""
        return self.text[node.start : node.end]

    # --- Places

    def after_function(self, names: Sequence[bytes]) -> int:
        """Find the line after the first of these functions that the file defines.

        The function must be defined once, and under no `#if` but the include guard: what is put
        beside it has to be there in every configuration.
        """
        for name in names:
            if found := self.functions(name):
                self._require_one(found, f"{_name(name)}() is defined")
                return self._unconditional(self.after_line(found[0].end), f"{_name(name)}()")
        raise self._missing(" or ".join(f"{_name(name)}()" for name in names))

    def before_function(self, name: bytes) -> int:
        """Find the line on which a function's definition starts."""
        found = self.functions(name)
        if not found:
            raise self._missing(f"{_name(name)}()")
        self._require_one(found, f"{_name(name)}() is defined")
        return self._unconditional(self._line_start(found[0].start), f"{_name(name)}()")

    def after_typedef(self, typedef: Node) -> int:
        """Find the line after a typedef, which must stand under no `#if`."""
        return self._unconditional(self.after_line(typedef.end), "the typedef")

    def after_define(self, name: str) -> int | None:
        """Find the line after `#define name …`, continuation lines included; None without one."""
        found = [
            line
            for line in read_lines(self.text, self.path)
            if isinstance(line, Define) and line.name == name
        ]
        if not found:
            return None
        offset, _ = self._unit.line_range(found[0].place.line)
        if len(found) > 1:
            raise self.error(
                "anchor-ambiguous",
                f"{name} has more definitions than one",
                "define its bitmap twin by hand",
                offset,
            )
        end = self.after_line(offset)
        while self.text[offset:end].rstrip().endswith(b"\\"):
            offset, end = end, self.after_line(end)
        return end

    def after_includes(self) -> int:
        """Find the line after the file's first block of `#include`s."""
        end: int | None = None
        offset = 0
        for line in blank_out(self.text).splitlines(keepends=True):
            offset += len(line)
            if _INCLUDE.match(line):
                end = offset
            elif end is not None and line.strip():
                break
        if end is None:
            raise self._missing("an #include")
        return self._unconditional(end, "the first block of #includes")

    def after_line(self, offset: int) -> int:
        """Find where the next line starts; the file's end, if there is none."""
        end = self.text.find(b"\n", offset)
        return len(self.text) if end < 0 else end + 1

    def _line_start(self, offset: int) -> int:
        return self.text.rfind(b"\n", 0, offset) + 1

    # --- Refusals

    def _missing(self, what: str) -> HelperPatchError:
        remedy = "add the helpers to this tree by hand"
        return self.error(
            "anchor-missing", f"there is no {what}, beside which text should go", remedy
        )

    def _require_one(self, found: Sequence[Node], what: str) -> None:
        if len(found) > 1:
            raise self.error(
                "anchor-ambiguous",
                f"{what} more than once",
                "add the helpers to this tree by hand",
                found[1].start,
            )

    def _unconditional(self, offset: int, what: str) -> int:
        text = blank_out(self.text)
        guards = 1 if _GUARD.match(text) else 0
        if _open_conditionals(text[:offset]) > guards:
            raise self.error(
                "anchor-conditional",
                f"{what} stands under an #if, and what goes beside it must not",
                "add the helpers to this tree by hand",
                max(0, offset - 1),
            )
        return offset


_INCLUDE = late_regex(rb"[ \t]*#[ \t]*include\b")
_GUARD = late_regex(rb"\s*#[ \t]*ifndef[ \t]+(\w+)[ \t]*\r?\n\s*#[ \t]*define[ \t]+\1[ \t]*\r?\n")
_CONDITIONAL = late_regex(rb"(?m)^[ \t]*#[ \t]*(if|ifdef|ifndef|endif)\b")


def _open_conditionals(text: bytes) -> int:
    depth = 0
    for found in _CONDITIONAL.finditer(text):
        depth += -1 if found[1] == b"endif" else 1
    return depth


def _text(node: Node | None) -> bytes | None:
    return node.text if node is not None else None


def _name(name: bytes) -> str:
    return name.decode()
