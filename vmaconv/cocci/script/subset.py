# SPDX-License-Identifier: GPL-2.0-only
"""What of a block lies outside the subset that scripts may use.

In: a block's LibCST tree. Out: `SubsetFinding`s, with the node of each, and the modules and globals
that the tree's imports and `coccinelle.NAME`s bring in. Names are looked at as the compiler
spells them. Importing this module imports LibCST.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import libcst as cst

from vmaconv.cocci.script import gate, policy
from vmaconv.cocci.script.inside.namespace import format_attributes


@dataclass(frozen=True, slots=True)
class SubsetFinding:
    """Something in a block that is not right: `code` and `message` as in `SmplError`."""

    code: str
    node: cst.CSTNode
    message: str
    remedy: str = ""


def normal(name: str) -> str:
    """Spell a name as the compiler does: `ｏｐｅｎ` is `open`."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def _dotted(node: cst.BaseExpression | None) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{normal(node.attr.value)}"
    return normal(node.value) if isinstance(node, cst.Name) else ""


class Subset(cst.CSTVisitor):
    """Find what lies outside the subset that `policy` describes."""

    def __init__(self, trusted: bool) -> None:
        super().__init__()
        self.trusted = trusted
        self.findings: list[SubsetFinding] = []
        self.names: list[cst.CSTNode] = []
        self.stored: set[str] = set()
        self.star_names: set[str] = set()
        self.open_ended = False
        self._modules: dict[str, str] = {"coccilib": "coccilib"}
        self._judged: set[cst.Name] = set()
        self._protected = 0

    def refuse(self, node: cst.CSTNode, reason: str | None) -> None:
        """Note a reason to refuse the block, if there is one and the block is not trusted."""
        if reason is not None and not self.trusted:
            message = f"the script is refused: {reason}"
            self.findings.append(SubsetFinding("script-refused", node, message, gate.TRUST))

    def visit_Name(self, node: cst.Name) -> None:
        """Look at every identifier that nothing else has looked at."""
        self.names.append(node)
        if node not in self._judged:
            self.refuse(node, policy.refused_name(normal(node.value)))

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """Look at an attribute: by its name, and by the module that it is of."""
        self.names.append(node)
        self._judged.add(node.attr)
        name = normal(node.attr.value)
        owner = _dotted(node.value)
        if owner == "coccinelle":
            self.stored.add(name)
        if not (name == "__init__" and _is_call_of(node.value, {"super"})):
            self.refuse(node.attr, policy.refused_attribute(name, of_self=owner == "self"))
        if owner == "cocci" and "cocci" not in self._modules:
            self._known_attribute(node.attr, "cocci", name, policy.COCCI_METHODS)
        module = self._module_of(node.value)
        if module is not None and f"{module}.{name}" not in policy.MODULES:
            if module.startswith("coccilib"):
                self._known_attribute(node.attr, module, name, policy.MODULES[module])
            else:
                self.refuse(node.attr, policy.refused_import(module, name))

    def visit_Import(self, node: cst.Import) -> None:
        """Look at `import module as name`."""
        for alias in node.names:
            module = _dotted(alias.name)
            self.refuse(alias, policy.refused_import(module))
            self._judge_all(alias.name)
            local = alias.evaluated_alias
            if local is not None:
                self._bind_module(normal(local), module)
            else:
                self._bind_module(module.partition(".")[0], module.partition(".")[0])

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        """Look at `from module import name`."""
        module = _dotted(node.module)
        if node.relative or node.module is None:
            self.refuse(node, "relative imports lead nowhere in a script")
            return
        self._judge_all(node.module)
        if isinstance(node.names, cst.ImportStar):
            self.refuse(node, policy.refused_import(module))
            self.star_names.update(policy.MODULES.get(module, ()))
            self.open_ended |= module not in policy.MODULES
            return
        for alias in node.names:
            name = _dotted(alias.name)
            self.refuse(alias, policy.refused_import(module, name))
            self._bind_module(normal(alias.evaluated_alias or name), f"{module}.{name}")

    def visit_Call(self, node: cst.Call) -> None:
        """Look at a call that reads attributes named by a text."""
        function = node.func
        if _is_call_of(node, {"getattr", "setattr", "hasattr", "delattr"}):
            self.refuse(node, _named_by_text(node))
        elif isinstance(function, cst.Attribute) and function.attr.value == "format":
            for attribute in _format_fields(function.value):
                self.refuse(node, policy.refused_attribute(attribute))

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        """Tell a Python 2 `print >>file, text`, which Python 3 takes for a shift."""
        if isinstance(node.operator, cst.RightShift) and _dotted(node.left) == "print":
            message = "this is Python 2, and scripts are run by Python 3: print >>"
            remedy = "write print(text, file=sys.stderr), after import sys"
            self.findings.append(SubsetFinding("script-python2", node, message, remedy))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Let a class define the methods that a policy names."""
        if node.name.value in policy.METHODS:
            self._judged.add(node.name)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """Refuse metaclasses."""
        if node.keywords:
            self.refuse(node, gate.NO_METACLASS)

    def visit_With(self, node: cst.With) -> None:
        """Refuse `with`."""
        self.refuse(node, gate.NO_WITH)

    def visit_Asynchronous(self, node: cst.Asynchronous) -> None:
        """Refuse `async`."""
        self.refuse(node, gate.NO_ASYNC)

    def visit_Await(self, node: cst.Await) -> None:
        """Refuse `await`."""
        self.refuse(node, gate.NO_ASYNC)

    def visit_TryStar(self, node: cst.TryStar) -> None:
        """Refuse `except*`."""
        self.refuse(node, gate.NO_GROUPS)

    def visit_Try(self, node: cst.Try) -> None:
        """Count the `finally`s that a yield stands in."""
        self._protected += node.finalbody is not None

    def leave_Try(self, original_node: cst.Try) -> None:
        """Leave a `try`."""
        self._protected -= original_node.finalbody is not None

    def visit_Yield(self, node: cst.Yield) -> None:
        """Refuse a `yield` whose `finally` would run when the generator is thrown away."""
        if self._protected:
            self.refuse(node, gate.NO_LATE_FINALLY)

    def _module_of(self, node: cst.BaseExpression) -> str | None:
        """The module that an expression stands for, if it is one of the policy's."""
        if isinstance(node, cst.Name):
            return self._modules.get(normal(node.value))
        if isinstance(node, cst.Attribute):
            owner = self._module_of(node.value)
            name = f"{owner}.{normal(node.attr.value)}"
            return name if owner is not None and name in policy.MODULES else None
        return None

    def _bind_module(self, local: str, module: str) -> None:
        if module in policy.MODULES and "*" not in policy.MODULES[module]:
            self._modules[local] = module

    def _judge_all(self, node: cst.BaseExpression) -> None:
        """Take the names of a dotted module as looked at."""
        while isinstance(node, cst.Attribute):
            self._judged.add(node.attr)
            node = node.value
        if isinstance(node, cst.Name):
            self._judged.add(node)

    def _known_attribute(
        self, node: cst.Name, owner: str, name: str, known: Collection[str]
    ) -> None:
        if name not in known and not policy.is_special(name):
            message = f"'{owner}' has no '{name}'"
            remedy = nearest(name, known)
            self.findings.append(SubsetFinding("script-unknown-attribute", node, message, remedy))


def nearest(name: str, known: Collection[str]) -> str:
    """Suggest a known name that is spelt nearly like another, or nothing."""
    found = difflib.get_close_matches(name, sorted(known), 1)
    return f"did you mean '{found[0]}'?" if found else ""


def _is_call_of(node: cst.BaseExpression, names: Collection[str]) -> bool:
    return isinstance(node, cst.Call) and _dotted(node.func) in names


def _named_by_text(call: cst.Call) -> str | None:
    """Say why `getattr(x, name)` may not be used, or None."""
    name = call.args[1].value if len(call.args) > 1 else None
    if not isinstance(name, cst.SimpleString) or call.args[1].star:
        return f"{_dotted(call.func)} needs its attribute's name as a plain text"
    value = name.evaluated_value
    return policy.refused_attribute(value) if isinstance(value, str) else "the name is no text"


def _format_fields(node: cst.BaseExpression) -> list[str]:
    """The attributes that a literal format string reads; others are looked at in use."""
    if not isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        return []
    value = node.evaluated_value
    try:
        return format_attributes(value) if isinstance(value, str) else []
    except ValueError:
        return []
