# SPDX-License-Identifier: GPL-2.0-only
"""Running compiled blocks, and saying as plain data what became of them.

In: a code object, the block's variables, the lines that it stands on. Out: a dict that goes over
the pipe as JSON and that `answers` reads: what was made, or what went wrong and in which line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from types import CodeType, TracebackType

from vmaconv.cocci.script.inside import coccilib, namespace
from vmaconv.cocci.script.inside.plain_data import encode
from vmaconv.cocci.script.limits import Alarm, Expired

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vmaconv.cocci.script.inside.plain_data import Json

    Answer = dict[str, Json]

UNSET = "initial value: consider using coccinelle.varname"
"""What spatch 1.1.1 binds to a metavariable of the block's own until the block assigns one."""

MAX_OUTPUT = 64 << 20
"""Characters that one block may print."""

PRINTED_TOO_MUCH = f"printed over {MAX_OUTPUT} characters"

MAX_MESSAGE = 500
"""Characters of a script's own error message that are shown."""


class CompiledBlock:
    """A compiled block, with where it stands."""

    __slots__ = ("code", "file", "line")

    def __init__(self, code: CodeType, file: str, line: int) -> None:
        self.code = code
        self.file = file
        self.line = line


class _OutputLimit(BaseException):
    """A block printed too much; not an Exception, so that the block does not catch it."""


class _Trouble(Exception):
    """Something that a block did wrong, with what is said of it."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.answer: Answer = {"error": [code, None, message, remedy]}


class RunBlocks:
    """The blocks of one run: they share their globals."""

    def __init__(
        self,
        cocci_file: str,
        parse: Callable[[str, str, str], str | None],
        *,
        time_limit: float,
    ) -> None:
        self._alarm = Alarm(time_limit)
        self.printed: list[tuple[str, str]] = []
        """What the last block printed, in order: the stream (`out` or `err`) and the text."""
        self._size = 0
        self._record = coccilib.Record(cocci_file, parse, self._put)
        self._out = namespace.Stream(self._put)
        self._err = namespace.Stream(self._complain)
        self._bound: list[str] = []
        self._store = coccilib.Coccinelle()
        modules = coccilib.modules(self._record, self._store)
        self._globals = namespace.make(modules)

    def begin(
        self,
        files: Sequence[str],
        environment: Collection[tuple[str, str]],
        variables: Mapping[str, object],
    ) -> None:
        """Do as spatch does before each block, which begins with `from coccinelle import *`."""
        self._record.reset(files, environment)
        store = vars(self._store)
        for name in self._bound:
            store.pop(name, None)
        store.update(variables)
        self._bound = list(variables)
        self._globals.update(store)

    def run(self, block: CompiledBlock, outputs: Sequence[str]) -> Answer:
        """Run a block; the answer has `made` for each of its outputs, `error` or `exit`."""
        record = self._record

        def execute() -> Answer:
            exec(block.code, self._globals)
            made: Answer = {}
            if record.keep and not record.stop_file:
                made = {name: self._output(name) for name in outputs}
            return {
                "made": made,
                "keep": record.keep,
                "stop": record.stop_file,
                "iterations": record.iterations,
            }

        return self._guarded(block, execute)

    def evaluate(self, block: CompiledBlock) -> Answer:
        """Evaluate the body of a constraint or seed; the answer has `value`, or its `type`."""

        def execute() -> Answer:
            value = eval(block.code, self._globals)
            if isinstance(value, bool):
                return {"value": value}
            if isinstance(value, str):
                return {"value": str.__str__(value), "type": type(value).__name__}
            return {"type": type(value).__name__}

        return self._guarded(block, execute)

    def exported(self, name: str) -> Answer:
        """Return what a block left in `coccinelle.NAME`, for `local << merge.NAME`."""
        try:
            return {"exported": encode(vars(self._store).get(name))}
        except ValueError as error:
            remedy = "keep lists, dicts, sets, tuples, numbers and texts in it"
            message = f"coccinelle.{name} cannot be merged: {error}"
            return {"error": ["script-output-value", None, message, remedy]}

    def _output(self, name: str) -> Json:
        value = vars(self._store).get(name)
        if value is UNSET:
            return ["unset", UNSET]
        if isinstance(value, str):
            return ["identifier", str.__str__(value)]
        if isinstance(value, coccilib.MadeTerm):
            place = value.position
            return [value.kind, value.text, value.declarations, [*place] if place else None]
        raise _Trouble(
            "script-output-value",
            f"coccinelle.{name} was given a {type(value).__name__}",
            "give it a text, or what a function like cocci.make_expr makes",
        )

    def _guarded(self, block: CompiledBlock, action: Callable[[], Answer]) -> Answer:
        """Run some of a script's code within the limits."""
        streams = sys.stdout, sys.stderr
        self.printed.clear()
        self._size = 0
        try:
            return self._explained(block, action)
        except Expired:
            self._alarm.disarm()
            if self._size > MAX_OUTPUT:  # and what said so was caught
                return _stopped("script-output-limit", PRINTED_TOO_MUCH)
            return _stopped("script-time-limit", "did not end within its time limit")
        except MemoryError:
            # What the script holds is let go, or there would be no memory for the answer.
            self._globals.clear()
            vars(self._store).clear()
            return _stopped("script-memory-limit", "ran out of memory")
        except _OutputLimit:
            return _stopped("script-output-limit", PRINTED_TOO_MUCH)
        except Exception:
            return _stopped("script-error", "raised an error that cannot be shown")
        finally:
            sys.stdout, sys.stderr = streams

    def _explained(self, block: CompiledBlock, action: Callable[[], Answer]) -> Answer:
        """Turn what a script raises into data; texts that its classes make need a limit too."""
        try:
            return self._timed(action)
        except SystemExit as error:
            leaving = error
            return self._timed(lambda: self._exit(leaving))
        except _Trouble as trouble:
            return trouble.answer
        except Exception as error:
            raised = error
            return self._timed(lambda: _failure(raised, block))

    def _timed(self, action: Callable[[], Answer]) -> Answer:
        try:
            self._alarm.arm()
            sys.stdout, sys.stderr = self._out, self._err
            return action()
        finally:
            self._alarm.disarm()

    def _exit(self, error: SystemExit) -> Answer:
        if error.code is None:
            return {"exit": 0}
        if isinstance(error.code, int):
            return {"exit": int(error.code)}
        self._complain(f"{error.code}\n")
        return {"exit": 1}

    def _put(self, text: str) -> None:
        self._keep("out", text)

    def _complain(self, text: str) -> None:
        self._keep("err", text)

    def _keep(self, stream: str, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_OUTPUT:
            raise _OutputLimit
        self.printed.append((stream, text))


def _stopped(code: str, why: str) -> Answer:
    return {"error": [code, None, f"the script was stopped: it {why}", ""]}


def _failure(error: Exception, block: CompiledBlock) -> Answer:
    if isinstance(error, MemoryError):
        raise error
    line = _line_of(error.__traceback__, block.file, block.line)
    if isinstance(error, RecursionError):
        remedy = "functions that call each other need an end"
        return {"error": ["script-recursion", line, "the script calls too deeply", remedy]}
    text = f"{type(error).__name__}: {error}"[:MAX_MESSAGE]
    code = "script-denied" if isinstance(error, OSError) else "script-error"
    return {"error": [code, line, f"the script failed: {text}", ""]}


def _line_of(traceback: TracebackType | None, file: str, otherwise: int) -> int:
    """Return the innermost line of the rule file that a traceback passes."""
    line = otherwise
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line
