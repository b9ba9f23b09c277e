# SPDX-License-Identifier: GPL-2.0-only
"""Regular expressions that are compiled when they are first asked for something.

In: what `re.compile` takes. Out: what it gives, as far as anybody can see. There are some four hundred of
them in vmaconv, of which a run of one rule file uses a fifth: compiling those of the modules that it loads
took longer than anything else at its start.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast

_ASKED = ("finditer", "findall", "fullmatch", "match", "pattern", "search", "split", "sub", "subn")


class _LateRegex(Generic[AnyStr]):
    """A regular expression whose methods are those of the compiled one, once there is one."""

    __slots__ = ("_flags", "_source", *_ASKED)

    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        # Asked for what has no value yet only: from the second time on a method costs what it does.
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for asked in _ASKED:
            setattr(self, asked, getattr(compiled, asked))
        return getattr(compiled, name)


def late_regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what stands for `re.compile(source, flags)`; for constants of a module.

    A mistake in `source` raises `re.error` at the first use; tests look at all constants.

    >>> late_regex(rb"(get|put)_").match(b"get_page")[1]
    b'get'
    """
    return cast("re.Pattern[AnyStr]", _LateRegex(source, flags))
