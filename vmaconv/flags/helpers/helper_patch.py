# SPDX-License-Identifier: GPL-2.0-only
"""Give a tree the flag helpers that it lacks, and take the descriptor's legacy field away.

In: a tree that has `vma_flags_t` and none of the helpers (plain Linux v6.19). Out: `FileEdits`, the
bytes that change in its headers and in `tools/testing/vma`. Nothing is written. The helpers are
those of `generation`'s v7.0 row and their text is in `texts/`; a tree that has helpers, of
whatever generation, needs no edits. Renaming what the tree has, converting what uses the field and
making a patch of the edits are left to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.flags.headers.header_lines import read_header
from vmaconv.flags.helpers.anchors import AnchorSource, HelperPatchError
from vmaconv.flags.helpers.generation import detect
from vmaconv.flags.helpers.texts import read_text
from vmaconv.flags.table.flag_table import read_flag_table

__all__ = ["FileEdits", "HelperPatchError", "add_helpers", "remove_legacy_field"]

_TYPES = "include/linux/mm_types.h"
_HELPERS = "include/linux/mm.h"
_UNROLL = "include/linux/unroll.h"
_TEST_HEADER = "tools/testing/vma/vma_internal.h"
_TEST = "tools/testing/vma/vma.c"

_DESCRIPTOR = b"vm_area_desc"

# The helpers go behind what they stand beside in the tree, by whatever name it has there.
_NEIGHBOURS = (b"vma_test_atomic_flag", b"vma_flag_test_atomic", b"vm_flags_mod")
_TEST_NEIGHBOURS = (b"vma_flags_clear_word", b"vm_flags_clear")


PLAIN_VALUE = "let sparse accept vma_flags_t as a value"
"""The edit that takes `__private` from the type: one idea of its own."""


class FileEdits(Struct, frozen=True):
    """The edits of one file: path in the tree, its bytes, and what replaces some of them."""

    path: str
    before: bytes
    edits: tuple[Edit, ...]

    @property
    def after(self) -> bytes:
        """The file's bytes with the edits made."""
        return apply(self.before, self.edits)


# --- The first patch: the helpers come --------------------------------------------------------


def add_helpers(
    root: Path, masks: Sequence[str] = ("VM_REMAP_FLAGS",), tests: bool = True
) -> tuple[FileEdits, ...]:
    """Plan the edits that give the tree the v7.0 helpers; none if it has helpers.

        #define VMA_REMAP_FLAGS mk_vma_flags(VMA_IO_BIT, VMA_PFNMAP_BIT,    \\
                                             VMA_DONTEXPAND_BIT, VMA_DONTDUMP_BIT)

    is put under each of `masks`, compounds of `include/linux/mm.h` that have no such twin yet.
    `tests` adds to `tools/testing/vma`, which has a copy of these headers that `mm/vma.c` is
    compiled with; a tree without that folder gets none.

    Raises `HelperPatchError`, and `KernelTreeError` where a header is missing.
    """
    generation = detect(root)
    if generation.name != "none":
        if (build := generation.helper("build")) and build.place is None:
            raise HelperPatchError(
                "helpers-half",
                root / str(generation.decided_by),
                "the tree declares this helper, but not mk_vma_flags()",
                "undo what was begun, or add the rest by hand",
            )
        return ()
    edits = [_type_header(root), _helper_header(root, masks)]
    if tests and (root / _TEST_HEADER).is_file():
        edits += [_test_header(root), _test(root)]
    return tuple(edit for edit in edits if edit.edits)


def _type_header(root: Path) -> FileEdits:
    source = _read(root, _TYPES)
    return _edits(source, _set_type(source))


def _set_type(source: AnchorSource) -> Iterator[Edit]:
    """Add the empty set behind `vma_flags_t`, and let sparse accept the type as a value.

        } __private vma_flags_t;

    makes sparse warn of each set that is passed or returned ("dereference of noderef expression"),
    which is what the helpers do; the tree at Linux v7.2 has the type without `__private`.
    """
    typedef = source.typedef(b"vma_flags_t")
    if typedef is None:
        raise source.error(
            "no-bitmap",
            "there is no vma_flags_t",
            "convert a tree that has this type; Linux v6.19 is the first",
        )
    if private := re.search(rb"__private\s+(?=vma_flags_t\s*;$)", source.slice(typedef)):
        start = typedef.start + private.start()
        end = typedef.start + private.end()
        yield Edit(start, end, b"", PLAIN_VALUE)
    yield _insert(source, source.after_typedef(typedef), read_text("mm_types.h"))


def _helper_header(root: Path, masks: Sequence[str]) -> FileEdits:
    source = _read(root, _HELPERS)
    edits = [_insert(source, source.after_function(_NEIGHBOURS), read_text("mm.h"))]
    edits += _twins(root, source, masks)
    unroll = _read(root, _UNROLL)
    if b"unrolled_full" not in unroll.text:
        remedy = "define it, or use a newer tree"
        raise unroll.error("anchor-missing", "there is no unrolled_full", remedy)
    if b"<linux/unroll.h>" not in source.text:
        edits.append(_insert(source, source.after_includes(), b"#include <linux/unroll.h>\n"))
    return _edits(source, edits)


def _twins(root: Path, source: AnchorSource, masks: Sequence[str]) -> Iterator[Edit]:
    table = read_flag_table(root)
    for name in masks:
        mask = table.mask(name)
        place = source.after_define(name)
        if mask is None or mask.twin is not None or place is None:
            continue
        if not mask.members:
            raise source.error(
                "mask-unfit",
                f"{name} is not the same set of bits in every configuration",
                "leave it out, or define its twin by hand",
                place - 1,
            )
        yield _insert(source, place, _twin(name, mask.members))


def _twin(name: str, bits: Sequence[str]) -> bytes:
    """Define a mask's twin, in 80 columns: `VM_SPECIAL` gets `VMA_SPECIAL_FLAGS`."""
    twin = "VMA_" + name.removeprefix("VM_")
    if not re.search(r"_(?:FLAGS|MASK)$", twin):
        twin += "_FLAGS"
    line = f"#define {twin} mk_vma_flags("
    indent = len(line)
    done: list[str] = []
    for number, bit in enumerate(bits):
        piece = bit + (")" if number == len(bits) - 1 else ",")
        if number and len(line) + len(f" {piece} \\") > 80:
            done.append(f"{line} \\\n")
            line = " " * indent + piece
        else:
            line += f" {piece}" if number else piece
    text = "".join([*done, line, "\n"])
    return re.sub(r"(?m)^ +", _tabs, text).encode()


def _tabs(spaces: re.Match[str]) -> str:
    return "\t" * (len(spaces[0]) // 8) + " " * (len(spaces[0]) % 8)


# --- tools/testing/vma -------------------------------------------------------------------------


def _test_header(root: Path) -> FileEdits:
    """Edit the copy of the kernel's headers, which brings its own few bitmap functions."""
    source = _read(root, _TEST_HEADER)
    own = read_text("vma_internal.h")
    for name in re.findall(rb"(?m)^(?:#define|static inline [\w ]+?) (\w+)(?=\(|$)", own):
        if re.search(rb"\b%s\b" % name, blank_out(source.text)):
            raise source.error(
                "anchor-ambiguous",
                f"it has {name.decode()} already",
                "leave the tests out, or add the helpers to them by hand",
            )
    text = own + read_text("mm.h")
    place = source.after_function(_TEST_NEIGHBOURS)
    return _edits(source, [*_set_type(source), _insert(source, place, text)])


def _test(root: Path) -> FileEdits:
    source = _read(root, _TEST)
    text = read_text("vma.c")
    names = re.findall(rb"(?m)^static bool test_(\w+)\(void\)$", text)
    calls = b"\n" + b"".join(b"\tTEST(%s);\n" % name for name in names)
    return _edits(
        source,
        [
            _insert(source, source.before_function(b"main"), text),
            _insert(source, _after_last_call(source), calls),
        ],
    )


def _after_last_call(source: AnchorSource) -> int:
    """Find the line after the last `TEST(name);` of `main()`."""
    calls = [
        node.end
        for function in source.functions(b"main")
        for node in function.walk()
        if node.kind == "expression_statement" and node.tokens()[:2] == [b"TEST", b"("]
    ]
    if not calls:
        raise source.error(
            "anchor-missing", "main() calls no TEST()", "leave the tests out, or add them by hand"
        )
    return source.after_line(max(calls))


# --- The last patch: the legacy field goes ----------------------------------------------------


def remove_legacy_field(root: Path) -> tuple[FileEdits, ...]:
    """Plan the edits that leave `struct vm_area_desc` its bitmap field alone; none if it is alone.

        union {
                vm_flags_t vm_flags;
                vma_flags_t vma_flags;
        };

    becomes `vma_flags_t vma_flags;`. So it does in the copy that `tools/testing/vma` has, together
    with that copy's initialisers. The caller has seen to it that nothing else uses the field.

    Raises `HelperPatchError`, and `KernelTreeError` where the header is missing.
    """
    source = _read(root, _TYPES)
    struct = source.struct(_DESCRIPTOR)
    if struct is None:
        raise source.error(
            "anchor-missing", "there is no struct vm_area_desc", "convert a tree that has it"
        )
    edits = [_edits(source, _without_legacy(source, struct))]
    if (root / _TEST_HEADER).is_file():
        test = _read(root, _TEST_HEADER)
        if copy := test.struct(_DESCRIPTOR):
            edits.append(_edits(test, [*_without_legacy(test, copy), *_uses(test)]))
    return tuple(edit for edit in edits if edit.edits)


def _without_legacy(source: AnchorSource, struct: Node) -> list[Edit]:
    for field in _fields(struct):
        names = _members(field)
        if names == {b"vma_flags"}:
            return []
        if b"vm_flags" not in names:
            continue
        union = field.children[0]
        if names != {b"vm_flags", b"vma_flags"} or union.kind != "union_specifier":
            raise source.error(
                "no-bitmap",
                "struct vm_area_desc has no union of vm_flags and vma_flags",
                "convert a tree that has both fields; Linux v6.19 is the first",
                field.start,
            )
        kept = next(f for f in _fields(union) if _members(f) == {b"vma_flags"})
        return [Edit(field.start, field.end, source.slice(kept), "remove the legacy field")]
    raise source.error(
        "no-bitmap", "struct vm_area_desc has no flags", "convert a tree that has them"
    )


def _fields(struct: Node) -> list[Node]:
    body = next((c for c in struct.children if c.kind == "field_declaration_list"), None)
    return [c for c in body.children if c.kind == "field_declaration"] if body else []


def _members(field: Node) -> set[bytes]:
    """Name what a field declares; for an unnamed union, what its members are called."""
    names = {found.name for found in declared(field)}
    first = field.children[0]
    if not names and first.kind in ("union_specifier", "struct_specifier"):
        return {name for inner in _fields(first) for name in _members(inner)}
    return names


def _uses(source: AnchorSource) -> Iterator[Edit]:
    """Convert the initialisers of descriptors in a file; refuse any other use of the field."""
    unit = Unit(source.path, source.text)
    types = ExpressionTypes(unit)
    for chunk in unit.chunks_with(_DESCRIPTOR):
        for item in chunk.items():
            for node in item.walk():
                if node.kind == "initializer_pair" and _initialises(node):
                    yield from _initialiser(source, node)
                elif _is_member(node) and _is_descriptor(types.of(node.children[0])):
                    raise source.error(
                        "legacy-used",
                        "the descriptor's vm_flags is still used",
                        "convert this use first",
                        node.start,
                    )


def _is_member(node: Node) -> bool:
    return node.kind == "field_expression" and node.children[-1].text == b"vm_flags"


def _is_descriptor(ctype: CType | None) -> bool:
    return ctype is not None and ctype.base == b"struct vm_area_desc"


def _initialises(pair: Node) -> bool:
    """Say whether a pair is `.vm_flags = …` in a descriptor's initialiser."""
    declaration = pair.enclosing("declaration")
    return (
        pair.children[0].tokens() == [b".", b"vm_flags"]
        and declaration is not None
        and any(_is_descriptor(found.type) for found in declared(declaration))
    )


def _initialiser(source: AnchorSource, pair: Node) -> Iterator[Edit]:
    value = pair.children[-1]
    if not _is_member(value):
        raise source.error(
            "legacy-used",
            "the descriptor's vm_flags is initialised from a word",
            "convert this initialiser first",
            pair.start,
        )
    name = pair.children[0].children[-1]
    member = value.children[-1]
    rule = "initialise the bitmap field"
    yield Edit(name.start, name.end, b"vma_flags", rule)
    yield Edit(member.start, member.end, b"flags", rule)


# --- Edits ------------------------------------------------------------------------------------


def _read(root: Path, path: str) -> AnchorSource:
    return AnchorSource(root, path, read_header(root, path))


def _insert(source: AnchorSource, offset: int, text: bytes) -> Edit:
    """Put lines in; where the line before has no end yet, give it one."""
    open_line = offset > 0 and source.text[offset - 1 : offset] != b"\n"
    lines = (b"\n" if open_line else b"") + text
    return Edit(offset, offset, source.lines(lines), "add the flag helpers")


def _edits(source: AnchorSource, edits: Iterable[Edit]) -> FileEdits:
    return FileEdits(source.path, source.text, tuple(sorted(edits)))
