# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on variables at file level that start with something else than before.

In: a variable's declaration on both sides, and its file after the change. Out: a `Judgement`: it differs
where one of its members is another function that has to do with flags; what is about flags otherwise
is undecided, and the rest is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from vmaconv.prove.comparing.changed_names import ChangedVariable
from vmaconv.prove.headers.header_index import SourceFile
from vmaconv.prove.meaning.side_facts import TALKS_OF_FLAGS
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_MEMBER = re.compile(rb"\. (\w+) = (?:& )?(\w+)(?= [,}])")
_WORD = re.compile(r"\w+")


def judge_variable(
    name: str,
    changed: ChangedVariable,
    file: SourceFile,
    renamed: Mapping[str, str],
    hot: frozenset[str],
) -> Judgement:
    """Return the verdict on a variable; `renamed` gives functions their names before."""
    old, new = (
        {m[1].decode(): m[2].decode() for m in _MEMBER.finditer(text)}
        for text in (changed.before, changed.after)
    )
    for member, now in new.items():
        was = old.get(member, now)
        if renamed.get(now, now) == was or not (
            _is_about_flags(was, file) or _is_about_flags(now, file)
        ):
            continue
        sides = (f"{was}()", changed.line_before), (f"{now}()", changed.line)
        text = f"{name}.{member}"
        example = Example((), (), *(Side(line, text, value) for value, line in sides))
        reason = f".{member} is another function than before"
        return Judgement(file.path, name, changed.line, Verdict.DIFFERS, reason, example)
    words = {
        w for text in (changed.before, changed.after) for w in _WORD.findall(text.decode("latin-1"))
    }
    if words & hot or any(TALKS_OF_FLAGS.search(t) for t in (changed.before, changed.after)):
        reason = "what a variable starts with changed"
        return Judgement(file.path, name, changed.line, Verdict.UNDECIDED, reason)
    reason = "what a variable starts with changed, and has nothing to do with flags"
    return Judgement(file.path, name, changed.line, Verdict.NOT_JUDGED, reason)


def _is_about_flags(function: str, file: SourceFile) -> bool:
    return any(
        TALKS_OF_FLAGS.search(file.text, spot.start, spot.end)
        for spot in file.spots.get(function, ())
    )
