# SPDX-License-Identifier: GPL-2.0-only
"""A member's twin of the new type, in a union with it.

In: a struct's member. Out: the edit that puts it in a union with a member of the new type, whose
first word it then is, as the kernel did for `struct vm_area_struct`:

    union {
            vm_flags_t vm_flags;
            vma_flags_t vma_flags;
    };
"""

from __future__ import annotations

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.types.declared import declared, fields
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Trial
from vmaconv.migrate.facts.entity import Member


def added_twin(settings: Settings, trial: Trial, member: Member, path: str) -> bytes | None:
    """Return the twin that was added to the struct that `path` sees under that name."""
    if not any(known == member for known, _ in trial.unions):
        return None
    found = settings.graph.struct_definition(member.struct, path)
    return trial.unions.get((member, found[0])) if found is not None else None


def add_union_twin(settings: Settings, trial: Trial, member: Member, path: str) -> bytes | None:
    """Add the union and return the new member's name; None where the struct does not allow it."""
    found = settings.graph.struct_definition(member.struct, path)
    if found is None:
        return None
    where, struct = found
    own = member.name.decode()
    name = settings.recipe.names.get(own, "").encode()
    members = list(fields(struct))
    if not name or any(f.name == name for f in members):
        return None
    field = next((f for f in members if f.name == member.name), None)
    if field is None or field.type.shape or field.type.base.decode() != settings.recipe.old:
        return None
    node = field.node
    if len(list(declared(node))) != 1 or node.parent is None or b":" in node.tokens():
        return None
    text = settings.text(where)
    start = text.rfind(b"\n", 0, node.start) + 1
    indent = text[start : node.start]
    end = text.find(b"\n", node.end)
    if indent.strip() or end < 0 or text[node.end : end].count(b";"):
        return None
    eol = b"\r\n" if text[end - 1 : end] == b"\r" else b"\n"
    before = b"union {" + eol + indent + b"\t"
    after = indent + b"\t" + settings.graph.new + b" " + name + b";" + eol + indent + b"};" + eol
    trial.add(where, Edit(node.start, node.start, before, "union"), member)
    trial.add(where, Edit(end + 1, end + 1, after, "union"), member)
    trial.unions[member, where] = name
    return name
