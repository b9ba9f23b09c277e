# SPDX-License-Identifier: GPL-2.0-only
"""Mask what a C grammar does not know of the kernel's C, length for length.

In:   a source file's bytes, whatever they are.
Out:  `Prepared`: texts of the same length for tree-sitter-c, one for each variant that the
      conditionals ask for, with a record of all that was masked.  Every offset in a masked text is
      an offset in the original; comments, strings and line ends are where they were.
Left to others: parsing, and looking up what a masked place says in the original.
"""

from collections.abc import Mapping

from msgspec import Struct

from vmaconv.cocci.shim.assembly import mask_assembly
from vmaconv.cocci.shim.attribute_masks import without_attributes
from vmaconv.cocci.shim.conditionals import Arm, Conditional, plan
from vmaconv.cocci.shim.disabled import unreadable
from vmaconv.cocci.shim.gaps import mask_gaps
from vmaconv.cocci.shim.macro_arguments import mask_arguments
from vmaconv.cocci.shim.macro_blocks import mask_blocks
from vmaconv.cocci.shim.macro_definitions import mask_definition
from vmaconv.cocci.shim.macro_items import CODE, ShimPasses
from vmaconv.cocci.shim.macro_statements import mask_statement
from vmaconv.cocci.shim.macros import MacroNames, defined_names, kinds_with
from vmaconv.cocci.shim.overlay import Edits, ShimMark
from vmaconv.cocci.shim.parenthesised import mask_operands
from vmaconv.cocci.text.c_lexer import Directive, Lexed, blank, lex
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import Tokens, tokenize

__all__ = [
    "Arm",
    "Conditional",
    "Directive",
    "MacroNames",
    "ShimMark",
    "Prepared",
    "prepare",
]


_MINIMUM = late_regex(rb"[<>]\?=?")

# A text longer than this (v6.19's longest has 4.1 MB) is no source, and is given back as it is:
# a directive a line would take gigabytes.
TEXT_LIMIT = 16 << 20


class Prepared(Struct, frozen=True):
    """A text made ready for the parser.

    `masked` has one text for each variant, `variant_ranges` the byte ranges of whole conditionals
    within which they differ.  `marks` are by their start offset; an iterator's is where `while`
    now stands.
    """

    original: bytes
    masked: tuple[bytes, ...]
    directives: tuple[Directive, ...]
    conditionals: tuple[Conditional, ...]
    marks: Mapping[int, ShimMark]
    variant_ranges: tuple[tuple[int, int], ...]


def prepare(text: bytes, names: MacroNames = MacroNames()) -> Prepared:  # noqa: B008
    """Mask kernel macros and conditionals, so that tree-sitter-c can parse the text.

    `static int __init f(void) { list_for_each(p, h) { g(p); } }` becomes
    `static int        f(void) { while        (p, h) { g(p); } }`.  Takes any bytes, never raises.
    """
    if len(text) > TEXT_LIMIT:
        return Prepared(text, (text,), (), (), {}, ())
    lexed = lex(text)
    names = names | defined_names(text, lexed.directives)
    kinds = kinds_with(names)
    tokens = tokenize(lexed.clean, kinds)
    planned = plan(text, lexed.directives, tokens)
    masked: list[bytes] = []
    marks = {arm.start: ShimMark(arm.start, arm.end, "dead_arm") for arm in planned.dead}
    for blanks in planned.blanks:
        variant = _variant(lexed, blanks)
        if blanks and tokens is not None:
            tokens = tokenize(variant.clean, kinds)
        edits = Edits(variant.base, variant.clean)
        if tokens is not None:
            work = _mask(tokens, edits, names)
            _mask_minimums(variant.clean, edits)
            for arm in unreadable(work, edits.text(), planned.disabled):
                edits.erase(arm.start, arm.end, "dead_arm")
        masked.append(edits.text())
        for start, mark in edits.marks.items():
            marks.setdefault(start, mark)
    return Prepared(
        text,
        tuple(masked),
        lexed.directives,
        planned.conditionals,
        marks,
        planned.ranges,
    )


def _variant(lexed: Lexed, blanks: tuple[tuple[int, int], ...]) -> Lexed:
    """Blank the arms that a variant does not show."""
    if not blanks:
        return lexed
    clean, base = bytearray(lexed.clean), bytearray(lexed.base)
    for start, end in blanks:
        clean[start:end] = base[start:end] = blank(lexed.base[start:end])
    return Lexed(bytes(clean), bytes(base), lexed.directives)


def _mask_minimums(clean: bytes, edits: Edits) -> None:
    """Show GCC's old operators for the lesser and the greater, `a <? b`, as shifts of two."""
    if clean.find(b"<?") >= 0 or clean.find(b">?") >= 0:
        for match in _MINIMUM.finditer(clean):
            edits.put(match.start(), match.group()[:1] * 2 + match.group()[2:])


def _mask(tokens: Tokens, edits: Edits, names: MacroNames) -> ShimPasses:
    """Run the passes; each sees what the ones before it left."""
    work = ShimPasses(without_attributes(tokens, edits), edits, names)
    mask_blocks(work)
    for call in work.calls():
        if call.context == CODE:
            mask_statement(work, call)
        else:
            mask_definition(work, call)
    mask_operands(work)
    mask_assembly(work)
    mask_gaps(work)
    mask_arguments(work)
    return work
