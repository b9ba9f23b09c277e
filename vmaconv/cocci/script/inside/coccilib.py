# SPDX-License-Identifier: GPL-2.0-only
"""The objects that a script finds: `cocci`, `coccilib`, the modules and the builtins.

In: what a block does to them. Out: text for the writer, and the marks on a `Record` that
`block_runner` reads when the block has ended. The text is spatch 1.1.1's, byte for byte (as its own
runs show). Functions that hold anything of ours are closures, for attributes of an instance can be
read by the script.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Collection, Sequence
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from vmaconv.cocci.script.inside.plain_data import Json

    class _Variable(Protocol):
        """What `register_match` takes: something that `combine` gave a location."""

        location: Location


ELEMS = "coccilib.elems"


class Location:
    """A position as a script sees it: every field is a text."""

    __module__ = ELEMS

    def __init__(
        self,
        file: str,
        current_element: str,
        ce_line: str,
        ce_column: str,
        ce_line_end: str,
        ce_column_end: str,
        line: str,
        column: str,
        line_end: str,
        column_end: str,
    ) -> None:
        self.file = file
        self.current_element = current_element
        self.current_element_line = ce_line
        self.current_element_column = ce_column
        self.current_element_line_end = ce_line_end
        self.current_element_column_end = ce_column_end
        self.line = line
        self.column = column
        self.line_end = line_end
        self.column_end = column_end


class Comment:
    """The comments around a place as a script sees them."""

    __module__ = ELEMS

    def __init__(self, comment_before: str, comment_middle: str, comment_after: str) -> None:
        self.before = comment_before
        self.middle = comment_middle
        self.after = comment_after

    def __getitem__(self, index: int) -> list[str]:
        """Return the comments of one of the three as OCaml's blocks have them, a list."""
        return (self.before, self.middle, self.after)[index].splitlines()


class ElemBase:
    """What spatch derives a list from; empty."""

    __module__ = ELEMS


class TermList(ElemBase):
    """A list metavariable as a script sees it: it can be indexed and printed, and has no length."""

    __module__ = ELEMS

    def __init__(self, expr: str, elements: tuple[str, ...]) -> None:
        self.expr = expr
        self.elements = elements

    def __getitem__(self, n: int) -> str:
        return self.elements[n]

    def __str__(self) -> str:
        return self.expr


class Coccinelle:
    """The module `coccinelle`: a place for a block's variables, and nothing of ours."""


class MadeTerm:
    """A term that `cocci` made for a metavariable of the block."""

    __slots__ = ("declarations", "kind", "position", "text")

    def __init__(
        self,
        kind: str,
        text: str = "",
        declarations: str = "",
        position: tuple[str, int, int, int, int, str] | None = None,
    ) -> None:
        self.kind = kind
        self.text = text
        self.declarations = declarations
        self.position = position


class Record:
    """What a block has done so far; `iterations` are as `answers` reads them."""

    def __init__(
        self,
        cocci_file: str,
        parse: Callable[[str, str, str], str | None],
        write: Callable[[str], None],
    ) -> None:
        self.cocci_file = cocci_file
        self.parse = parse
        self.write = write
        self.reset((), ())

    def reset(self, files: Sequence[str], environment: Collection[tuple[str, str]]) -> None:
        """Forget the last block."""
        self.keep = True
        self.stop_file = False
        self.files = files
        self.environment = environment
        self.iterations: list[Json] = []

    def iterate(
        self,
        files: Sequence[str] | None,
        rules: Sequence[str],
        identifiers: Sequence[tuple[str, str]],
        extend: bool,
    ) -> None:
        """Note a further run that the block asks for, and the line where it does."""
        names: Json = None if files is None else [*files]
        pairs: Json = [[name, value] for name, value in identifiers]
        self.iterations.append([names, [*rules], pairs, extend, _calling_line()])

    def include_match(self, value: object) -> None:
        """Keep or drop the environment that the block runs in."""
        if not isinstance(value, bool):
            raise TypeError(f"include_match takes True or False, not {type(value).__name__}")
        self.keep = value

    def exit(self) -> None:
        """Let no later rule see this file."""
        self.stop_file = True

    def made(self, kind: str, text: object, declarations: object = "") -> MadeTerm:
        """Make a term from text, if the caller's parser takes it."""
        text, declarations = _text(text), _text(declarations)
        problem = self.parse(kind, text, declarations)
        if problem is not None:
            raise ValueError(f"no {kind} can be made from '{text}': {problem}")
        return MadeTerm(kind, text, declarations)


def modules(record: Record, store: Coccinelle) -> dict[str, ModuleType | Coccinelle]:
    """Make `coccinelle` and the modules of `coccilib`, bound to a record."""
    parts: dict[str, dict[str, object]] = {
        "elems": {
            "Location": Location,
            "Comment": Comment,
            "ElemBase": ElemBase,
            "TermList": TermList,
        },
        "report": _report(record.write),
        "org": _org(record.write),
        "iteration": {"Iteration": _iteration(record)},
    }
    cocci = _cocci(record, parts["org"])
    parts["output"] = {"Output": cocci, "Console": cocci}
    made: dict[str, ModuleType | Coccinelle] = {"coccinelle": store}
    package = ModuleType("coccilib")
    made["coccilib"] = package
    for name, content in parts.items():
        module = ModuleType(f"coccilib.{name}")
        vars(module).update(content)
        setattr(package, name, module)
        made[f"coccilib.{name}"] = module
    vars(store)["Cocci"] = cocci
    return made


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is needed, not {type(value).__name__}")
    return str.__str__(value)


def _calling_line() -> int:
    """Return the line of the rule file in which a function of ours was called."""
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_lineno


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a whole number is needed, not {type(value).__name__}")
    return int(value)


def _report(write: Callable[[str], None]) -> dict[str, object]:
    def build_report(p: Location, msg: object) -> str:
        return f"{p.file}:{p.line}:{p.column}-{p.column_end}: {msg}"

    def print_report(p: Location, msg: object = "ERROR") -> None:
        write(build_report(p, msg) + "\n")

    return {"build_report": build_report, "print_report": print_report}


def _org(write: Callable[[str], None]) -> dict[str, object]:
    def build_link(p: Location, msg: object, color: object) -> str:
        view = f"view:{p.file}::face={color}::linb={p.line}::colb={p.column}::cole={p.column_end}"
        return f"[[{view}][{msg}]]"

    def print_link(p: Location, msg: object = "", color: object = "ovl-face1") -> None:
        write(build_link(p, _or_place(msg, p), color) + "\n")

    def print_todo(p: Location, msg: object = "", color: object = "ovl-face1") -> None:
        write(f"* TODO {build_link(p, _or_place(msg, p), color)}\n")

    def print_safe_link(p: Location, msg: str = "", color: object = "ovl-face1") -> None:
        print_link(p, _without_brackets(msg), color)

    def print_safe_todo(p: Location, msg: str = "", color: object = "ovl-face1") -> None:
        print_todo(p, _without_brackets(msg), color)

    def print_main(msg: object, p: Sequence[Location], color: object = "ovl-face1") -> None:
        place = _or_place("", p[0])
        print_todo(p[0], place if msg == "" else f"{msg} {place}", color)

    def print_sec(msg: object, p: Sequence[Location], color: object = "ovl-face2") -> None:
        print_link(p[0], msg, color)

    def print_secs(msg: object, ps: Sequence[Location], color: object = "ovl-face2") -> None:
        for p in ps:
            print_link(p, msg, color)

    return {
        "build_link": build_link,
        "print_link": print_link,
        "print_todo": print_todo,
        "print_safe_link": print_safe_link,
        "print_safe_todo": print_safe_todo,
        "print_main": print_main,
        "print_sec": print_sec,
        "print_secs": print_secs,
    }


def _or_place(msg: object, p: Location) -> object:
    return f"{p.file}::{p.line}" if msg == "" else msg


def _without_brackets(msg: str) -> str:
    """Replace what would end an org link."""
    return msg.replace("[", "@(").replace("]", ")")


def _iteration(record: Record) -> type:
    class Iteration:
        """A run to be added, over other files or with other virtual rules."""

        __module__ = "coccilib.iteration"

        def __init__(self) -> None:
            self.__files: tuple[str, ...] | None = None
            self.__rules: list[str] = []
            self.__identifiers: dict[str, str] = {}
            self.__extend = False

        def set_files(self, files: object) -> None:
            if not isinstance(files, list):
                raise TypeError("Iteration.set_files takes a list of texts")
            self.__files = tuple(map(_text, files))

        def add_virtual_rule(self, rule: object) -> None:
            self.__rules.append(_text(rule))

        def add_virtual_identifier(self, ident: object, value: object) -> None:
            name = _text(ident)
            if name in self.__identifiers:
                raise ValueError(f"the virtual identifier {name} has a value already")
            self.__identifiers[name] = _text(value)

        def set_extend_virtual_ids(self, value: object) -> None:
            self.__extend = bool(value)

        def register(self) -> None:
            rules = tuple(sorted(set(self.__rules)))
            identifiers = tuple(self.__identifiers.items())
            record.iterate(self.__files, rules, identifiers, self.__extend)

    return Iteration


def _cocci(record: Record, org: dict[str, object]) -> type:
    def add_pending_instance(
        files: Sequence[object] | None,
        virtual_rules: Sequence[object],
        virtual_identifiers: Sequence[tuple[object, object]],
        extend_virtual_ids: object,
    ) -> None:
        names = None if files is None else tuple(map(_text, files))
        pairs = tuple((_text(name), _text(value)) for name, value in virtual_identifiers)
        rules = tuple(map(_text, virtual_rules))
        record.iterate(names, rules, pairs, bool(extend_virtual_ids))

    def make_position(
        fl: object, fn: object, startl: object, startc: object, endl: object, endc: object
    ) -> MadeTerm:
        start, end = (_number(startl), _number(startc)), (_number(endl), _number(endc))
        return MadeTerm("position", position=(_text(fl), *start, *end, _text(fn)))

    def combine(meta_variable: object, locations: Sequence[Location]) -> object:
        copied = copy.deepcopy(meta_variable)
        places = [copy.deepcopy(p) for p in locations]
        if getattr(type(copied), "__module__", "") != "__main__":
            kind = type(copied).__name__
            raise AttributeError(f"a {kind} takes no location: give an object of a class of yours")
        vars(copied).update(location=places[0], locations=places)
        return copied

    def register_match(include: object, messages: Sequence[tuple[_Variable, object]]) -> None:
        record.include_match(include)
        for variable, message in messages if include else ():
            p = variable.location
            record.write(f"{p.file}:{p.line}:{p.column}: {message} - {variable}\n")

    methods: dict[str, object] = {
        "add_pending_instance": add_pending_instance,
        "combine": combine,
        "exit": lambda: record.exit(),
        "files": lambda: list(record.files),
        "finalise": lambda: None,
        "has_env_binding": lambda rule, name: (rule, name) in record.environment,
        "include_match": lambda value: record.include_match(value),
        "make_expr": lambda text: record.made("expression", text),
        "make_ident": lambda text: record.made("identifier", text),
        "make_listlen": lambda number: MadeTerm("length", str(_number(number))),
        "make_position": make_position,
        "make_pragmainfo": lambda text: record.made("pragmainfo", text),
        "make_stmt": lambda text: record.made("statement", text),
        "make_stmt_with_env": lambda env, text: record.made("statement", text, env),
        "make_type": lambda text: record.made("type", text),
        "print_main": org["print_main"],
        "print_sec": org["print_sec"],
        "print_secs": org["print_secs"],
        "register_match": register_match,
    }
    statics: dict[str, object] = {
        name: staticmethod(method) for name, method in methods.items() if callable(method)
    }
    return type(
        "Cocci", (), statics | {"cocci_file": record.cocci_file, "__module__": "coccinelle"}
    )
