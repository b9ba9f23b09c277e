# SPDX-License-Identifier: GPL-2.0-only
"""Keep operands in parentheses from being read as casts.

In:   tokens without attributes.
Out:  edits: in `(f()) - x`, `(f((a))) * x` and `(n * (a)) & x`, where the grammar sees a cast to a
      function type (C has none, C11 6.5.4), the name becomes a number of the same length, which
      cannot be a type.
Left to others: `(x) - y` and `(x)(y)`, which depend on what `x` is.
"""

from vmaconv.cocci.shim.macro_items import ShimPasses
from vmaconv.cocci.text.late_regex import late_regex

_CALL = late_regex(rb"\((?<![iTOASa\])]\()i(?P<stars>\**)\((?!\*)")
_SIGNS = frozenset({b"+", b"-"})


def mask_operands(work: ShimPasses) -> None:
    """Overwrite the names of functions and factors at the start of an operand in parentheses."""
    tokens = work.tokens
    kinds = tokens.kinds
    for match in _CALL.finditer(kinds):
        opening = match.end() - 1
        closing = tokens.partner[opening]
        if closing < 0 or tokens.at(closing + 1) not in b")":
            continue
        follows = closing + 2
        after = tokens.at(follows)
        signed = (
            after in b"o" and tokens.text[tokens.starts[follows] : tokens.ends[follows]] in _SIGNS
        )
        size = tokens.at(match.start() - 1) in b"z"
        if size or signed or after in b"*&":
            name = opening - 1 - len(match["stars"])
            start, end = tokens.starts[name], tokens.ends[name]
            if work.edits.put(start, b"0" * (end - start)):
                work.edits.mark(start, end, "operand")
