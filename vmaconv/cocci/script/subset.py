# SPDX-License-Identifier: GPL-2.0-only
"""Names that a script block uses and scripts do not have.

In: a block's LibCST tree. Out: `SubsetFinding`s, with the node of each, and the modules and globals
that the tree's imports and `coccinelle.NAME`s bring in. Names are looked at as the compiler
spells them. Importing this module imports LibCST.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

import libcst as cst
from msgspec import Struct

from vmaconv.cocci.script import block_compiler, policy


class SubsetFinding(Struct, frozen=True):
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
    """Find what a block wants beyond what `policy` lists."""

    def __init__(self, trusted: bool) -> None:
        super().__init__()
        self.trusted = trusted
        self.findings: list[SubsetFinding] = []
        self.names: list[cst.CSTNode] = []
        self.stored: set[str] = set()
        self.star_names: set[str] = set()
        self.open_ended = False
        self._modules: dict[str, str] = {"coccilib": "coccilib"}

    def refuse(self, node: cst.CSTNode, reason: str | None) -> None:
        """Note a reason to refuse the block, if there is one and the block is not trusted."""
        if reason is not None and not self.trusted:
            message = f"the script is refused: {reason}"
            self.findings.append(
                SubsetFinding("script-refused", node, message, block_compiler.TRUST)
            )

    def visit_Name(self, node: cst.Name) -> None:
        """Note a name; some builtins bind further ones that nobody sees."""
        self.names.append(node)
        self.open_ended |= node.value in policy.BINDING_BUILTINS

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """Look at an attribute: by the module that it is of."""
        self.names.append(node)
        name = normal(node.attr.value)
        if _dotted(node.value) == "coccinelle":
            self.stored.add(name)
        if _dotted(node.value) == "cocci" and "cocci" not in self._modules:
            self._known_attribute(node.attr, "cocci", name, policy.COCCI_METHODS)
        module = self._module_of(node.value)
        if module is not None and f"{module}.{name}" not in policy.MODULES:
            if module in policy.SYSTEM_MODULES:
                self.refuse(node.attr, policy.refused_import(module, name))
            else:
                self._known_attribute(node.attr, module, name, policy.names_of(module))

    def visit_Import(self, node: cst.Import) -> None:
        """Look at `import module as name`."""
        for alias in node.names:
            module = _dotted(alias.name)
            self.refuse(alias, policy.refused_import(module))
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
        if isinstance(node.names, cst.ImportStar):
            self.refuse(node, policy.refused_import(module))
            self.star_names.update(policy.names_of(module) if module in policy.MODULES else ())
            self.open_ended |= module not in policy.MODULES
            return
        for alias in node.names:
            name = _dotted(alias.name)
            self.refuse(alias, policy.refused_import(module, name))
            self._bind_module(normal(alias.evaluated_alias or name), f"{module}.{name}")

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        """Tell a Python 2 `print >>file, text`, which Python 3 takes for a shift."""
        if isinstance(node.operator, cst.RightShift) and _dotted(node.left) == "print":
            message = "this is Python 2, and scripts are run by Python 3: print >>"
            remedy = "write print(text, file=sys.stderr), after import sys"
            self.findings.append(SubsetFinding("script-python2", node, message, remedy))

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
        if module in policy.MODULES and module != "coccinelle":
            self._modules[local] = module

    def _known_attribute(
        self, node: cst.Name, owner: str, name: str, known: Collection[str]
    ) -> None:
        if name not in known and not policy.is_special(name):
            message = f"'{owner}' has no '{name}'"
            remedy = nearest(name, known)
            self.findings.append(SubsetFinding("script-unknown-attribute", node, message, remedy))


def nearest(name: str, known: Collection[str]) -> str:
    """Suggest a known name that is spelt nearly like another, or nothing."""
    from difflib import get_close_matches  # only here: it is slow to import

    found = get_close_matches(name, sorted(known), 1)
    return f"did you mean '{found[0]}'?" if found else ""
