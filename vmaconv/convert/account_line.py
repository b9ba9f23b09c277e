# SPDX-License-Identifier: GPL-2.0-only
"""The `// Account:` line of a rule file: what is accounted for, and its `// Files:` line.

In: rule files, and a tree's files that name the member's struct. Out: the member and names beside it,
and words of further files that the rules are for; or an error with the line: a misspelt member would be
accounted for as if it were used nowhere.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_source
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import fields
from vmaconv.convert.accounted import Accounted
from vmaconv.uses.member_uses import Member
from vmaconv.uses.named_uses import AccountedNames

_FIELD = late_regex(r"//\s*(?P<key>[A-Za-z]+)\s*:\s*(?P<value>.*)")
_MEMBER = late_regex(r"((?:struct|union) \w+)\.(\w+)")
_NAMES = late_regex(r"(?!struct\b|union\b)\w+(?:\(\))?(?:\s+\w+(?:\(\))?)*")
_FORM = "write as in // Account: struct vm_area_desc.vm_flags"


def account_of(paths: Sequence[Path]) -> tuple[Accounted, SmplError] | None:
    """Return what rule files account for, with the error to raise if no struct has the member.

        // Account: struct vm_area_struct.vm_flags
        // Account: vm_flags_set() vm_flags_clear() vm_flags_t
        // Files: def_flags

    None where no file has such a line. Raises `SmplError` for a line that names neither a member nor
    functions and types, or for two that name different members.
    """
    member: Member | None = None
    error: SmplError | None = None
    functions: set[bytes] = set()
    types: set[bytes] = set()
    files: set[bytes] = set()
    for path in paths:
        for number, line, key, value in _lines(path):
            if key == "Files":
                files.update(value.encode("utf-8", "surrogateescape").split())
                continue
            here = _error(path, number, line, "", "")
            match = _MEMBER.fullmatch(value.strip())
            if match is None:
                if not _NAMES.fullmatch(value.strip()):
                    raise _error(path, number, line, f"`{value.strip()}` names no member", _FORM)
                for word in value.split():
                    name = word.removesuffix("()").encode()
                    (functions if word.endswith("()") else types).add(name)
                error = error or here
                continue
            found = Member(match[1].encode(), match[2].encode())
            if member is not None and member != found:
                what = "an account is kept of one member, and another is named already"
                raise _error(path, number, line, what, "leave one of the two lines")
            if member is None:
                member, error = found, here
    if error is None:
        return None
    names = AccountedNames(frozenset(functions), frozenset(types))
    return Accounted(member, names, frozenset(files)), error


def _lines(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Yield the `Account:` and `Files:` lines of a file's head: number from 1, text, key and value."""
    lines = path.read_text("utf-8", "surrogateescape").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("//"):
            return
        match = _FIELD.match(line.lstrip())
        if match is None:
            continue
        if match["key"] in ("Account", "Files"):
            yield number, line, match["key"], match["value"]
        elif difflib.get_close_matches(match["key"].lower(), ["account"], cutoff=0.8):
            what = f"`{match['key']}:` is no field of a rule file"
            raise _error(path, number, line, what, _FORM)


def _error(path: Path, number: int, line: str, what: str, remedy: str) -> SmplError:
    return SmplError("bad-account", RulePlace(str(path), number, 0), what, remedy, line)


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
