# SPDX-License-Identifier: GPL-2.0-only
"""The metavariable kinds that SmPL has no word for: or-ed masks that become bits.

In: a tree's flag table. Out: the kinds `flag`, `flag list`, `flag mask` (words, which plus code
prints as bits) and `bit`, `bit mask` (bits, which plus code prints as words), for
`kinds`.

    @@
    struct vm_area_desc *D;
    flag list F;
    @@
    - D->vm_flags |= F;
    + vma_desc_set_flags(D, F);

`D->vm_flags |= VM_READ | VM_WRITE;` becomes `vma_desc_set_flags(D, VMA_READ_BIT, VMA_WRITE_BIT);`.
Two values are equal when they name the same bits, in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vmaconv.cocci.match.attempt.state import Kind
from vmaconv.cocci.match.attempt.value import Value
from vmaconv.cocci.text.trivia import comment_texts, comments
from vmaconv.cocci.tree.node import Node
from vmaconv.flags.table.flag_table import Bits, FlagTable, Named, Refused

KIND_WORDS = ("flag", "flag list", "flag mask", "bit", "bit mask")
"""What may stand before a metavariable's name, beyond SmPL's own kinds."""


def kinds(table: FlagTable) -> Mapping[str, Kind]:
    """Return the kinds, by the words that declare them."""
    return {
        "flag": Flags(table, single=True),
        "flag list": Flags(table, single=False),
        "flag mask": FlagMask(table),
        "bit": Bit(table),
        "bit mask": BitMask(table),
    }


def words_of(node: Node) -> list[Node] | None:
    """Return the names that an or-ed mask is made of, in order, or None if it is anything else.

    `VM_READ | (VM_WRITE | VM_EXEC)` has three.
    """
    if node.kind == "identifier":
        return [node]
    if node.kind == "parenthesized_expression" and len(node.children) == 3:
        return words_of(node.children[1])
    if node.kind == "binary_expression" and node.children[1].text == b"|":
        left, right = words_of(node.children[0]), words_of(node.children[-1])
        return None if left is None or right is None else left + right
    return None


@dataclass(frozen=True, slots=True)
class Flags:
    """`flag` (exactly one bit) and `flag list` (one or more)."""

    table: FlagTable
    single: bool

    def match(self, node: Node, text: bytes) -> Value | None:
        """Return the bits that a mask names, or None where it is no mask or a word is refused."""
        words = words_of(node)
        if words is None:
            return None
        comments = comments_after(words, node, text)
        if comments is None:
            return None
        bits: list[str] = []
        printed: list[str] = []
        for word, comment in zip(words, comments, strict=True):
            found = bits_of(self.table, word)
            if not found:
                return None
            new = [bit for bit in found if bit not in bits]
            bits += new
            printed += [*new[:-1], f"{new[-1]}{comment}"] if new else []
            if comment and not new:
                return None
        if self.single and len(bits) != 1:
            return None
        key = " ".join(sorted(bits)).encode()
        return Value(key, ", ".join(printed).encode(), node, data=text[node.start : node.end])


def comments_after(words: list[Node], node: Node, text: bytes) -> list[str] | None:
    """Return the comments behind each word of a mask, with a space before each.

    None where one of them ends its line: it would take the rest of a joined line along.
    """
    ends = [word.start for word in words[1:]] + [node.end]
    found: list[str] = []
    for word, end in zip(words, ends, strict=True):
        gap = text[word.end : end]
        if _ends_line(gap):
            return None
        found.append("".join(" " + c.decode(errors="replace") for c in comment_texts(gap)))
    return found if not comments(text[node.start : words[0].start]) else None


def _ends_line(gap: bytes) -> bool:
    for start, end in comments(gap):
        line = gap[end:].partition(b"\n")
        if gap.startswith(b"//", start) or (line[1] and not line[0].strip(b" \t|&")):
            return True
    return False


def bits_of(table: FlagTable, word: Node) -> tuple[str, ...] | None:
    """Return the bits of one word, none for `VM_NONE`, or None where it is refused."""
    match table.resolve((word.text or b"").decode(errors="replace")):
        case Bits(bits):
            return bits
        case Named(_, bits):
            return bits
    return None


@dataclass(frozen=True, slots=True)
class FlagMask:
    """`flag mask`: one named compound that has a bitmap twin in the tree."""

    table: FlagTable

    def match(self, node: Node, text: bytes) -> Value | None:
        """Return the twin of a named compound, or None."""
        words = words_of(node)
        if words is None or len(words) != 1:
            return None
        match self.table.resolve((words[0].text or b"").decode(errors="replace")):
            case Named(mask, _):
                name = mask.encode()
                return Value(name, name, node, data=text[node.start : node.end])
        return None


@dataclass(frozen=True, slots=True)
class Bit:
    """`bit`: one bit's name, which plus code prints as the flag's word."""

    table: FlagTable

    def match(self, node: Node, text: bytes) -> Value | None:
        """Return the word of `VMA_READ_BIT`, or None where no word is that bit in every configuration."""
        return _word(self.table, node, text, is_mask=False)


@dataclass(frozen=True, slots=True)
class BitMask:
    """`bit mask`: the name of a bitmap of several bits that has a word for a twin."""

    table: FlagTable

    def match(self, node: Node, text: bytes) -> Value | None:
        """Return the twin of `VMA_REMAP_FLAGS`, or None."""
        return _word(self.table, node, text, is_mask=True)


def _word(table: FlagTable, node: Node, text: bytes, is_mask: bool) -> Value | None:
    if node.kind != "identifier":
        return None
    name = (node.text or b"").decode(errors="replace")
    word = table.word(name)
    if word is None or (table.mask(word) is not None) != is_mask:
        return None
    return Value(name.encode(), word.encode(), node, data=text[node.start : node.end])


def refusals(table: FlagTable, node: Node) -> Iterator[tuple[Node, Refused]]:
    """Yield the words of a mask that the table refuses."""
    for word in words_of(node) or []:
        found = table.resolve((word.text or b"").decode(errors="replace"))
        if isinstance(found, Refused):
            yield word, found
