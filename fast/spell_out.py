#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Spell out the Structs of a copy of the sources, for `make fast`.

usage: python fast/spell_out.py COPY

mypyc makes no class of C of what has a base or a metaclass that it did not compile: a `msgspec.Struct`
stays a class as Python has it, whose attributes are looked up by name. So each Struct that is compiled is
written out as a plain class, as one would by hand. A constant of a module is looked up by name as well,
each time, unless it is `Final`. The sources stay as they are: a plain install runs them.

In: a copy of the sources. Out: the files that are compiled, in which each Struct is a class with
`__init__`, `__eq__`, `__hash__`, `__repr__`, `__reduce__` and the order methods that it had, and each
constant is `Final`; a frozen dataclass that writes its constructor itself sets its fields as any class
does, not by way of `object.__setattr__`, which takes ten times as long; in all files, `replace` of
`msgspec.structs` and of `dataclasses` becomes that of `spelled.py`, which takes all sorts and is put into
COPY's package. Class patterns with positions are not for them. A base that is a Struct stands in the same
module.

That nobody sets a field of a frozen one, mypy has seen in the sources; it is not looked at again. Fields
that are `Final` would do so, but where an exception passes one of these, mypy 2.4's compiler releases a
value that it never had.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

RUNTIME = "vmaconv.spelled"
RUNTIME_FILE = "vmaconv/spelled.py"
_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*\Z")
_NO_VALUES = frozenset({"NewType", "ParamSpec", "TypeVar"})
_ORDER = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
_EMPTY = {"dict": "{}", "list": "[]", "set": "set()", "frozenset": "frozenset()"}


class NotSpelled(Exception):
    """A Struct with something that is not written out; says where and what."""


class SpelledField(NamedTuple):
    """A field: its name and type, its default and how a new one is made, as Python."""

    name: str
    type: str
    default: str | None
    factory: str | None
    kw_only: bool


class SpelledClass(NamedTuple):
    """A Struct: its fields, those of its base first, and what it has of its own."""

    node: ast.ClassDef
    inherited: tuple[SpelledField, ...]
    fields: tuple[SpelledField, ...]
    own: frozenset[str]
    options: dict[str, bool]

    def has(self, option: str) -> bool:
        """Return whether the class asks for something."""
        return self.options.get(option, option == "eq")


Edits = list[tuple[int, int, list[str]]]
"""First line, line behind the last (both from 0), and what takes their place."""


def spelled_out(source: str) -> str:
    """Return the text of a module with its Structs spelled out; raises NotSpelled.

    >>> print(spelled_out("class A(Struct, frozen=True):\\n    x: int\\n").split("def ")[1].strip())
    __init__(self, x: int) -> None:
            self.x = x
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    known: dict[str, SpelledClass] = {}
    edits: Edits = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            bases = [ast.unparse(base) for base in node.bases]
            if "Struct" in bases or any(base in known for base in bases):
                made = known[node.name] = _read(node, bases, known)
                edits += _class_edits(made, bases, lines)
            else:
                edits += _thawed(node, source)
    if edits:
        edits.append(_import_at(tree, "from typing import Any as Any_, ClassVar as ClassVar_"))
    for part in ast.walk(tree):
        if isinstance(part, ast.ImportFrom) and part.module == "msgspec" and known:
            edits.append((part.lineno - 1, part.end_lineno or part.lineno, []))
    return _edited(lines, edits) if edits else source


def _import_at(tree: ast.Module, text: str) -> tuple[int, int, list[str]]:
    """Return the edit that puts a line before all that a module does."""
    at = next(n.lineno - 1 for n in tree.body if not _is_head(n))
    return at, at, [text]


def _thawed(node: ast.ClassDef, source: str) -> Edits:
    """Return the edits that have the constructor of a frozen dataclass set its fields directly."""
    edits: Edits = []
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "dataclass":
            kept = [word for word in decorator.keywords if word.arg not in ("frozen", "slots")]
            words = ", ".join(f"{word.arg}={ast.unparse(word.value)}" for word in kept)
            if len(kept) < len(decorator.keywords):
                line = decorator.lineno - 1
                edits.append((line, decorator.end_lineno or line + 1, [f"@dataclass({words})"]))
    own = (part for part in node.body if isinstance(part, ast.FunctionDef))
    constructor = next((part for part in own if part.name == "__init__"), None)
    if not edits or constructor is None:
        return []
    names = []
    for part in constructor.body:
        end = part.end_lineno or part.lineno
        text = ast.unparse(part)
        if text == "put = object.__setattr__":
            edits.append((part.lineno - 1, end, []))
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            _, name, value = part.value.args
            written = ast.get_source_segment(source, value)
            names.append(str(ast.literal_eval(name)))
            edits.append((part.lineno - 1, end, [f"        self.{names[-1]} = {written}"]))
    given = [word.arg for word in constructor.args.args[1:] + constructor.args.kwonlyargs]
    end = node.end_lineno or node.lineno
    edits.append((end, end, _replaced(node.name, given)))
    return edits


def _replaced(name: str, given: Sequence[str]) -> list[str]:
    """Return the method that makes a value with other fields, which `spelled.replace` calls."""
    values = [f'{field}=changes.get("{field}", self.{field}),' for field in given]
    return [
        "",
        f"    def spelled_replace(self, changes: dict[str, Any_]) -> {name}:",
        f"        return {name}(",
        *(f"            {value}" for value in values),
        "        )",
    ]


def with_final_constants(source: str) -> str:
    """Return the text of a module whose constants are `Final`: names in capitals, given a value once.

    >>> print(with_final_constants("LEAST: int = 2\\n").split("\\n")[1])
    LEAST: Final_[int] = 2
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored = Counter(name.id for name in names if isinstance(name.ctx, ast.Store))
    edits: Edits = []
    for node in tree.body:
        name = _constant(node)
        if name and stored[name] == 1:
            edits.append((node.lineno - 1, node.lineno, [_final(node, name, lines)]))
    if edits:
        edits.append(_import_at(tree, "from typing import Final as Final_"))
    return _edited(lines, edits) if edits else source


def _constant(node: ast.stmt) -> str:
    """Return the name of the constant that a statement gives its value, if it does."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target: ast.expr = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return ""
    value = node.value
    if value is None or not isinstance(target, ast.Name) or not _CONSTANT.match(target.id):
        return ""
    made = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
    return "" if made in _NO_VALUES else target.id


def _final(node: ast.stmt, name: str, lines: list[str]) -> str:
    """Return the first line of a constant's assignment, `Final`."""
    line = lines[node.lineno - 1]
    if isinstance(node, ast.AnnAssign):
        if node.annotation.end_lineno != node.lineno:
            raise NotSpelled(f"{name}: its type has several lines")
        rest = line.encode()[node.annotation.end_col_offset :].decode()
        return f"{name}: Final_[{ast.unparse(node.annotation)}]{rest}"
    return f"{name}: Final_{line.removeprefix(name)}"


def _is_head(node: ast.stmt) -> bool:
    """Whether a statement has to stand before all others: the docstring, `from __future__`."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def with_own_replace(source: str) -> str:
    """Return the text of a module that takes `replace` from `spelled`."""
    own = f"from {RUNTIME} import replace"
    for module in ("msgspec.structs", "dataclasses"):
        source = source.replace(f"from {module} import replace\n", f"{own}\n")
    if "dataclasses.replace(" in source:
        source = source.replace("import dataclasses\n", f"{own} as replace_\n")
        source = source.replace("dataclasses.replace(", "replace_(")
    return source


def _edited(lines: list[str], edits: Edits) -> str:
    for start, end, text in sorted(edits, reverse=True):
        lines[start:end] = text
    return "\n".join(lines) + "\n"


def _read(node: ast.ClassDef, bases: list[str], known: dict[str, SpelledClass]) -> SpelledClass:
    options = {str(word.arg): bool(ast.literal_eval(word.value)) for word in node.keywords}
    inherited = tuple(field for base in bases if base in known for field in known[base].fields)
    fields = {field.name: field for field in inherited}
    own: set[str] = set()
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            own.add(part.name)
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            type_text = ast.unparse(part.annotation)
            if not type_text.startswith("ClassVar"):
                name = part.target.id
                fields[name] = _field(name, type_text, part.value, options.get("kw_only", False))
                own.add(name)
    if own & {"__init__", "__match_args__"}:
        raise NotSpelled(f"{node.name}: __init__ or __match_args__")
    return SpelledClass(node, inherited, tuple(fields.values()), frozenset(own), options)


def _field(name: str, type_text: str, value: ast.expr | None, kw_only: bool) -> SpelledField:
    default = ast.unparse(value) if value is not None else None
    factory = None
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "field":
        given = {word.arg: ast.unparse(word.value) for word in value.keywords}
        default, factory = given.get("default"), given.get("default_factory")
        if given.keys() - {"default", "default_factory"}:
            raise NotSpelled(f"{name}: {ast.unparse(value)}")
    elif default in _EMPTY.values():
        factory, default = default, None
    if factory is not None and "None" in type_text:
        raise NotSpelled(f"{name}: a factory for what may be None")
    return SpelledField(name, type_text, default, factory, kw_only)


def _class_edits(made: SpelledClass, bases: list[str], lines: list[str]) -> Edits:
    node = made.node
    kept = ", ".join(base for base in bases if base != "Struct")
    head = node.lineno - 1
    head_end = next(n for n in range(head, len(lines)) if lines[n].rstrip().endswith(":")) + 1
    edits: Edits = [
        (head, head_end, [f"class {node.name}({kept}):" if kept else f"class {node.name}:"])
    ]
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    at = (first.end_lineno or first.lineno) if is_docstring else head_end
    names = "".join(f'"{field.name}", ' for field in made.fields)
    marker = ["", f"    __struct_fields__: ClassVar_[tuple[str, ...]] = ({names})"]
    edits.append((at, at, marker))
    for part in node.body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found = next((f for f in made.fields if f.name == part.target.id), None)
            if found is not None and found.name in made.own:
                text = [f"    {found.name}: {found.type}"]
                edits.append((part.lineno - 1, part.end_lineno or part.lineno, text))
    end = node.end_lineno or len(lines)
    edits.append((end, end, _methods(made)))
    return edits


def _methods(made: SpelledClass) -> list[str]:
    names = [field.name for field in made.fields]
    values = "".join(f"self.{name}, " for name in names)
    out = _constructor(made)
    if made.has("eq") and "__eq__" not in made.own:
        out += _equality(made, names)
        if made.has("frozen") and "__hash__" not in made.own:
            out += ["", "    def __hash__(self) -> int:", f"        return hash(({values}))"]
    if made.has("order"):
        others = "".join(f"other.{name}, " for name in names)
        for name, operator in _ORDER.items():
            out += ["", f"    def {name}(self, other: {made.node.name}) -> bool:"]
            out += [f"        return ({values}) {operator} ({others})"]
    if "__repr__" not in made.own:
        shown = ", ".join(f"{name}={{self.{name}!r}}" for name in names)
        out += [
            "",
            "    def __repr__(self) -> str:",
            f'        return f"{made.node.name}({shown})"',
        ]
    out += _replaced(made.node.name, names)
    if not any(field.kw_only for field in made.fields):
        out += ["", "    def __reduce__(self) -> tuple[object, ...]:"]
        out += [f"        return type(self), ({values})"]
    return out


def _constructor(made: SpelledClass) -> list[str]:
    plain = [_parameter(field) for field in made.fields if not field.kw_only]
    words = [_parameter(field) for field in made.fields if field.kw_only]
    given = ", ".join(["self", *plain, *(["*", *words] if words else [])])
    above = ", ".join(f"{field.name}={field.name}" for field in made.inherited)
    body = [f"        super().__init__({above})"] if above else []
    body += [
        f"        self.{f.name} = {_initial(f)}" for f in made.fields if f not in made.inherited
    ]
    if "__post_init__" in made.own:
        body.append("        self.__post_init__()")
    return ["", f"    def __init__({given}) -> None:", *(body or ["        pass"])]


def _parameter(field: SpelledField) -> str:
    if field.factory is not None:
        return f"{field.name}: {field.type} | None = None"
    default = f" = {field.default}" if field.default is not None else ""
    return f"{field.name}: {field.type}{default}"


def _initial(field: SpelledField) -> str:
    if field.factory is None:
        return field.name
    fresh = _EMPTY.get(field.factory, field.factory)
    fresh = fresh if fresh in _EMPTY.values() else f"({fresh})()"
    return f"{field.name} if {field.name} is not None else {fresh}"


def _equality(made: SpelledClass, names: list[str]) -> list[str]:
    same = " and ".join(f"self.{name} == other.{name}" for name in names)
    return [
        "",
        "    def __eq__(self, other: object) -> bool:",
        "        if self is other:",
        "            return True",
        f"        if not isinstance(other, {made.node.name}) or type(other) is not type(self):",
        "            return NotImplemented",
        f"        return {same or 'True'}",
    ]


def compiled_files(copy: Path) -> list[Path]:
    """Return the files of a copy of the sources that its pyproject.toml has compiled."""
    build = tomllib.loads((copy / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    hook = build["targets"]["wheel"]["hooks"]["mypyc"]
    found = {path for pattern in hook["include"] for path in copy.glob(pattern)}
    return sorted(path for path in found if path.name not in hook["exclude"])


def main() -> int:
    """Rewrite the files of a copy; say which cannot be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("copy", type=Path, help="a copy of the sources, which is changed")
    copy = parser.parse_args().copy
    for path in compiled_files(copy):
        try:
            path.write_text(with_final_constants(spelled_out(path.read_text())))
        except NotSpelled as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
    for path in (copy / "vmaconv").rglob("*.py"):
        path.write_text(with_own_replace(path.read_text()))
    (copy / RUNTIME_FILE).write_bytes(Path(__file__).with_name("spelled.py").read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
