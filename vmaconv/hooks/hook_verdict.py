# SPDX-License-Identifier: GPL-2.0-only
"""What is known of one function that is handed a VMA, and how it is said.

In: nothing. Out: `FunctionSafety`, which the checks fill; `Saying`, the base of the checks, which puts a
finding at its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import Declared, declared, function_name, parameters
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook import VMA, HookReason
from vmaconv.hooks.hook_bodies import FunctionBody
from vmaconv.hooks.hook_effect import Effect
from vmaconv.migrate.facts.sources import Sources


class VmaReceiver(Struct, frozen=True):
    """A function that the VMA is handed to: its name, and where."""

    path: str
    name: bytes
    call: Node
    place: HeaderPlace


class FunctionSafety(Struct):
    """What is known of one function."""

    body: FunctionBody
    vma: Declared
    reasons: list[HookReason] = field(default_factory=list)
    helpers: list[VmaReceiver] = field(default_factory=list)
    maps: list[Node] = field(default_factory=list)
    sticky: list[Effect] = field(default_factory=list)
    vm_ops: list[Node] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)

    @property
    def name(self) -> bytes:
        """The function's name."""
        leaf = function_name(self.body.node)
        return (leaf.text or b"") if leaf is not None else b""


def parameters_of(body: FunctionBody) -> Iterator[Declared]:
    """Yield the parameters of a definition."""
    for node in parameters(body.node):
        yield from declared(node)


def is_vma(one: Declared) -> bool:
    """Whether a parameter is a pointer to a VMA."""
    return one.type.base == VMA and one.type.shape == "*"


def is_file(one: Declared) -> bool:
    """Whether a parameter is a pointer to a file."""
    return one.type.base == b"struct file" and one.type.shape == "*"


class Saying:
    """A check of one function, which says what it finds."""

    def __init__(self, sources: Sources, verdict: FunctionSafety) -> None:
        self._verdict = verdict
        self._body = verdict.body
        self._function = verdict.body.node
        self._name = verdict.vma.name
        self._unit = sources.unit(verdict.body.path)

    def _place(self, node: Node) -> HeaderPlace:
        return HeaderPlace(self._body.path, self._unit.line(node.start))

    def _text(self, node: Node) -> str:
        text = b" ".join(self._unit.slice(node).split()).decode(errors="replace")
        return text if len(text) <= 60 else text[:57] + "..."

    def _say(self, code: str, node: Node, text: str, subject: str = "") -> None:
        reason = HookReason(code, subject or self._text(node), text, self._place(node))
        if reason not in self._verdict.reasons:
            self._verdict.reasons.append(reason)
