# SPDX-License-Identifier: GPL-2.0-only
"""Running the script blocks of a rule file.

In: `ScriptRule`s, script constraints and seeds, and what their metavariables stand for. Out: an
`Outcome` for each run, and the text that was printed, given to the caller's writer after each
block. Which rules run, in which order and for which environments is the engine's business; so is
a parser for what `cocci.make_expr` and its kin are given.

One `Session` stands for one spatch process: its blocks share their globals, as spatch 1.1.1's do
(variables of a block stay visible in later ones; what is stored in `coccinelle.NAME` becomes the
global `NAME` before each block).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import TypeVar

from vmaconv.cocci.script import coccilib as library
from vmaconv.cocci.script import failure, gate, namespace, policy
from vmaconv.cocci.script.exchange import default_value, script_side, sound_copy
from vmaconv.cocci.script.limits import Alarm, Expired
from vmaconv.cocci.script.plain import copy_plain
from vmaconv.cocci.script.script_values import Made, Outcome, Plain, Value
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, Place, ScriptRule, SmplError

_Result = TypeVar("_Result")

UNSET = "initial value: consider using coccinelle.varname"
"""What spatch 1.1.1 binds to a metavariable of the block's own until the block assigns one."""

MAX_OUTPUT = 64 << 20
"""Characters that one block may print."""


class _OutputLimit(BaseException):
    """A block printed too much; not an Exception, so that the block does not catch it."""


@dataclass(frozen=True, slots=True)
class _Exit:
    """A block called `sys.exit`."""

    status: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A compiled block, with where it stands."""

    code: CodeType
    place: Place


def _take_any(kind: str, text: str, declarations: str) -> str | None:  # noqa: ARG001
    return None


class Session:
    """The script side of one run over files.

        session = Session(write=out.write)
        session.begin(["mm/slub.c"])
        outcome = session.run(rule, {"p": (Position("mm/slub.c", 3, 1, 3, 7),)})

    `cocci_file` is the rule file's name as the script sees it; `names` are its declared virtual
    rules and identifiers, which scripts see as texts of themselves; `virtual` the values of `-D
    name=value`. `write` and `write_error` get what a block printed once it has ended. `parse` is
    asked about text given to `cocci.make_*` (kind as in `Made.kind`, text, declarations) and says
    what is wrong, or None. `time_limit` and `hard_limit` are those of `limits.Alarm`, for each
    block. RuntimeError outside the main thread, where no signal would arrive.
    """

    def __init__(
        self,
        *,
        write: Callable[[str], object],
        write_error: Callable[[str], object] | None = None,
        cocci_file: str = "",
        names: Collection[str] = (),
        virtual: Mapping[str, str] | None = None,
        parse: Callable[[str, str, str], str | None] = _take_any,
        trusted: bool = False,
        time_limit: float = 10.0,
        hard_limit: float | None = None,
    ) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("scripts are run in the main thread of a process only")
        self.write = write
        self.write_error = write_error if write_error is not None else lambda _: None
        self._names = tuple(names)
        self._virtual = dict(virtual or {})
        self._trusted = trusted
        self._alarm = Alarm(time_limit, hard_limit)
        self._printed: list[str] = []
        self._complaints: list[str] = []
        self._size = 0
        self._record = library.Record(cocci_file, parse, self._put)
        self._out = namespace.Stream(self._put)
        self._err = namespace.Stream(self._complain)
        self._files: tuple[str, ...] = ()
        self._blocks: dict[tuple[Place, str], _Block | SmplError] = {}
        self._bound: list[str] = []
        self._broken: SmplError | None = None
        self._start()

    @property
    def broken(self) -> bool:
        """Whether a block ran out of memory: its globals are gone, and no block runs any more."""
        return self._broken is not None

    def begin(self, files: Sequence[str]) -> None:
        """Say which files the blocks that follow run on, for `cocci.files()`."""
        self._files = tuple(files)

    def define(self, virtual: Mapping[str, str]) -> None:
        """Give the virtual identifiers other values, for a further run over files."""
        self._virtual = dict(virtual)

    def load(self, rule: ScriptRule) -> SmplError | None:
        """Compile a block before its first run, and say what is wrong with it."""
        block = self._block(rule.code, rule.source_line, rule.place)
        return block if isinstance(block, SmplError) else None

    def run(
        self,
        rule: ScriptRule,
        bindings: Mapping[str, Value],
        environment: Collection[tuple[str, str]] = (),
    ) -> Outcome:
        """Run a block once.

        `bindings` maps its local names to values; an input that is missing takes its default.
        `environment` holds the (rule, metavariable) pairs for `cocci.has_env_binding`.

        Errors, in the outcome: those of `gate`, and `script-unbound-input`, `script-error`,
        `script-time-limit`, `script-memory-limit`, `script-recursion`, `script-output-limit`,
        `script-output-value`.
        """
        block = self._block(rule.code, rule.source_line, rule.place)
        if isinstance(block, SmplError):
            return Outcome(error=block)
        variables = self._variables(rule, bindings)
        if isinstance(variables, SmplError):
            return Outcome(error=variables)
        record = self._record
        record.reset(self._files, environment)
        self._bind(variables)

        def execute() -> dict[str, Made]:
            exec(block.code, self._globals)
            return self._outputs(rule) if record.keep and not record.stop_file else {}

        result = self._guarded(block, execute)
        if isinstance(result, SmplError):
            return Outcome(error=result)
        if isinstance(result, _Exit):
            return Outcome(exit_status=result.status)
        return Outcome(result, record.keep, record.stop_file, None, tuple(record.iterations))

    def constraint(
        self,
        metavariable: Metavariable,
        constraint: Constraint,
        value: Value,
        inputs: Mapping[str, Value],
    ) -> bool | SmplError:
        """Ask a script constraint about a value: `position p : script:python() { relevant(p) };`.

        `inputs` maps the local names of `constraint.script_inputs` to values. Errors: those of
        `run`, and `script-constraint-value` for a body that gives neither True nor False.
        """
        named = {metavariable.name: value, **inputs}
        result = self._evaluate(constraint.values[1], metavariable, named)
        if isinstance(result, (bool, SmplError)):
            return result
        message = f"the constraint of '{metavariable.name}' gave a {type(result).__name__}"
        remedy = "give True or False, as bool(...) does"
        return SmplError("script-constraint-value", metavariable.place, message, remedy)

    def fresh(self, metavariable: Metavariable, inputs: Mapping[str, Value]) -> str | SmplError:
        """Make a fresh identifier from its script seed: `= script:python(i) { make_fresh(i) };`."""
        body = next(text for kind, text in metavariable.seed if kind == "script")
        result = self._evaluate(body, metavariable, inputs)
        if isinstance(result, (str, SmplError)):
            return str.__str__(result) if isinstance(result, str) else result
        message = f"the script of '{metavariable.name}' gave a {type(result).__name__}, not a text"
        return SmplError("script-output-value", metavariable.place, message, "give str(...)")

    def exported(self, rule: ScriptRule) -> dict[str, Plain] | SmplError:
        """Copy what a finalize block will take with `local << merge.NAME`, by NAME."""
        copies: dict[str, Plain] = {}
        for taken in rule.inputs:
            if taken.rule == "merge":
                try:
                    copies[taken.name] = copy_plain(vars(self._store).get(taken.name))
                except ValueError as error:
                    message = f"coccinelle.{taken.name} cannot be merged: {error}"
                    remedy = "keep lists, dicts, sets, tuples, numbers and texts in it"
                    return SmplError("script-output-value", taken.place, message, remedy)
        return copies

    def _start(self) -> None:
        self._store = library.Coccinelle()
        modules = library.modules(self._record, self._store)
        self._globals = namespace.make(modules, self._out, self._err, trusted=self._trusted)

    def _block(
        self, code: str, line: int, place: Place, *, expression: bool = False
    ) -> _Block | SmplError:
        if self._broken is not None:
            return self._broken
        key = (place, code)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self._compile(code, line, place, expression)
        return block

    def _compile(self, code: str, line: int, place: Place, expression: bool) -> _Block | SmplError:
        try:
            trusted = self._trusted
            module = gate.parse(code, place.file, line, expression=expression, trusted=trusted)
            compiled = gate.compile_module(
                module, place.file, line, trusted=trusted, expression=expression
            )
        except SmplError as error:
            return error
        return _Block(compiled, place)

    def _variables(
        self, rule: ScriptRule, bindings: Mapping[str, Value]
    ) -> dict[str, object] | SmplError:
        """Turn bindings, and defaults for missing ones, into what the script sees."""
        made: dict[str, object] = {}
        named = [(taken.local, taken.place) for taken in rule.inputs]
        named += [(output.name, output.place) for output in rule.outputs]
        for name, place in named:
            reason = policy.refused_variable(name)
            if reason is not None and not self._trusted:
                return SmplError("script-refused", place, reason, gate.RENAME)
        for taken in rule.inputs:
            value = bindings.get(taken.local)
            if value is not None:
                made[taken.local] = script_side(value)
            elif taken.rule == "virtual" and taken.name in self._virtual:
                made[taken.local] = self._virtual[taken.name]
            elif taken.default is not None:
                made[taken.local] = default_value(taken.default)
            else:
                message = f"'{taken.local}' has no value: '{taken.rule}.{taken.name}' is not bound"
                return SmplError("script-unbound-input", taken.place, message)
        for output in rule.outputs:
            made[output.name] = UNSET
        return made

    def _bind(self, variables: dict[str, object]) -> None:
        """Do as spatch does before each block, which begins with `from coccinelle import *`."""
        store = vars(self._store)
        for name in self._bound:
            store.pop(name, None)
        for name in self._names:
            if policy.refused_variable(name) is None:
                variables.setdefault(name, name)
        store.update(variables)
        self._bound = list(variables)
        self._globals.update(store)

    def _outputs(self, rule: ScriptRule) -> dict[str, Made]:
        made: dict[str, Made] = {}
        for output in rule.outputs:
            value = vars(self._store).get(output.name)
            if value is UNSET:
                made[output.name] = Made("unset", UNSET)
            elif isinstance(value, str):
                made[output.name] = Made("identifier", str.__str__(value))
            elif isinstance(value, Made) and (copied := sound_copy(value)) is not None:
                made[output.name] = copied
            else:
                message = f"coccinelle.{output.name} was given a {type(value).__name__}"
                remedy = "give it a text, or what a function like cocci.make_expr makes"
                raise SmplError("script-output-value", output.place, message, remedy)
        return made

    def _evaluate(
        self, body: str, metavariable: Metavariable, inputs: Mapping[str, Value]
    ) -> object:
        place = metavariable.place
        block = self._block(body, place.line, place, expression=True)
        if isinstance(block, SmplError):
            return block
        self._record.reset(self._files, ())
        self._bind({name: script_side(value) for name, value in inputs.items()})
        result = self._guarded(block, lambda: eval(block.code, self._globals))
        if isinstance(result, _Exit):
            message = f"the script of '{metavariable.name}' called exit"
            return SmplError("script-error", place, message)
        return result

    def _guarded(self, block: _Block, action: Callable[[], _Result]) -> _Result | SmplError | _Exit:
        """Run some of a script's code within the limits, and hand on what it printed."""
        streams = sys.stdout, sys.stderr
        try:
            return self._explained(block, action)
        except Expired:
            self._alarm.disarm()
            return failure.stopped(
                "script-time-limit", "did not end within its time limit", block.place
            )
        except MemoryError:
            # What the script holds is let go, or the engine would have no memory either.
            self._globals.clear()
            vars(self._store).clear()
            self._broken = failure.stopped("script-memory-limit", "ran out of memory", block.place)
            return self._broken
        except _OutputLimit:
            return failure.stopped(
                "script-output-limit", f"printed over {MAX_OUTPUT} characters", block.place
            )
        except Exception:
            return failure.stopped(
                "script-error", "raised an error that cannot be shown", block.place
            )
        finally:
            sys.stdout, sys.stderr = streams
            self._hand_on()

    def _explained(
        self, block: _Block, action: Callable[[], _Result]
    ) -> _Result | SmplError | _Exit:
        """Turn what a script raises into values; texts that its classes make need a limit too."""
        try:
            return self._timed(action)
        except SystemExit as error:
            leaving = error
            return self._timed(lambda: self._exit(leaving))
        except SmplError as error:
            return error
        except Exception as error:
            raised = error
            return self._timed(lambda: failure.failure(raised, block.place))

    def _timed(self, action: Callable[[], _Result]) -> _Result:
        try:
            self._alarm.arm()
            if self._trusted:
                sys.stdout, sys.stderr = self._out, self._err
            return action()
        finally:
            self._alarm.disarm()

    def _exit(self, error: SystemExit) -> _Exit:
        if error.code is None:
            return _Exit(0)
        if isinstance(error.code, int):
            return _Exit(int(error.code))
        self._complain(f"{error.code}\n")
        return _Exit(1)

    def _put(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_OUTPUT:
            raise _OutputLimit
        self._printed.append(text)

    def _complain(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_OUTPUT:
            raise _OutputLimit
        self._complaints.append(text)

    def _hand_on(self) -> None:
        if self._printed:
            printed, self._printed = "".join(self._printed), []
            self.write(printed)
        if self._complaints:
            complaints, self._complaints = "".join(self._complaints), []
            self.write_error(complaints)
        self._size = 0
