# SPDX-License-Identifier: GPL-2.0-only
"""Rule files that say a thing once for pointers and for objects.

In: a rule file whose description has a line `Objects: V`. Out: the rules, and before each once more
the rule where it declares `V` as a pointer to a struct, with `V` for an object: `V->m` becomes `V.m`,
and what took the pointer takes `&V`.

    // Objects: V
    @test@
    struct foo *V;
    @@
    - V->x == 1
    + foo_is_one(V)

also does `- V.x == 1` / `+ foo_is_one(&V)` for a `struct foo V`. Several names may be given, with
blanks between them: each may be either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import RuleFile
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.flag_metavariables import KIND_WORDS

_OBJECTS = late_regex(r"^// Objects: (\w+(?: +\w+)*)$", re.MULTILINE)
_RULE = late_regex(
    r"^(?P<above>(?://[^\n]*\n)*)@(?P<name>\w*)(?P<rest>[^@\n]*)@\n"
    r"(?P<declared>.*?)^@@\n(?P<code>.*?)(?=^(?://[^\n]*\n)*@|\Z)",
    re.MULTILINE | re.DOTALL,
)


def read_rules(path: Path) -> RuleFile:
    """Parse a rule file of ours, with the forms for objects. Raises `SmplError`, `OSError`."""
    text = path.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    whole, numbers = with_objects(text)
    return parse_text(whole, str(path), KIND_WORDS, numbers)


def with_objects(text: str) -> tuple[str, list[int]]:
    """Return a rule file's text with, before each rule, that for objects.

    The numbers are those of the lines in the file, from 1: a rule for objects has its model's.
    """
    parts = [(text, 1)]
    asked = _OBJECTS.search(text)
    for name in asked[1].split() if asked is not None else ():
        parts = [part for one in parts for part in _with_object(name, *one)]
    numbers = [first + n for part, first in parts for n in range(part.count("\n"))]
    return "".join(part for part, _ in parts), [*numbers, text.count("\n") + 1]


def _with_object(name: str, text: str, first: int) -> Iterator[tuple[str, int]]:
    """Yield pieces of a text and the number of their first line, each rule for objects a piece."""
    at = 0
    for rule in _RULE.finditer(text):
        line = first + text.count("\n", 0, rule.start())
        yield text[at : rule.start()], first + text.count("\n", 0, at)
        if re.search(rf"^struct \w+ \*{name}\b", rule["declared"], re.MULTILINE):
            yield _object_rule(name, rule), line
        yield rule[0], line
        at = rule.end()
    yield text[at:], first + text.count("\n", 0, at)


def _object_rule(name: str, rule: re.Match[str]) -> str:
    declared = re.sub(rf"^(struct \w+ )\*{name}\b", rf"\1{name}", rule["declared"], flags=re.M)
    code = rule["code"].replace(f"{name}->", f"{name}.")
    code = re.sub(rf"(?<![\w&.]){name}\b(?!\.)", f"&{name}", code).rstrip("\n")
    title = f"{rule['name']}_of_{name}" if rule["name"] else ""
    return f"{rule['above']}@{title}{rule['rest']}@\n{declared}@@\n{code}\n\n"
