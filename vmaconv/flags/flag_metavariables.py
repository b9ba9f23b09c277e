# SPDX-License-Identifier: GPL-2.0-only
"""The metavariable kinds that SmPL has no word for: or-ed masks that become bits.

In: what a file's flags are (`BuildSite`). Out: the kinds of `KIND_WORDS`: those of words (`flag`, `flag
list`, `flag mask`, …), which plus code prints as bits, and those of bits (`bit`, `bit mask`), which
it prints as words.

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

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import AddedKind
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.text.trivia import comment_texts, comments
from vmaconv.cocci.tree.node import Node
from vmaconv.flags.sites.mmap_hook import NewVma
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin, Refused

KIND_WORDS = (
    "flag",
    "flag list",
    "flag mask",
    "flag option",
    "flag set",
    "flag rest",
    "flag list rest",
    "flag mask rest",
    "flag list own",
    "new vma",
    "bit",
    "bit mask",
)
"""What may stand before a metavariable's name, beyond SmPL's own kinds."""


def kinds(site: BuildSite) -> Mapping[str, AddedKind]:
    """Return the kinds, by the words that declare them, for the file that `site` is about."""
    return {
        "flag": Flags(site, single=True),
        "flag list": Flags(site, single=False),
        "flag mask": FlagMask(site),
        "flag option": FlagOption(site),
        "flag set": FlagSet(site),
        "flag rest": FlagRest(site, "one"),
        "flag list rest": FlagRest(site, "list"),
        "flag mask rest": FlagRest(site, "mask"),
        "flag list own": FlagsOfOwn(site),
        "new vma": NewVma(),
        "bit": BitMetavariable(site.table),
        "bit mask": BitMask(site.table),
    }


def words_needed(
    site: BuildSite, added: Mapping[str, AddedKind]
) -> dict[str, Callable[[bytes], frozenset[bytes]]]:
    """Return, for those of the kinds `added` that have any, the words without one of which in an item
    or line they do not match there: see `MatchOptions.needs`.
    """
    own, new = site.own, added.get("new vma")
    needs: dict[str, Callable[[bytes], frozenset[bytes]]] = {
        "flag list own": lambda _: own.turned() if own is not None else frozenset()
    }
    if isinstance(new, NewVma):
        needs["new vma"] = new.hooks
    return needs


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


class Flags(Struct, frozen=True):
    """`flag` (exactly one bit) and `flag list` (one or more)."""

    site: BuildSite
    single: bool

    def match(self, node: Node, text: bytes) -> BoundValue | None:
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
            found = bits_of(self.site, word, text)
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
        return BoundValue(key, ", ".join(printed).encode(), node, data=text[node.start : node.end])


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


def bits_of(site: BuildSite, word: Node, text: bytes) -> tuple[str, ...] | None:
    """Return the bits of one word, none for `VM_NONE`, or None where it is refused."""
    match site.resolve(word, text):
        case Bits(bits):
            return bits
        case MaskTwin(_, bits):
            return bits
    return None


class FlagMask(Struct, frozen=True):
    """`flag mask`: one named compound that has a bitmap twin in the tree."""

    site: BuildSite

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the twin of a named compound, or None."""
        words = words_of(node)
        if words is None or len(words) != 1:
            return None
        match self.site.resolve(words[0], text):
            case MaskTwin(mask, _):
                return _value(mask.encode(), mask.encode(), node, text)
        return None


class FlagOption(Struct, frozen=True):
    """`flag option`: one flag that some configurations lack, and that has a mask for a twin.

    `VM_DROPPABLE`, where the tree has `VMA_DROPPABLE`, which is `EMPTY_VMA_FLAGS` without it.
    """

    site: BuildSite

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the twin of a flag, or None."""
        words = words_of(node)
        if words is None or len(words) != 1:
            return None
        if self.site.table.flag((words[0].text or b"").decode(errors="replace")) is None:
            return None
        return FlagMask(self.site).match(node, text)


class FlagSet(Struct, frozen=True):
    """`flag set`: or-ed words of which one or more are masks, as an expression of the bitmap's type.

    `VM_LOCKED | VM_SPECIAL` prints `append_vma_flags(VMA_SPECIAL_FLAGS, VMA_LOCKED_BIT)`, and
    `VM_UFFD_WP | VM_UFFD_MINOR`, of which both may be empty, `mk_vma_flags_from_masks(…)`.
    """

    site: BuildSite

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the set that two or more words make, or None."""
        words = words_of(node)
        if words is None or len(words) < 2 or any(comments_after(words, node, text) or ("",)):
            return None
        masks: list[str] = []
        bits: list[str] = []
        twins: list[str | None] = []
        for word in words:
            match self.site.resolve(word, text):
                case MaskTwin(mask, _):
                    masks.append(mask)
                case Bits(found):
                    twins.append(self.site.table.twin((word.text or b"").decode(errors="replace")))
                    bits += found
                case Refused():
                    return None
        if not masks:
            return None
        if None not in twins:
            # Each has a mask of its own, empty or not: so the headers write it.
            masks, bits = [self._mask(word, text) for word in words], []
        masks, bits = list(dict.fromkeys(masks)), list(dict.fromkeys(bits))
        whole = masks[0] if len(masks) == 1 else f"mk_vma_flags_from_masks({', '.join(masks)})"
        if bits:
            whole = f"append_vma_flags({', '.join((whole, *bits))})"
        return _value(" ".join(sorted(masks + bits)).encode(), whole.encode(), node, text)

    def _mask(self, word: Node, text: bytes) -> str:
        found = self.site.resolve(word, text)
        if isinstance(found, MaskTwin):
            return found.mask
        return self.site.table.twin((word.text or b"").decode(errors="replace")) or ""


class FlagRest(Struct, frozen=True):
    """`flag rest`, `flag list rest`, `flag mask rest`: a mask, less what its test is compared with.

    In `(x & (VM_WRITE | VM_SHARED)) == VM_WRITE` the mask's rest is `VMA_SHARED_BIT`. `form` says
    what the rest has to be: `one` bit, a `list` of bits, or a named `mask`.
    """

    site: BuildSite
    form: Literal["one", "list", "mask"]

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the rest of the mask `node`, or None where it is not of this form, or empty."""
        other = _compared_with(node)
        words = words_of(node)
        wanted = words_of(other) if other is not None else None
        if words is None or wanted is None or any(comments_after(words, node, text) or ("",)):
            return None
        names = [word.text for word in wanted]
        left = [word for word in words if word.text not in names]
        taken = [bits_of(self.site, word, text) for word in wanted]
        if None in taken:
            return None
        held = {bit for bits in taken if bits is not None for bit in bits}
        if self.form == "mask":
            return self._mask(node, left, held, len(words) - len(left) == len(wanted), text)
        return self._bits(node, words, held, text)

    def _mask(
        self, node: Node, left: list[Node], held: set[str], whole: bool, text: bytes
    ) -> BoundValue | None:
        found = self.site.resolve(left[0], text) if len(left) == 1 and whole else None
        if not isinstance(found, MaskTwin) or found.bits is None:
            return None
        if not held.isdisjoint(found.bits):
            return None
        return _value(found.mask.encode(), found.mask.encode(), node, text)

    def _bits(
        self, node: Node, words: list[Node], held: set[str], text: bytes
    ) -> BoundValue | None:
        every: list[str] = []
        for word in words:
            found = bits_of(self.site, word, text)
            if found is None:
                return None
            every += found
        rest = [bit for bit in dict.fromkeys(every) if bit not in held]
        if not rest or not held.issubset(every) or (self.form == "one" and len(rest) != 1):
            return None
        return _value(" ".join(sorted(rest)).encode(), ", ".join(rest).encode(), node, text)


class FlagsOfOwn(Struct, frozen=True):
    """`flag list own`: what a file's own mask is defined as, where that becomes a bitmap."""

    site: BuildSite

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the bits of the mask that a `#define` gives a name that has turned, or None."""
        holder = node.parent
        while holder is not None and holder.kind == "parenthesized_expression":
            holder = holder.parent
        own = self.site.own
        if own is None or holder is None or holder.kind != "preproc_def":
            return None
        name = (holder.children[1].text or b"").decode(errors="replace")
        return Flags(self.site, single=False).match(node, text) if own.is_turned(name) else None


def _compared_with(mask: Node) -> Node | None:
    """Return what `(x & mask)` is compared with, or None."""
    node: Node = mask
    anded = False
    while (parent := node.parent) is not None:
        if parent.kind == "binary_expression":
            operator = parent.children[1].text
            if anded and operator in (b"==", b"!="):
                return parent.children[-1] if node is parent.children[0] else parent.children[0]
            if anded or operator != b"&":
                return None
            anded = True
        elif parent.kind != "parenthesized_expression":
            return None
        node = parent
    return None


def _value(key: bytes, printed: bytes, node: Node, text: bytes) -> BoundValue:
    return BoundValue(key, printed, node, data=text[node.start : node.end])


class BitMetavariable(Struct, frozen=True):
    """`bit`: one bit's name, which plus code prints as the flag's word."""

    table: FlagTable

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the word of `VMA_READ_BIT`, or None where no word is that bit in every configuration."""
        return _word(self.table, node, text, is_mask=False)


class BitMask(Struct, frozen=True):
    """`bit mask`: the name of a bitmap of several bits that has a word for a twin."""

    table: FlagTable

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the twin of `VMA_REMAP_FLAGS`, or None."""
        return _word(self.table, node, text, is_mask=True)


def _word(table: FlagTable, node: Node, text: bytes, is_mask: bool) -> BoundValue | None:
    if node.kind != "identifier":
        return None
    name = (node.text or b"").decode(errors="replace")
    word = table.word(name)
    if word is None or (table.mask(word) is not None) != is_mask:
        return None
    return BoundValue(name.encode(), word.encode(), node, data=text[node.start : node.end])


def refusals(site: BuildSite, node: Node, text: bytes) -> Iterator[tuple[Node, Refused]]:
    """Yield the words of a mask that the table refuses."""
    for word in words_of(node) or []:
        found = site.resolve(word, text)
        if isinstance(found, Refused):
            yield word, found
