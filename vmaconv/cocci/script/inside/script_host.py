# SPDX-License-Identifier: GPL-2.0-only
"""The main loop of the process of the scripts.

In: orders over one pipe, from `script_process`: JSON after its length. Out: answers over another.
Before the first order is read, the process gives up all that it could do with the system, and says
what holds it. The compiled code of a block comes with the first order for it (as `marshal` data: it
comes from us, never from here).
"""

from __future__ import annotations

import base64
import json
import marshal
import os
import signal
import sys
from collections.abc import Sequence

from vmaconv.cocci.script import policy
from vmaconv.cocci.script.inside import kernel_boundary
from vmaconv.cocci.script.inside.block_runner import UNSET, CompiledBlock, RunBlocks
from vmaconv.cocci.script.inside.coccilib import Comment, Location, TermList
from vmaconv.cocci.script.inside.plain_data import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from vmaconv.cocci.script.inside.plain_data import Json

    class Order(TypedDict, total=False):
        """What comes over the pipe; it is of our own making, so it is taken as it is."""

        cocci_file: str
        asks: bool
        time_limit: float
        export: str
        block: int
        code: str
        file: str
        line: int
        environment: list[tuple[str, str]]
        variables: dict[str, list[Json]]
        files: list[str]
        outputs: list[str]
        expression: bool
        problem: str | None


CHUNK = 1 << 16
"""Characters of output in one message."""


def main() -> None:
    """Serve until the other side closes its pipe; `sys.argv` says how."""
    _, _, source, target, how, parent = sys.argv
    channel = Channel(int(source), int(target))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        held = _held(how, channel, int(parent))
    except (kernel_boundary.NoBoundary, OSError) as error:
        channel.send({"refused": str(error)})
        os._exit(1)
    # What is printed past `sys.stdout` of a block has nowhere to go.
    channel.send({"boundary": held})
    Host(channel).serve()


def _held(how: str, channel: Channel, parent: int) -> str:
    if how == "trusted":
        return "none (--trust-scripts)"
    sys.argv[:] = ["spatch"]
    for name in policy.MODULES:
        if not name.startswith("cocci"):
            __import__(name)
    if how == "bubblewrap":
        kernel_boundary.limit()
        return "bubblewrap"
    kernel_boundary.die_with(parent)
    return kernel_boundary.confine(channel.source, channel.target)


class Channel:
    """The two pipes: messages are JSON after four bytes of length."""

    def __init__(self, source: int, target: int) -> None:
        self.source = source
        self.target = target

    def receive(self) -> Order:
        """Return the next message; leave the process at the end of them."""
        size = int.from_bytes(self._read(4), "big")
        order: Order = json.loads(self._read(size))
        return order

    def send(self, message: Json) -> None:
        """Send a message."""
        data = json.dumps(message).encode("ascii")
        left = memoryview(len(data).to_bytes(4, "big") + data)
        while left:
            left = left[os.write(self.target, left) :]

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = os.read(self.source, size)
            if not part:
                os._exit(0)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class Host:
    """Obeys the orders."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._compiled: dict[int, CompiledBlock] = {}

    def serve(self) -> None:
        """Obey one order after the other; the first says what the run is about."""
        order = self._channel.receive()
        self._asks = order["asks"]
        self._blocks = RunBlocks(
            order["cocci_file"],
            self._parse,
            time_limit=order["time_limit"],
        )
        while True:
            order = self._channel.receive()
            try:
                answer = self._obey(order)
            except MemoryError:
                message = "the script was stopped: it ran out of memory"
                answer = {"error": ["script-memory-limit", None, message, ""]}
            self._send_printed(self._blocks.printed)
            self._channel.send(answer)

    def _obey(self, order: Order) -> dict[str, Json]:
        blocks = self._blocks
        if "export" in order:
            blocks.printed.clear()
            return blocks.exported(order["export"])
        number = order["block"]
        if "code" in order:
            code = marshal.loads(base64.b64decode(order["code"]))
            self._compiled[number] = CompiledBlock(code, order["file"], order["line"])
        environment = {(rule, name) for rule, name in order["environment"]}
        variables = {name: script_side(value) for name, value in order["variables"].items()}
        blocks.begin(order["files"], environment, variables)
        if order["expression"]:
            return blocks.evaluate(self._compiled[number])
        return blocks.run(self._compiled[number], order["outputs"])

    def _send_printed(self, printed: Sequence[tuple[str, str]]) -> None:
        """Send what was printed, each stretch for one stream in messages of moderate size."""
        stream, size = "out", 0
        parts: list[str] = []
        for to, text in printed:
            if to != stream or size > CHUNK:
                self._send_text(stream, "".join(parts))
                stream, parts, size = to, [], 0
            parts.append(text)
            size += len(text)
        self._send_text(stream, "".join(parts))

    def _send_text(self, stream: str, text: str) -> None:
        for at in range(0, len(text), CHUNK):
            self._channel.send({stream: text[at : at + CHUNK]})

    def _parse(self, kind: str, text: str, declarations: str) -> str | None:
        """Ask the other side whether a term can be made of a text; it says what is wrong."""
        if not self._asks:
            return None
        # A time limit that struck between two halves of a message would garble what follows.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
        try:
            self._channel.send({"parse": [kind, text, declarations]})
            return self._channel.receive()["problem"]
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def script_side(value: list[Json]) -> object:
    """Make what spatch shows a script: texts, a tuple of places, a list that can be indexed."""
    match value:
        case ["text", str(text)]:
            return text
        case ["unset"]:
            return UNSET
        case ["terms", str(text), list(elements)]:
            return TermList(text, tuple(map(str, elements)))
        case ["merged", list(parts)]:
            return [decode(part) for part in parts]
        case ["positions", list(places)]:
            return tuple(Location(*map(str, place)) for place in places if isinstance(place, list))
        case ["comments", list(found)]:
            return tuple(Comment(*map(str, texts)) for texts in found if isinstance(texts, list))
        case _:
            return ()
