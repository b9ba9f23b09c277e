# SPDX-License-Identifier: GPL-2.0-only
"""VMAs that are not in the tree yet, so that nobody else can see them.

In: a name in a C file. Out: whether it is the VMA of a `.mmap` hook that nothing but the core calls.
The core hands such a hook a VMA that it inserts afterwards, locking it itself (`__mmap_new_vma()`
in mm/vma.c): to lock it in the hook only asserts the mmap lock. What is asked of the function, all
of it in the file at hand:

- it is `static`, and its name occurs in no other place than `.mmap = NAME`, in an initialiser of a
  `struct file_operations`, and `#define NAME NULL`;
- the VMA is its second parameter, which nothing in the function assigns to.
"""

from __future__ import annotations

import re
from collections import Counter

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import function_name

# What a pattern looks for comes first, and what must not stand before it second: so it is found fast.
_OPERATIONS = late_regex(
    rb"struct(?<!\wstruct)\s+file_operations\s+\w+\s*=\s*\{(?P<body>(?:[^{}]|\{[^{}]*\})*)\}"
)
_HOOK = late_regex(rb"\.mmap\s*=\s*(\w+)")
_TAGGED = (rb"\bstruct ", rb"\bunion ", rb"\benum ")
"""What makes the name behind it another thing."""


class NewVma:
    """The kind `new vma`: a name of a VMA that only this function knows."""

    def __init__(self) -> None:
        self._text = b""
        self._code = b""
        self._hooks: frozenset[bytes] = frozenset()

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the name of a hook's VMA, or None."""
        if node.kind != "identifier" or not node.text:
            return None
        function = node.enclosing("function_definition")
        name = function_name(function) if function is not None else None
        if function is None or name is None or name.text is None:
            return None
        if name.text not in self.hooks(text):
            return None
        code = self._code[function.start : function.end]
        return (
            BoundValue(node.text, node.text, node) if _is_vma(code, name.text, node.text) else None
        )

    def hooks(self, text: bytes) -> frozenset[bytes]:
        """Return the functions of a file that are nothing but hooks that the core calls."""
        if text is not self._text:
            self._text, self._code, self._hooks = text, b"", frozenset()
            if _HOOK.search(text) is not None:
                self._code = blank_out(text, strings=True)
                self._hooks = frozenset(_hooks(self._code))
        return self._hooks


def _hooks(code: bytes) -> set[bytes]:
    """Return the static functions that are nothing but `.mmap` hooks of files."""
    found = Counter[bytes]()
    for operations in _OPERATIONS.finditer(code):
        for hook in re.finditer(_HOOK.pattern + rb"\s*(?=,|$)", operations["body"].rstrip()):
            found[hook[1]] += 1
    return {name for name, uses in found.items() if _is_only_a_hook(code, name, uses)}


def _is_only_a_hook(code: bytes, name: bytes, uses: int) -> bool:
    """Whether a file's operations, which name a function so often, are all that names it.

    A struct's tag or member of that name is another thing, and `#define NAME NULL`, where a
    configuration lacks the hook, calls nothing.
    """
    word = re.escape(name)
    static = rb"static(?<!\wstatic)\s+(?:\w+\s+)*?int\s+" + word + rb"\s*\("
    if not re.search(static, code):
        return False
    other = rb"(?!\w)" + b"".join(
        rb"(?<!%s%s)" % (before, word) for before in (rb"\w", rb"[.>]", *_TAGGED)
    )
    mentions = len(re.findall(word + other, code))
    heads = len(re.findall(rb"int(?<!\wint)\s+" + word + rb"\s*\((?:[^()]*)\)\s*[{;]", code))
    none = rb"#[ \t]*define[ \t]+" + word + rb"[ \t]+NULL[ \t]*(?=\n|\Z)"
    gone = sum(_begins_a_line(code, found.start()) for found in re.finditer(none, code))
    return mentions == heads + uses + gone


def _begins_a_line(code: bytes, at: int) -> bool:
    return not code[code.rfind(b"\n", 0, at) + 1 : at].strip(b" \t")


def _is_vma(code: bytes, function: bytes, name: bytes) -> bool:
    """Whether `name` is the function's second parameter, and stays what it was given."""
    vma = re.escape(name)
    head = rb"\b" + re.escape(function) + rb"\s*\([^,()]*,\s*struct\s+vm_area_struct\s*\*\s*"
    if not re.search(head + vma + rb"\s*\)", code):
        return False
    return not re.search(rb"(?<![\w.>])" + vma + rb"\s*=[^=]|&\s*" + vma + rb"\s*[,)]", code)
