# SPDX-License-Identifier: GPL-2.0-only
"""Tell C from prose in the arms that no build compiles.

In:   a masked text and the arms of `#if 0` in it.
Out:  those arms that the grammar cannot follow, to be blanked.
Left to others: blanking them.
"""

from collections.abc import Iterable

import tree_sitter_c
from tree_sitter import Language, Parser

from vmaconv.cocci.shim.conditionals import Arm
from vmaconv.cocci.shim.macro_items import CODE, ENUM, FIELDS, LIST, ShimPasses

_AROUND = {
    CODE: (b"void f(void) {\n", b"\n;}\n"),
    FIELDS: (b"struct s {\n", b"\n};\n"),
    ENUM: (b"enum e { FIRST,\n", b"\n};\n"),
    LIST: (b"int a[] = {\n", b"\n};\n"),
}
_LANGUAGE = Language(tree_sitter_c.language())


def unreadable(work: ShimPasses, masked: bytes, arms: Iterable[Arm]) -> list[Arm]:
    """Return the arms that do not parse in the place where they stand.

    `f(x);` in a function's `#if 0` parses, `this does not work yet` is unreadable.
    """
    found = []
    parser = Parser(_LANGUAGE)
    for arm in arms:
        body = masked[arm.start : arm.end]
        if not body or body.isspace():
            continue
        context = work.context(work.tokens.first_from(arm.start))
        before, after = _AROUND.get(context, (b"", b""))
        if parser.parse(before + body + after).root_node.has_error:
            found.append(arm)
    return found
