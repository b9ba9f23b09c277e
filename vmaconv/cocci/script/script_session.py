# SPDX-License-Identifier: GPL-2.0-only
"""Running the script blocks of a rule file, in a process that has nothing.

In: `ScriptRule`s, script constraints and seeds, and what their metavariables stand for. Out: an
`BlockOutcome` for each run, and the text that was printed, given to the caller's writer after each
block. Which rules run, in which order and for which environments is the engine's business; so is
a parser for what `cocci.make_expr` and its kin are given. Here blocks are compiled; they run on the
other side of a pipe, in `inside`.

One `Session` stands for one spatch process: its blocks share their globals, as spatch 1.1.1's do
(variables of a block stay visible in later ones; what is stored in `coccinelle.NAME` becomes the
global `NAME` before each block).
"""

from __future__ import annotations

import base64
import marshal
import threading
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from types import CodeType

from msgspec import Struct

from vmaconv.cocci.script import answers, block_compiler, policy
from vmaconv.cocci.script.inside.block_runner import UNSET
from vmaconv.cocci.script.inside.plain_data import Json, decode
from vmaconv.cocci.script.script_process import NoBoundaryError, ProcessEnded, ScriptProcess
from vmaconv.cocci.script.script_values import BlockOutcome, Plain, Value
from vmaconv.cocci.smpl.rule import Constraint, Metavariable, RulePlace, ScriptRule, SmplError

_GONE = frozenset({"script-memory-limit"})
"""Errors after which a process has lost its globals, though it lives."""


class _Block(Struct, frozen=True):
    """A compiled block, with its number on the other side and where it stands."""

    number: int
    code: CodeType
    place: RulePlace


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
    what is wrong, or None. A block that takes `time_limit` seconds of processor time is stopped;
    one that cannot be stopped so, for it loops inside C code, costs the process at `hard_limit`.
    The process starts `at_once`, or else when a block is first run: most blocks of most rule files
    never are. A trusted session's process has no boundary. RuntimeError outside the main thread, with whose
    end the process would end.
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
        at_once: bool = True,
        time_limit: float = 10.0,
        hard_limit: float | None = None,
    ) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("scripts are run from the main thread of a process only")
        self.write = write
        self.write_error = write_error if write_error is not None else lambda _: None
        self._names = tuple(names)
        self._virtual = dict(virtual or {})
        self._trusted = trusted
        self._parse = parse
        self._hard_limit = 3 * time_limit + 1 if hard_limit is None else hard_limit
        self._files: tuple[str, ...] = ()
        self._blocks: dict[tuple[RulePlace, str], _Block | SmplError] = {}
        self._sent: set[int] = set()
        self._broken: SmplError | None = None
        self._cocci_file = cocci_file
        self._ready = False
        self._greeting: Mapping[str, Json] = {
            "cocci_file": cocci_file,
            "asks": parse is not _take_any,
            "time_limit": time_limit,
        }
        self._process = ScriptProcess(trusted=trusted, at_once=at_once)
        weakref.finalize(self, self._process.close)

    @property
    def broken(self) -> bool:
        """Whether the globals of the blocks are gone, so that no block runs any more."""
        return self._broken is not None

    def ready(self) -> SmplError | None:
        """Wait until blocks can be run, and say why none will be where nothing would hold them.

        Error: `script-no-boundary`.
        """
        if self._ready or self._broken is not None:
            return self._broken
        place = RulePlace(self._cocci_file, 1, 0)
        try:
            self._process.ready()
            self._process.send(self._greeting)
            self._ready = True
        except NoBoundaryError as error:
            message = f"the script blocks are not run: {error}"
            self._broken = SmplError(
                "script-no-boundary", place, message, block_compiler.NO_BOUNDARY
            )
        except ProcessEnded as ended:
            self._broken = self._ended(ended, place)
        except BaseException:
            self._stopped(place)
            raise
        return self._broken

    def close(self) -> None:
        """End the process of the blocks."""
        self._process.close()

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
    ) -> BlockOutcome:
        """Run a block once.

        `bindings` maps its local names to values; an input that is missing takes its default.
        `environment` holds the (rule, metavariable) pairs for `cocci.has_env_binding`.

        Errors, in the outcome: those of `block_compiler`, and `script-unbound-input`, `script-error`,
        `script-denied`, `script-time-limit`, `script-memory-limit`, `script-recursion`,
        `script-output-limit`, `script-output-value`, `script-died`, `script-no-boundary`.
        """
        block = self._block(rule.code, rule.source_line, rule.place)
        if isinstance(block, SmplError):
            return BlockOutcome(error=block)
        variables = self._variables(rule, bindings)
        if isinstance(variables, SmplError):
            return BlockOutcome(error=variables)
        outputs = {output.name: output.place for output in rule.outputs}
        pairs: list[Json] = [[*pair] for pair in environment]
        answer = self._ask(
            block,
            {
                **self._order(block, variables, expression=False),
                "environment": pairs,
                "outputs": [*outputs],
            },
        )
        if isinstance(answer, SmplError):
            return BlockOutcome(error=self._at_output(answer, outputs))
        found = answers.outcome_of(answer, outputs, rule.place.file)
        return BlockOutcome(error=found) if isinstance(found, SmplError) else found

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
        answer = self._evaluate(constraint.values[1], metavariable, named)
        if isinstance(answer, SmplError):
            return answer
        found = answer.get("value")
        if isinstance(found, bool):
            return found
        message = f"the constraint of '{metavariable.name}' gave a {_type_of(answer)}"
        remedy = "give True or False, as bool(...) does"
        return SmplError("script-constraint-value", metavariable.place, message, remedy)

    def fresh(self, metavariable: Metavariable, inputs: Mapping[str, Value]) -> str | SmplError:
        """Make a fresh identifier from its script seed: `= script:python(i) { make_fresh(i) };`."""
        body = next(text for kind, text in metavariable.seed if kind == "script")
        answer = self._evaluate(body, metavariable, inputs)
        if isinstance(answer, SmplError):
            return answer
        found = answer.get("value")
        if isinstance(found, str):
            return found
        message = f"the script of '{metavariable.name}' gave a {_type_of(answer)}, not a text"
        return SmplError("script-output-value", metavariable.place, message, "give str(...)")

    def exported(self, rule: ScriptRule) -> dict[str, Plain] | SmplError:
        """Copy what a finalize block will take with `local << merge.NAME`, by NAME."""
        copies: dict[str, Plain] = {}
        for taken in rule.inputs:
            if taken.rule != "merge":
                continue
            answer = self._send({"export": taken.name}, taken.place)
            if isinstance(answer, SmplError):
                return answer
            try:
                copies[taken.name] = decode(answer.get("exported"))  # type: ignore[assignment]
            except ValueError as error:
                message = f"coccinelle.{taken.name} cannot be merged: {error}"
                return SmplError("script-output-value", taken.place, message)
        return copies

    # Blocks.

    def _block(
        self, code: str, line: int, place: RulePlace, *, expression: bool = False
    ) -> _Block | SmplError:
        if self._broken is not None:
            return self._broken
        key = (place, code)
        block = self._blocks.get(key)
        if block is None:
            block = self._blocks[key] = self._compile(code, line, place, expression)
        return block

    def _compile(
        self, code: str, line: int, place: RulePlace, expression: bool
    ) -> _Block | SmplError:
        try:
            trusted = self._trusted
            module = block_compiler.parse(
                code, place.file, line, expression=expression, trusted=trusted
            )
            compiled = block_compiler.compile_module(
                module, place.file, line, expression=expression
            )
        except SmplError as error:
            return error
        return _Block(len(self._blocks), compiled, place)

    def _variables(
        self, rule: ScriptRule, bindings: Mapping[str, Value]
    ) -> dict[str, Json] | SmplError:
        """Return what a block finds in its variables: bindings, defaults, and what it makes."""
        made: dict[str, Json] = {}
        named = [(taken.local, taken.place) for taken in rule.inputs]
        named += [(output.name, output.place) for output in rule.outputs]
        for name, place in named:
            reason = policy.refused_variable(name)
            if reason is not None and not self._trusted:
                return SmplError("script-refused", place, reason, block_compiler.RENAME)
        for taken in rule.inputs:
            value = bindings.get(taken.local)
            if value is not None:
                made[taken.local] = answers.shown(value)
            elif taken.rule == "virtual" and taken.name in self._virtual:
                made[taken.local] = answers.shown(self._virtual[taken.name])
            elif taken.default is not None:
                made[taken.local] = answers.default_value(taken.default)
            else:
                message = f"'{taken.local}' has no value: '{taken.rule}.{taken.name}' is not bound"
                return SmplError("script-unbound-input", taken.place, message)
        for output in rule.outputs:
            made[output.name] = ["unset"]
        return made

    def _order(
        self, block: _Block, variables: Mapping[str, Json], *, expression: bool
    ) -> dict[str, Json]:
        """Return the order to run a block; its code goes with the first one."""
        for name in self._names:
            if policy.refused_variable(name) is None and name not in variables:
                variables = {**variables, name: ["text", name]}
        order: dict[str, Json] = {
            "block": block.number,
            "files": [*self._files],
            "variables": dict(variables),
            "expression": expression,
            "environment": [],
        }
        if block.number not in self._sent:
            self._sent.add(block.number)
            order["code"] = base64.b64encode(marshal.dumps(block.code)).decode()
            order["file"], order["line"] = block.place.file, block.place.line
        return order

    def _evaluate(
        self, body: str, metavariable: Metavariable, inputs: Mapping[str, Value]
    ) -> answers.Answer | SmplError:
        place = metavariable.place
        block = self._block(body, place.line, place, expression=True)
        if isinstance(block, SmplError):
            return block
        shown: dict[str, Json] = {name: answers.shown(value) for name, value in inputs.items()}
        answer = self._ask(block, self._order(block, shown, expression=True))
        if not isinstance(answer, SmplError) and "exit" in answer:
            message = f"the script of '{metavariable.name}' called exit"
            return SmplError("script-error", place, message)
        return answer

    # The other side.

    def _ask(self, block: _Block, order: Mapping[str, Json]) -> answers.Answer | SmplError:
        return self._send(order, block.place)

    def _send(self, order: Mapping[str, Json], place: RulePlace) -> answers.Answer | SmplError:
        """Have an order obeyed, hand on what was printed, and return the answer or its error."""
        if (broken := self.ready()) is not None:
            return broken
        printed: dict[str, list[str]] = {"out": [], "err": []}
        try:
            answer = self._process.ask(
                order,
                self._hard_limit,
                lambda stream, text: printed[stream].append(text),
                self._parse,
            )
        except ProcessEnded as ended:
            self._broken = self._ended(ended, place)
            return self._broken
        except BaseException:
            self._stopped(place)
            raise
        finally:
            self._hand_on(printed)
        error = answers.error_of(answer, place)
        if error is not None and error.code in _GONE:
            self._broken = error
        return self._explained(error) if error is not None else answer

    def _stopped(self, place: RulePlace) -> None:
        """Do without the process: the time for a file was up, or Ctrl-C came, amid a message."""
        self._process.close()
        message = "the script was stopped with the work that it was part of"
        self._broken = SmplError("script-time-limit", place, message)

    def _hand_on(self, printed: Mapping[str, list[str]]) -> None:
        if printed["out"]:
            self.write("".join(printed["out"]))
        if printed["err"]:
            self.write_error("".join(printed["err"]))

    def _ended(self, ended: ProcessEnded, place: RulePlace) -> SmplError:
        held = f"scripts are held by {self._process.boundary}" if not self._trusted else ""
        return SmplError(ended.code, place, f"the script {ended}", held)

    def _explained(self, error: SmplError) -> SmplError:
        """Say of something that the system denied which boundary did so."""
        if error.code != "script-denied":
            return error
        if self._trusted:
            return SmplError("script-error", error.place, error.message)
        remedy = f"scripts are held by {self._process.boundary}: {block_compiler.TRUST}"
        return SmplError(error.code, error.place, error.message, remedy)

    def _at_output(self, error: SmplError, outputs: Mapping[str, RulePlace]) -> SmplError:
        """Place an error about what a block made at the declaration of that."""
        if error.code == "script-output-value":
            for name, place in outputs.items():
                if error.message.startswith(f"coccinelle.{name} "):
                    return SmplError(error.code, place, error.message, error.remedy)
        return error


def _type_of(answer: answers.Answer) -> str:
    name = answer.get("type", "bool" if isinstance(answer.get("value"), bool) else "")
    return name[:100] if isinstance(name, str) else ""


__all__ = ["UNSET", "Session"]
