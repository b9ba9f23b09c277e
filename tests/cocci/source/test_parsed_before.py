# SPDX-License-Identifier: GPL-2.0-only
"""What was made of a text is used again where the text comes again, and nowhere else."""

from __future__ import annotations

import pytest

from vmaconv.cocci.text.chunks import cut
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Chunk, Unit

FIRST = b"static int first(struct a *a)\n{\n\tif (a->x)\n\t\treturn 1;\n\treturn 0;\n}\n"
SECOND = b"int second(int b)\n{\n\tfoo_for_each(b) {\n\t\tg(b);\n\t}\n\treturn first(b);\n}\n"
THIRD = b"#ifdef CONFIG_X\nint third;\n#else\nlong third;\n#endif\n"


def shape(chunk: Chunk) -> list[tuple[str, int, int, bytes | None]]:
    """Return all nodes of a chunk, with their places."""

    def parts(node: Node) -> tuple[str, int, int, bytes | None]:
        return node.kind, node.start, node.end, node.text

    return [parts(node) for item in chunk.items() for node in item.walk()]


@pytest.mark.parametrize(
    "after",
    [
        FIRST.replace(b"x", b"longer") + SECOND + THIRD,
        FIRST + SECOND.replace(b"g(b)", b"h(b, b)") + THIRD,
        SECOND + FIRST + FIRST + THIRD,
        FIRST + b"#define foo_for_each(p) while (p--)\n" + SECOND + THIRD,
        b"",
    ],
    ids=["before it", "in it", "moved and twice", "a macro defined", "gone"],
)
def test_a_chunk_of_before_reads_as_if_it_were_read_anew(after: bytes) -> None:
    before = Unit("a.c", FIRST + SECOND + THIRD)
    for chunk in before.chunks:
        shape(chunk)
    known = Unit("a.c", after, None, before.parsed())
    fresh = Unit("a.c", after)
    assert [shape(c) for c in known.chunks] == [shape(c) for c in fresh.chunks]
    assert [c.errors for c in known.chunks] == [c.errors for c in fresh.chunks]


def test_a_chunk_that_stays_is_not_parsed_again() -> None:
    before = Unit("a.c", FIRST + SECOND)
    kept = before.chunks[0].root
    after = Unit("a.c", FIRST + SECOND.replace(b"g(b)", b"h(b)"), None, before.parsed())
    assert after.chunks[0].root is kept
    assert after.chunks[1].root is not before.chunks[1].root


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"struct tag {\n\tint a;\n};\n", 1),
        (b"struct tag /* one, of = many */\n{\n\tint a;\n};\n", 1),
        (b"struct __packed tag {\n\tint a;\n};\n", 1),
        (b"struct outer {\n\tint b;\n\tstruct tag {\n\t\tint a;\n\t} in;\n};\n", 1),
        (b"struct_group_tagged(tag, in,\n\tint a;\n);\n", 1),
        (b"int f(struct tag *t)\n{\n\treturn 0;\n}\n", 0),
        (b"int f(struct my_tag t)\n{\n\treturn 0;\n}\n", 0),
        (b"struct tag;\nint f(void)\n{\n\treturn 0;\n}\n", 0),
    ],
)
def test_only_what_may_define_a_tag_is_parsed_for_it(text: bytes, found: int) -> None:
    assert len(Unit("a.h", text).chunks_defining(b"tag")) == found


@pytest.mark.parametrize("blanks", [b"", b"  "])
def test_a_directive_in_the_first_line_counts(blanks: bytes) -> None:
    text = blanks + b"#if A\nint f(void)\n{\n#else\nint g(void)\n{\n#endif\n}\nint h(void)\n{\n}\n"
    first, second = cut(text)
    assert text[slice(*first)].endswith(b"#endif\n}\n")
    assert text[slice(*second)].startswith(b"int h")
