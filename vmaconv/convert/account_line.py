# SPDX-License-Identifier: GPL-2.0-only
"""The `// Account:` line of a rule file: which member's uses are accounted for.

In: rule files, and a tree's files that name the member's struct. Out: the member, or an error with
the line: a misspelt member would be accounted for as if it were used nowhere.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.smpl.rule import Place, SmplError
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_source
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import fields
from vmaconv.uses.member_uses import Member

_FIELD = re.compile(r"//\s*(?P<key>[A-Za-z]+)\s*:\s*(?P<value>.*)")
_MEMBER = re.compile(r"((?:struct|union) \w+)\.(\w+)")
_FORM = "write as in // Account: struct vm_area_desc.vm_flags"


def account_of(paths: Sequence[Path]) -> tuple[Member, SmplError] | None:
    """Return the member that rule files account for, with the error to raise if nothing has it.

    None where no file has such a line. Raises `SmplError` for a line that names no member, or for
    two that name different ones.
    """
    found: tuple[Member, SmplError] | None = None
    for path in paths:
        for number, line, value in _lines(path):
            match = _MEMBER.fullmatch(value.strip())
            if match is None:
                raise _error(path, number, line, f"`{value.strip()}` names no member", _FORM)
            member = Member(match[1].encode(), match[2].encode())
            if found is not None and found[0] != member:
                what = "an account is kept of one member, and another is named already"
                raise _error(path, number, line, what, "leave one of the two lines")
            found = found or (member, _error(path, number, line, "", ""))
    return found


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the `Account:` lines of a file's head: number from 1, text and value."""
    lines = path.read_text("utf-8", "surrogateescape").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("//"):
            return
        match = _FIELD.match(line.lstrip())
        if match is None:
            continue
        if match["key"] == "Account":
            yield number, line, match["value"]
        elif difflib.get_close_matches(match["key"].lower(), ["account"], cutoff=0.8):
            what = f"`{match['key']}:` is no field of a rule file"
            raise _error(path, number, line, what, _FORM)


def _error(path: Path, number: int, line: str, what: str, remedy: str) -> SmplError:
    return SmplError("bad-account", Place(str(path), number, 0), what, remedy, line)


def unknown_member(root: Path, paths: Sequence[str], member: Member) -> tuple[str, str] | None:
    """Say what a tree lacks of a member, and what to do; None where it has it.

    `paths` are the files that name the struct's tag.
    """
    struct, name = member.struct.decode(), member.name.decode()
    head = re.compile(re.escape(member.struct).replace(rb"\ ", rb"\s+") + rb"\b[^;{}()=]*\{")
    others: list[str] = []
    defined = False
    for path in paths:
        try:
            text = read_source(root, path)
        except SourceError:
            continue
        for match in head.finditer(text):
            defined = True
            for item in _definitions(Unit(path, text), match.start(), member):
                # A member that a macro declares is only a word to us.
                if member.name in item.tokens():
                    return None
                others += [field.name.decode() for field in fields(item)]
    if not defined:
        return f"the tree defines no {struct}", "see its spelling"
    near = difflib.get_close_matches(name, others, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "see its spelling"
    return f"{struct} has no member {name} in this tree", hint


def _definitions(unit: Unit, offset: int, member: Member) -> Iterator[Node]:
    for item in unit.chunk_at(offset).items():
        for node in item.walk():
            if node.kind in ("struct_specifier", "union_specifier") and any(
                child.text == member.struct.split()[1] for child in node.children
            ):
                yield node
