# SPDX-License-Identifier: GPL-2.0-only
"""The process that runs a rule file's scripts, as its parent sees it.

In: orders as plain data. Out: answers as plain data, which `answers` checks. The process is a Python
of its own that finds nothing of ours: an empty environment, no descriptor but two pipes, and from
before the first order on a boundary of the kernel's (`inside.kernel_boundary`), or bubblewrap(1)
where the kernel has none. What it sends is read as JSON and never as code; its time is watched from
here, whatever it does with its own clock.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vmaconv.cocci.script.inside.block_runner import MAX_OUTPUT

BOUNDARIES = ("kernel", "bubblewrap")
"""What is tried, in this order."""

START_LIMIT = 30.0
"""Seconds in which a new process has to say that it is ready."""

STALL = 30.0
"""Seconds by the clock in which a process that is asked something has to take processor time."""

MAX_MESSAGE = 64 << 20
"""Bytes of one message from the process."""

_ROOT = Path(__file__).parents[3]
_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from vmaconv.cocci.script.inside.script_host import main; main()"
)

Message = Mapping[str, object]


class NoBoundaryError(Exception):
    """This system offers nothing that would hold a script; says what was tried."""


class ProcessEnded(Exception):
    """The process is gone; `code` is as in `SmplError`, the text goes on from "the script"."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


class ScriptProcess:
    """A process that runs blocks. It starts at once, unless it is told to wait until something is asked
    of it; what it says is waited for in `ask`.

        process = ScriptProcess(trusted=False)
        answer = process.ask({"export": "seen"}, 20.0, print_text)
        process.close()

    `boundary` says what holds it, once `ready` was called.
    """

    def __init__(self, *, trusted: bool, at_once: bool = True) -> None:
        self.boundary = ""
        self._pid = 0
        self._refused: list[str] = []
        self._ways = ["trusted"] if trusted else list(BOUNDARIES)
        self._tried = ""
        self._progress = 0.0, 0.0
        """The processor time last seen, and when it was less."""
        if at_once:
            self._spawn()

    def ready(self) -> None:
        """Wait until the process is behind its boundary. Raises `NoBoundaryError`."""
        if not self._tried:
            self._spawn()
        while not self.boundary:
            if not self._pid:
                tried = f" ({'; '.join(self._refused)})" if self._refused else ""
                raise NoBoundaryError(f"this system offers no boundary to run scripts in{tried}")
            try:
                said = self._receive(START_LIMIT, time.monotonic())
            except ProcessEnded as ended:
                said = {"refused": f"its process {ended}"}
            held = said.get("boundary")
            if isinstance(held, str) and held:
                self.boundary = held[:100]
                return
            self._refused.append(f"{self._tried}: {str(said.get('refused', ''))[:200]}")
            self.close()
            self._spawn()

    def ask(
        self,
        order: Message,
        limit: float,
        printed: Callable[[str, str], object],
        parse: Callable[[str, str, str], str | None],
    ) -> Message:
        """Send an order and return the answer to it.

        `limit` is in seconds of the process's own time. What the block prints is given to
        `printed`, with `out` or `err` before it; `parse` answers questions about terms. Raises
        `ProcessEnded`; whatever is raised, the process is then gone.
        """
        try:
            self.ready()
            self.send(order)
            begun, spent, size = time.monotonic(), self._processor_time(), 0
            while True:
                said = self._receive(limit, begun, spent)
                match said:
                    case {"parse": [str(kind), str(text), str(declarations)]}:
                        self.send({"problem": parse(kind, text, declarations)})
                    case {"out": str(text)} | {"err": str(text)}:
                        size += len(text)
                        if size > MAX_OUTPUT:
                            why = f"was stopped: it printed over {MAX_OUTPUT} characters"
                            raise ProcessEnded("script-output-limit", why)
                        printed("out" if "out" in said else "err", text)
                    case _:
                        return said
        except BaseException:
            self.close()
            raise

    def send(self, order: Message) -> None:
        """Send an order without waiting for an answer; the first one is about the run."""
        if not self._pid:
            raise ProcessEnded("script-died", "has lost its process")
        data = json.dumps(order).encode("ascii")
        try:
            _write_all(self._orders, len(data).to_bytes(4, "big") + data)
        except BrokenPipeError:
            raise self._death() from None

    def close(self) -> None:
        """End the process."""
        self._bury()

    # Starting.

    def _spawn(self) -> None:
        """Start the next way of holding a process; with none left, `_pid` stays 0."""
        while self._ways and not self._pid:
            self._tried = self._ways.pop(0)
            orders_in, self._orders = os.pipe()
            self._answers, answers_out = os.pipe()
            for end in (orders_in, answers_out):
                os.set_inheritable(end, True)
            try:
                command = _command(self._tried, orders_in, answers_out)
                null = [] if self._tried == "trusted" else _nulls()
                environment = os.environ if self._tried == "trusted" else {}
                self._pid = os.posix_spawn(command[0], command, environment, file_actions=null)
            except OSError as error:
                self._refused.append(f"{self._tried}: {error.strerror}")
                os.close(self._orders)
                os.close(self._answers)
            finally:
                os.close(orders_in)
                os.close(answers_out)

    # Hearing.

    def _receive(self, limit: float, begun: float, spent: float = 0.0) -> dict[str, object]:
        size = int.from_bytes(self._read(4, limit, begun, spent), "big")
        if size > MAX_MESSAGE:
            raise ProcessEnded("script-error", "sent more than one answer may be")
        data = self._read(size, limit, begun, spent)
        try:
            said = json.loads(data)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise ProcessEnded("script-error", "sent what is no answer")
        return said

    def _read(self, size: int, limit: float, begun: float, spent: float) -> bytes:
        found = bytearray()
        while len(found) < size:
            if not select.select([self._answers], [], [], self._patience(limit, begun, spent))[0]:
                continue
            part = os.read(self._answers, min(size - len(found), 1 << 20))
            if not part:
                raise self._death()
            found += part
        return bytes(found)

    def _patience(self, limit: float, begun: float, spent: float) -> float:
        """Return how long the process may be silent from now on; raise if it had its time."""
        taken, now = self._processor_time() - spent, time.monotonic()
        if taken > self._progress[0] or begun > self._progress[1]:
            self._progress = taken, now
        stalled = STALL - (now - self._progress[1])
        if taken >= limit or stalled <= 0:
            why = "was stopped: it did not end within its time limit"
            raise ProcessEnded("script-time-limit", why)
        return max(min(limit - taken, stalled), 0.01)

    def _processor_time(self) -> float:
        """Return the seconds of processor time that the process has taken, 0 if it is gone."""
        try:
            # The kernel's CPUCLOCK_SCHED of a process, as clock_getcpuclockid(3) makes it.
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:
            return 0.0

    # Ending.

    def _death(self) -> ProcessEnded:
        status = self._bury()
        why = "exhausted the stack of" if status == -signal.SIGSEGV else "ended"
        return ProcessEnded("script-died", f"{why} its process ({_named(status)})")

    def _bury(self) -> int:
        """End the process if it lives, and return what it died of, as `Popen.returncode` has it."""
        pid, self._pid = self._pid, 0
        if not pid:
            return 0
        os.close(self._orders)
        os.close(self._answers)
        # One that has ended by itself keeps its own status.
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status)


def _command(way: str, source: int, target: int) -> list[str]:
    # A Python that looks at no variable, no folder of the user's and no site-packages.
    alone = [] if way == "trusted" else ["-I", "-S", "-W", "ignore"]
    python = [sys.executable, *alone, "-X", "utf8", "-c", _BOOT, str(_ROOT)]
    command = [*python, str(source), str(target), way, str(os.getpid())]
    if way != "bubblewrap":
        return command
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError(2, "it is not installed")
    seen = (sys.base_prefix, sys.base_exec_prefix, sys.prefix, str(_ROOT), "/usr", "/lib", "/lib64")
    binds = [word for path in dict.fromkeys(seen) for word in ("--ro-bind-try", path, path)]
    apart = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    return [program, *apart, "--clearenv", *binds, "--dev", "/dev", "--", *command]


def _nulls() -> Sequence[tuple[int, int, str, int, int]]:
    """Return the actions that give the process no terminal, file or pipe as its streams."""
    return [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]


def _named(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def _write_all(target: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(target, left) :]


def boundary_in_force() -> str:
    """Return what holds scripts on this system, or why none would be run."""
    process = ScriptProcess(trusted=False)
    try:
        process.ready()
        return process.boundary
    except NoBoundaryError as error:
        return f"none: {error}; no script is run without --trust-scripts"
    finally:
        process.close()
