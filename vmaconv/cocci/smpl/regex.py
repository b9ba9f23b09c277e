# SPDX-License-Identifier: GPL-2.0-only
r"""Regular expressions of constraints, in Python's notation.

In: a regular expression as a rule has it: PCRE, or OCaml's Str after `# spatch --ocaml-regexps`.
Out: Python's, or ValueError with what is wrong. Both sorts know `[[:alpha:]]`, which Python's has
to spell out.
"""

from __future__ import annotations

import re
import warnings

_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "xdigit": "0-9A-Fa-f",
    "punct": "!-/:-@\\[-`{-~",
    "word": r"\w",
}


def python_regex(regex: str, ocaml: bool = False) -> str:
    r"""Return a regular expression in Python's notation; ValueError where there is none.

    >>> python_regex("^[[:upper:]_]+$")
    '^[A-Z_]+$'
    >>> python_regex(r"\(sort\|SORT\)(", ocaml=True)
    '(sort|SORT)\\('
    """
    if ocaml:
        regex = re.sub(r"\\([(|){}])|\\.|[(|){}]", _from_ocaml, regex)
    regex = re.sub(r"\[:(\w+):\]", lambda m: _CLASSES.get(m[1], m[0]), regex)
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(regex.encode(errors="surrogateescape"))
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return regex


def _from_ocaml(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    return match[0] if match[0][0] == "\\" else "\\" + match[0]
