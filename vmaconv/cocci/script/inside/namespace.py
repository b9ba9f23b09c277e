# SPDX-License-Identifier: GPL-2.0-only
"""The globals that a session's blocks share: builtins, imports and guards.

In: what `library` made, and whether the rule file is trusted. Out: a dict to run code objects in.
An untrusted block finds only what `policy` lists; functions that could reach an attribute by its
name, write to what is not the script's, or spin in C for ever stand here in a guarded version.
"""

from __future__ import annotations

import _string  # type: ignore[import-not-found]
import builtins
import importlib
import itertools
import string
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import (
    BuiltinMethodType,
    CodeType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
)

from vmaconv.cocci.script import policy
from vmaconv.cocci.script.inside.coccilib import Coccinelle, Location

MAX_RANGE = 10**8
"""Longest range: `sum(range(10**12))` never looks at a signal."""

UNREACHABLE_TYPES = (FunctionType, MethodType, ModuleType, CodeType)
"""Classes that `type(x)` does not give, for they can be called to make what was never checked."""

Namespace = dict[str, object]
Modules = Mapping[str, ModuleType | Coccinelle]


class Stream:
    """`sys.stdout` or `sys.stderr` as a script sees it: a writer to the session's."""

    def __init__(self, write: Callable[[str], object]) -> None:
        def put(text: str) -> int:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")
            write(str.__str__(text))
            return len(text)

        self.write = put

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Do nothing: the session's writer keeps the order."""


def make(library: Modules, out: Stream, err: Stream, *, trusted: bool) -> Namespace:
    """Make the globals of a session, with the names that spatch predefines in them."""
    namespace: Namespace = {"__name__": "__main__"}
    own = _trusted_builtins if trusted else _restricted_builtins
    namespace["__builtins__"] = own(namespace, library, out, err)
    namespace["coccinelle"] = library["coccinelle"]
    namespace["coccilib"] = library["coccilib"]
    namespace["Iteration"] = vars(library["coccilib.iteration"])["Iteration"]
    namespace["Cocci"] = cocci = vars(library["coccinelle"])["Cocci"]
    namespace["cocci"] = cocci()
    return namespace


def _trusted_builtins(
    namespace: Namespace,  # noqa: ARG001
    library: Modules,
    out: Stream,
    err: Stream,  # noqa: ARG001
) -> dict[str, object]:
    def load(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> object:
        if name in library:
            return library[name] if fromlist else library[name.partition(".")[0]]
        return builtins.__import__(name, globals, locals, fromlist or (), level)

    return vars(builtins) | {"__import__": load, "print": _print(out), "exit": sys.exit}


def _restricted_builtins(
    namespace: Namespace, library: Modules, out: Stream, err: Stream
) -> dict[str, object]:
    made: dict[str, object] = {
        name: getattr(builtins, name) for name in (*policy.PLAIN_BUILTINS, *policy.EXCEPTIONS)
    }
    own_classes: set[type] = set()
    writable = _write_guard(namespace, own_classes)
    made.update(
        {
            "__build_class__": _class_builder(own_classes),
            "__import__": _importer(library, out, err),
            "__name__": "__main__",
            policy.FORMAT_GUARD: format_guard,
            policy.WRITE_GUARD: writable,
            "print": _print(out),
            "exit": _exit,
            "quit": _exit,
            "range": _range,
            "iter": _iter,
            "type": _type,
        }
    )
    made.update(_attribute_functions(writable))
    return made


def _print(out: Stream) -> Callable[..., None]:
    def print(
        *values: object,
        sep: str | None = " ",
        end: str | None = "\n",
        file: Stream | None = None,
        flush: bool = False,  # noqa: ARG001
    ) -> None:
        text = (" " if sep is None else sep).join(map(str, values))
        (out if file is None else file).write(text + ("\n" if end is None else end))

    return print


def _exit(status: object = None) -> None:
    raise SystemExit(status)


def _range(*bounds: int) -> range:
    made = range(*bounds)
    try:
        too_long = len(made) > MAX_RANGE
    except OverflowError:
        too_long = True
    if too_long:
        raise ValueError(f"a script's range may hold {MAX_RANGE} numbers at most")
    return made


def _iter(source: object, *sentinel: object) -> Iterator[object]:
    if not sentinel:
        return builtins.iter(source)  # type: ignore[call-overload,no-any-return]
    return _until(source, *sentinel)


def _until(function: object, sentinel: object) -> Iterator[object]:
    """Call until the sentinel comes, in Python code, which looks at signals."""
    if not callable(function):
        raise TypeError("iter(v, w): v must be callable")
    while (value := function()) != sentinel:
        yield value


def _type(value: object) -> type:
    kind = builtins.type(value)
    ours = kind.__module__.startswith("vmaconv.")
    if ours or issubclass(kind, (type, *UNREACHABLE_TYPES)):
        raise TypeError(f"type() does not give the class of a {kind.__name__} to a script")
    return kind


def _class_builder(own_classes: set[type]) -> Callable[..., type]:
    def build(body: Callable[[], object], name: str, *bases: type, **keywords: object) -> type:
        # The class of a base that is no class would be called with the body's variables.
        if keywords or not all(builtins.type(base) is type for base in bases):
            raise TypeError("a script's class may have no metaclass")
        made: type = builtins.__build_class__(body, name, *bases)
        own_classes.add(made)
        return made

    return build


def _write_guard(namespace: Namespace, own_classes: set[type]) -> Callable[[object], object]:
    """Make the function that lets an attribute be stored only on what is the script's own."""

    def writable(target: object) -> object:
        kind = builtins.type(target)
        if kind in own_classes or kind is Coccinelle or kind is Location:
            return target
        if kind is type and target in own_classes:
            return target
        if isinstance(target, FunctionType) and target.__globals__ is namespace:
            return target
        raise TypeError(f"a script may not set attributes of a {kind.__name__}")

    return writable


def _attribute_functions(writable: Callable[[object], object]) -> dict[str, object]:
    """Make `getattr` and its kin, which ask the policy about the name."""

    def checked(name: object) -> str:
        if builtins.type(name) is not str:
            raise TypeError("attribute name must be a plain str")
        reason = policy.refused_attribute(name)
        if reason is not None:
            raise AttributeError(reason)
        return name

    def get_attribute(target: object, name: object, *default: object) -> object:
        if checked(name) == "format":
            return format_guard(target)
        return builtins.getattr(target, checked(name), *default)

    def has_attribute(target: object, name: object) -> bool:
        return builtins.hasattr(target, checked(name))

    def set_attribute(target: object, name: object, value: object) -> None:
        builtins.setattr(writable(target), checked(name), value)

    def delete_attribute(target: object, name: object) -> None:
        builtins.delattr(writable(target), checked(name))

    return {
        "getattr": get_attribute,
        "hasattr": has_attribute,
        "setattr": set_attribute,
        "delattr": delete_attribute,
    }


def format_guard(target: object) -> object:
    """Give `target.format`, which for a text reads only attributes that the policy allows.

    `"{0.line}".format(p)` works, `"{0.__class__}".format(p)` raises AttributeError.
    """
    method: object = getattr(target, "format")  # noqa: B009
    if isinstance(method, BuiltinMethodType):
        text = method.__self__
        if isinstance(text, str):
            return lambda *args, **named: _checked_format(text).format(*args, **named)
        raise AttributeError("this 'format' is not open to scripts")
    if isinstance(method, MethodDescriptorType):
        return lambda text, *args, **named: _checked_format(text).format(*args, **named)
    return method


def _checked_format(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"format() of a str is called with a {type(text).__name__}")
    plain = str.__str__(text)
    for attribute in format_attributes(plain):
        reason = policy.refused_attribute(attribute)
        if reason is not None:
            raise AttributeError(reason)
    return plain


def format_attributes(text: str) -> list[str]:
    """List the attributes that a format string reads, its nested ones too.

    `{0.line} {p.file:{w.width}}` reads line, file and width. Raises ValueError for a text that is
    no format string.
    """
    found: list[str] = []
    for _, name, spec, _ in string.Formatter().parse(text):
        if name:
            found.extend(
                str(key)
                for is_attribute, key in _string.formatter_field_name_split(name)[1]
                if is_attribute
            )
        if spec:
            found.extend(format_attributes(spec))
    return found


def _importer(library: Modules, out: Stream, err: Stream) -> Callable[..., object]:
    made: dict[str, ModuleType | Coccinelle] = dict(library)

    def module(name: str) -> ModuleType | Coccinelle:
        if name not in made:
            made[name] = _open_module(name, out, err)
            for child in policy.MODULES[name]:
                if f"{name}.{child}" in policy.MODULES:
                    setattr(made[name], child, module(f"{name}.{child}"))
        return made[name]

    def load(
        name: str,
        globals: object = None,  # noqa: ARG001
        locals: object = None,  # noqa: ARG001
        fromlist: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> object:
        if type(name) is not str or level or name not in policy.MODULES:
            raise ImportError(policy.refused_import(str(name)) or "relative import")
        return module(name) if fromlist else module(name.partition(".")[0])

    return load


def _open_module(name: str, out: Stream, err: Stream) -> ModuleType:
    """Make a module that holds what the policy opens of the real one."""
    opened = ModuleType(name)
    if name == "os":
        return opened
    source = vars(importlib.import_module(name))
    content = {key: source[key] for key in policy.MODULES[name]}
    if name == "sys":
        content.update(argv=["spatch"], exit=_exit, stdout=out, stderr=err)
    elif name == "itertools":
        content.update(ITERTOOLS)
    elif name == "re":
        # A flag's class is an enumeration, whose private methods read any module's globals.
        flags = {key: int(value) for key, value in content.items() if isinstance(value, int)}
        content.update(flags)
    vars(opened).update(content)
    return opened


def _stepwise(function: Callable[..., Iterator[object]]) -> Callable[..., Iterator[object]]:
    """Wrap an iterator that may never end: each step runs Python code, which sees signals."""

    def steps(*args: object, **named: object) -> Iterator[object]:
        for item in function(*args, **named):  # noqa: UP028
            yield item

    return steps


ITERTOOLS: Mapping[str, object] = {
    name: _stepwise(getattr(itertools, name))
    for name in (
        *("count", "cycle", "repeat", "product", "permutations", "combinations"),
        *("combinations_with_replacement",),
    )
}
