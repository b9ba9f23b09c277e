# SPDX-License-Identifier: GPL-2.0-only
"""Names that macros paste together.

In: a function's name and the files that may name it by parts. Out: where a macro's call spells the
name: `CALL(probe)` with `#define CALL(n) n##_mmap(...)`. A search for the name does not find these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.facts.sources import Sources

_DEFINE = late_regex(
    rb"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^()]*)\)((?:[^\\\n]|\\(?:.|\r?\n))*##(?:[^\\\n]|\\(?:.|\r?\n))*)",
    re.MULTILINE,
)
_PASTED = late_regex(rb"\b\w+(?:\s*##\s*\w+)+")


def pasted(sources: Sources, paths: Iterable[str], name: bytes) -> HeaderPlace | None:
    """Return a place where a macro that one of the files, or a header beside it, defines spells
    `name`; None where none does."""
    for path in paths:
        folder = path.rpartition("/")[0]
        headers = [h for h in sources.includes(path) if h.rpartition("/")[0] == folder]
        for file in (path, *headers):
            text = sources.unit(file).text
            if b"##" not in text:
                continue
            for define in _DEFINE.finditer(text):
                place = _spelt(sources, path, define, name)
                if place is not None:
                    return place
    return None


def _spelt(sources: Sources, path: str, define: re.Match[bytes], name: bytes) -> HeaderPlace | None:
    parameters = [p.strip() for p in define[2].split(b",")]
    pieces = [re.split(rb"\s*##\s*", one) for one in _PASTED.findall(define[3])]
    unit = sources.unit(path)
    for call in re.finditer(rb"\b" + re.escape(define[1]) + rb"\s*\(([^()]*)", unit.text):
        if unit.text[: call.start()].rstrip(b" \t").endswith(b"define"):
            continue
        arguments = [a.strip() for a in call[1].split(b",")]
        given = dict(zip(parameters, arguments, strict=False))
        if any(b"".join(given.get(p, p) for p in piece) == name for piece in pieces):
            return HeaderPlace(path, unit.line(call.start()))
    return None
