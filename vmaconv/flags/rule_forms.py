# SPDX-License-Identifier: GPL-2.0-only
"""Rule files that say a thing once for pointers and for objects.

In: a rule file whose description has a line `Objects: V`. Out: the rules, and before them once more
each rule that declares `V` as a pointer to a struct, with `V` for an object: `V->m` becomes `V.m`,
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
from pathlib import Path

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import RuleFile
from vmaconv.flags.flag_metavariables import KIND_WORDS

_OBJECTS = re.compile(r"^// Objects: (\w+(?: +\w+)*)$", re.MULTILINE)
_RULE = re.compile(
    r"^(?P<above>(?://[^\n]*\n)*)@(?P<name>\w*)(?P<rest>[^@\n]*)@\n"
    r"(?P<declared>.*?)^@@\n(?P<code>.*?)(?=^(?://[^\n]*\n)*@|\Z)",
    re.MULTILINE | re.DOTALL,
)


def read_rules(path: Path) -> RuleFile:
    """Parse a rule file of ours, with the forms for objects. Raises `SmplError`, `OSError`."""
    text = path.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    whole = with_objects(text)
    if whole != text:
        # Errors are to name the lines of the file.
        parse_text(text, str(path), KIND_WORDS)
    return parse_text(whole, str(path), KIND_WORDS)


def with_objects(text: str) -> str:
    """Return a rule file's text with the rules for objects before the others."""
    asked = _OBJECTS.search(text)
    rules = list(_RULE.finditer(text))
    if asked is None or not rules:
        return text
    first = rules[0].start()
    made: list[str] = []
    for name in asked[1].split():
        for rule in [*_RULE.finditer("".join(made)), *rules]:
            if re.search(rf"^struct \w+ \*{name}\b", rule["declared"], re.MULTILINE):
                made.append(_object_rule(name, rule))
    return "".join((text[:first], *made, text[first:]))


def _object_rule(name: str, rule: re.Match[str]) -> str:
    declared = re.sub(rf"^(struct \w+ )\*{name}\b", rf"\1{name}", rule["declared"], flags=re.M)
    code = rule["code"].replace(f"{name}->", f"{name}.")
    code = re.sub(rf"(?<![\w&.]){name}\b(?!\.)", f"&{name}", code).rstrip("\n")
    title = f"{rule['name']}_of_{name}" if rule["name"] else ""
    return f"{rule['above']}@{title}{rule['rest']}@\n{declared}@@\n{code}\n\n"
