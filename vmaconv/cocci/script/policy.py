# SPDX-License-Identifier: GPL-2.0-only
"""What a rule file's script may name.

In: nothing. Out: tables of the builtins, modules and attributes that an untrusted block may use,
and the questions `check` (which answers with places), `gate` (which decides what is compiled) and
`library` (which makes the objects) ask of them. A rule file may come from a stranger, so
everything here is a list of what is allowed; the one list of what is not, `FRAME_ATTRIBUTES`,
closes the ways from a function, generator, exception or class to the interpreter that are not
spelt with two underscores.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping

FORMAT_GUARD = "__vmaconv_format__"
WRITE_GUARD = "__vmaconv_write__"
"""Names under which blocks find the guards that the gate has them call."""

VERSION = 2
"""Part of the key under which `cache` remembers a clean block: raise it with any change of a
table.
"""

PLAIN_BUILTINS: tuple[str, ...] = (
    *("abs", "all", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr"),
    *("classmethod", "complex", "dict", "divmod", "enumerate", "filter", "float", "format"),
    *("frozenset", "hash", "hex", "id", "int", "isinstance", "issubclass", "len", "list", "map"),
    *("max", "min", "next", "object", "oct", "ord", "pow", "property", "repr", "reversed"),
    *("round", "set", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "zip"),
    *("NotImplemented", "Ellipsis", "SystemExit", "True", "False", "None"),
)
"""Builtins that a script gets as they are."""

GUARDED_BUILTINS: tuple[str, ...] = (
    *("delattr", "exit", "getattr", "hasattr", "iter", "print", "quit", "range", "setattr", "type"),
)
"""Builtins that a script gets in a version of ours (see `library`)."""

EXCEPTIONS: tuple[str, ...] = tuple(
    sorted(
        name
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, Exception) and "Group" not in name
    )
)

REFUSED_BUILTINS: Mapping[str, str] = {
    "open": "scripts open no files",
    "input": "scripts read nothing from the terminal",
    "breakpoint": "scripts read nothing from the terminal",
    "help": "scripts read nothing from the terminal",
    "exec": "scripts compile no code",
    "eval": "scripts compile no code",
    "compile": "scripts compile no code",
    "globals": "scripts name their variables one by one",
    "locals": "scripts name their variables one by one",
    "vars": "scripts name their attributes one by one",
    "dir": "scripts name their attributes one by one",
    "__import__": "scripts import with 'import'",
}
"""Builtins that scripts may not use, with the reason to give."""

BUILTINS = frozenset((*PLAIN_BUILTINS, *GUARDED_BUILTINS, *EXCEPTIONS))

MODULES: Mapping[str, tuple[str, ...]] = {
    "re": (
        *("compile", "escape", "findall", "finditer", "fullmatch", "match", "search", "split"),
        *("sub", "subn", "error", "Match", "Pattern"),
        *("A", "ASCII", "I", "IGNORECASE", "M", "MULTILINE", "S", "DOTALL", "X", "VERBOSE"),
    ),
    "math": (
        *("ceil", "comb", "exp", "fabs", "factorial", "floor", "fmod", "fsum", "gcd", "inf"),
        *("isclose", "isfinite", "isinf", "isnan", "isqrt", "lcm", "log", "log10", "log2", "nan"),
        *("pi", "pow", "prod", "sqrt", "trunc"),
    ),
    "string": (
        *("ascii_letters", "ascii_lowercase", "ascii_uppercase", "capwords", "digits"),
        *("hexdigits", "octdigits", "printable", "punctuation", "whitespace"),
    ),
    "collections": ("Counter", "OrderedDict", "defaultdict", "deque", "namedtuple"),
    "itertools": (
        *("accumulate", "chain", "combinations", "combinations_with_replacement", "compress"),
        *("count", "cycle", "dropwhile", "filterfalse", "groupby", "islice", "pairwise"),
        *("permutations", "product", "repeat", "starmap", "takewhile", "tee", "zip_longest"),
    ),
    "functools": ("cache", "cmp_to_key", "lru_cache", "partial", "reduce"),
    "operator": (
        *("add", "and_", "concat", "contains", "eq", "floordiv", "ge", "getitem", "gt"),
        *(
            "itemgetter",
            "le",
            "lt",
            "mod",
            "mul",
            "ne",
            "neg",
            "not_",
            "or_",
            "sub",
            "truth",
            "xor",
        ),
    ),
    "os": ("path",),
    "os.path": (
        "basename",
        "commonprefix",
        "dirname",
        "isabs",
        "join",
        "normpath",
        "split",
        "splitext",
    ),
    "sys": ("argv", "exit", "maxsize", "stderr", "stdout", "version", "version_info"),
    "coccinelle": ("*",),
    "coccilib": ("elems", "iteration", "org", "output", "report"),
    "coccilib.elems": ("Comment", "ElemBase", "Location", "TermList"),
    "coccilib.iteration": ("Iteration",),
    "coccilib.org": (
        *("build_link", "print_link", "print_main", "print_safe_link", "print_safe_todo"),
        *("print_sec", "print_secs", "print_todo"),
    ),
    "coccilib.output": ("Console", "Output"),
    "coccilib.report": ("build_report", "print_report"),
}
"""Modules that a script may import, and what of them it may use (`*`: anything)."""

COCCI_METHODS: tuple[str, ...] = (
    *("add_pending_instance", "cocci_file", "combine", "exit", "files", "finalise"),
    *("has_env_binding", "include_match", "make_expr", "make_ident", "make_listlen"),
    *("make_position", "make_pragmainfo", "make_stmt", "make_stmt_with_env", "make_type"),
    *("print_main", "print_sec", "print_secs", "register_match"),
)
"""Attributes of the object `cocci`, as spatch 1.1.1 has them, and `make_pragmainfo` of later
ones.
"""

PREDEFINED = frozenset({"Cocci", "Iteration", "cocci", "coccilib", "coccinelle", "__name__"})
"""Names that are bound before any block runs."""

METHODS = frozenset(
    f"__{name}__"
    for name in (
        *("init", "str", "repr", "len", "bool", "int", "float", "index", "hash", "iter", "next"),
        *("contains", "getitem", "setitem", "delitem", "call", "reversed", "abs", "neg"),
        *("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "or", "and", "xor", "mod"),
        *("radd", "rsub", "rmul", "ror", "rand", "iadd", "ior", "iand"),
    )
)
"""Double-underscore methods that a script's class may define."""

FRAME_ATTRIBUTES = frozenset(
    (
        *("ag_await", "ag_code", "ag_frame", "cr_await", "cr_code", "cr_frame", "cr_origin"),
        *(
            "f_back",
            "f_builtins",
            "f_code",
            "f_globals",
            "f_lasti",
            "f_lineno",
            "f_locals",
            "f_trace",
        ),
        *("gi_code", "gi_frame", "gi_yieldfrom", "tb_frame", "tb_lasti", "tb_lineno", "tb_next"),
        *("func_closure", "func_code", "func_defaults", "func_dict", "func_globals"),
        *("im_class", "im_func", "im_self", "co_code", "co_consts", "co_names"),
        *("format_map", "mro", "with_traceback"),
        # What an AttributeError is about may be a module of the library's.
        "obj",
    )
)
"""Attributes that lead from a value to the interpreter, or that read attributes named by a text."""

PYTHON2_NAMES: Mapping[str, str] = {
    "basestring": "str",
    "cmp": "(a > b) - (a < b)",
    "long": "int",
    "raw_input": "",
    "reduce": "functools.reduce",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
"""Builtins of Python 2, with what Python 3 calls them."""


def is_special(name: str) -> bool:
    """Whether a name is spelt `__like_this__`."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def refused_name(name: str) -> str | None:
    """Say why a plain name may not be used, or None.

    `__builtins__` is refused; `x`, `_x` and `__name__` are not. The name is the one that the
    compiler sees, so a caller that reads source text normalises it (NFKC) first.
    """
    if is_special(name) and name != "__name__":
        return f"the name '{name}' leads into the interpreter"
    return None


def refused_variable(name: str) -> str | None:
    """Say why a metavariable of a block may not have a name, or None.

    The blocks' builtins and guards are global variables, too: `__builtins__ << r.x;` is refused.
    """
    if is_special(name):
        return f"the script is refused: a variable called '{name}' would hide one of Python's own"
    return None


def refused_attribute(name: str, *, of_self: bool = False) -> str | None:
    """Say why an attribute may not be used, or None.

    `x.__class__`, `g.gi_frame` and `x._private` are refused, `self._private` is not. (Single
    underscores are how the standard library marks what is not for the public: `EnumType._convert_`
    reads the globals of any module.)
    """
    if is_special(name) and name != "__name__":
        return f"the attribute '{name}' leads into the interpreter"
    if name in FRAME_ATTRIBUTES:
        return f"the attribute '{name}' leads into the interpreter"
    if name.startswith("_") and name != "__name__" and (not of_self or name.endswith("_")):
        return f"the attribute '{name}' is private"
    return None


def refused_import(module: str, name: str | None = None) -> str | None:
    """Say why `import module` (or `from module import name`) may not be used, or None."""
    names = MODULES.get(module)
    if names is None:
        return f"the module '{module}' is not among those that a script may import"
    if name is None or name == "*" or "*" in names or name in names:
        return None
    if f"{module}.{name}" in MODULES:
        return None
    return f"'{name}' of the module '{module}' is not open to scripts"
