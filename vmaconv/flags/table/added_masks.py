# SPDX-License-Identifier: GPL-2.0-only
"""Masks that a header lacks: for flags that some configurations do not have, and for named compounds.

In: what `include/linux/mm.h` defines, and words (`VM_SHADOW_STACK`, `VM_LOCKED_MASK`). Out: the
definitions with a mask for each word beside it, and the edits that write them, in the way in which the
header has `VMA_DROPPABLE`:

    #define VM_SHADOW_STACK         VM_NONE
    #define VMA_SHADOW_STACK        EMPTY_VMA_FLAGS
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.lines.layout import COLUMNS, break_line
from vmaconv.flags.headers.header_lines import Define, read_lines
from vmaconv.flags.table.definition_terms import NamedBit, NamedWord, Term, read_terms
from vmaconv.flags.table.flag_definitions import Definition, Definitions
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin

RULE = "mask"


def mask_name(word: str) -> str:
    """Return what the mask of a word is called.

    >>> mask_name("VM_SHADOW_STACK")
    'VMA_SHADOW_STACK'
    """
    return word.replace("VM_", "VMA_", 1)


def with_masks(
    root: Path, definitions: Definitions, words: Sequence[str], makers: Collection[str]
) -> tuple[Definitions, tuple[str, ...]]:
    """Return the definitions with masks for those of `words` that lack one, and these words.

    A word that the header does not define, that has a mask or is a flag that is the same bit everywhere,
    and one whose mask the header could not write, is passed over. `makers` are the functions
    that may be called to put masks together.
    """
    added: list[str] = []
    table = FlagTable(root, definitions)
    for word in words:
        name = mask_name(word)
        lines = definitions.lines.get(word, ())
        if not lines or name in definitions.lines:
            continue
        found = table.resolve(word)
        if isinstance(found, MaskTwin) or (isinstance(found, Bits) and table.flag(word)):
            continue
        bodies = [_body(one.terms, table) for one in lines]
        if any(body is None or not _is_made_by(makers, body) for body in bodies):
            continue
        masks = tuple(
            Definition(one.terms, body or "", one.place, one.condition)
            for one, body in zip(lines, bodies, strict=True)
        )
        known: Mapping[str, tuple[Definition, ...]] = {**definitions.lines, name: masks}
        definitions = Definitions(known, definitions.bits, definitions.declares_bits)
        table = FlagTable(root, definitions)
        added.append(word)
    return definitions, tuple(added)


def _is_made_by(makers: Collection[str], body: str) -> bool:
    """Whether a mask's definition calls nothing but `makers`, and what makes bits a bitmap."""
    return all(name in (*makers, "mk_vma_flags") for name in re.findall(r"(\w+)\(", body))


def mask_edits(text: bytes, path: str, words: Iterable[str], table: FlagTable) -> Iterator[Edit]:
    """Yield the edits that put a mask under each definition of `words` in a header's text.

    One that the header has already is not written again.
    """
    wanted = set(words)
    defines = [line for line in read_lines(text, path) if isinstance(line, Define)]
    present = {line.name for line in defines}
    starts = [0, *(match.end() for match in re.finditer(rb"\n", text))]
    for line in defines:
        name = mask_name(line.name)
        if line.name not in wanted or line.params is not None or name in present:
            continue
        body = _body(read_terms(line.body, {}), table)
        if body is None:
            continue
        end = starts[line.place.line - 1]
        while True:
            newline = text.find(b"\n", end)
            end = newline + 1 if newline >= 0 else len(text)
            if not text[:end].rstrip(b"\r\n").endswith(b"\\"):
                break
        gap = re.match(
            rb"[ \t]*#[ \t]*define[ \t]+\w+([ \t]+)", text[starts[line.place.line - 1] : end]
        )
        between = (gap[1] if gap is not None else b" ").decode()
        yield Edit(end, end, _line(f"#define {name}{between}", body).encode(), RULE)


def _line(head: str, body: str) -> str:
    """Write a definition, its arguments below one another where it is too long for one line."""
    pieces = break_line(f"{head}{body}".encode(), most=COLUMNS)
    if len(pieces) > 1:
        # Each line but the last ends in a blank and a backslash.
        pieces = break_line(f"{head}{body}".encode(), most=COLUMNS - 2)
    return " \\\n".join(piece.decode() for piece in pieces) + "\n"


def _body(terms: Sequence[Term], table: FlagTable) -> str | None:
    """Write what a mask is defined as; None where a term is nothing that the header can name."""
    bits: list[str] = []
    masks: list[str] = []
    for term in terms:
        match term:
            case NamedBit(bit):
                bits.append(bit)
            case NamedWord(word):
                match table.resolve(word):
                    case Bits(found):
                        bits += found
                    case MaskTwin(mask, _):
                        masks.append(mask)
                    case _:
                        return None
            case _:
                return None
    bits, masks = list(dict.fromkeys(bits)), list(dict.fromkeys(masks))
    if not masks:
        return f"mk_vma_flags({', '.join(bits)})" if bits else "EMPTY_VMA_FLAGS"
    whole = masks[0] if len(masks) == 1 else f"mk_vma_flags_from_masks({', '.join(masks)})"
    return f"append_vma_flags({', '.join((whole, *bits))})" if bits else whole
