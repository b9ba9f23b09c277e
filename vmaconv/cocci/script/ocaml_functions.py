# SPDX-License-Identifier: GPL-2.0-only
"""OCaml's and Coccinelle's own functions, in Python.

In: nothing. Out: tables that `ocaml_python` reads, and the text of the helpers that its code calls.
OCaml: "The OCaml system, release 4.14", standard library; Coccinelle's functions: `coccilib` of the
manual's part on scripts. What is left out has an order, a type or a failure that Python lacks.
"""

from __future__ import annotations

FIELDS = {
    "file": "{}.file",
    "current_element": "{}.current_element",
    "line": "int({}.line)",
    "line_end": "int({}.line_end)",
    "col": "int({}.column)",
    "col_end": "int({}.column_end)",
    "current_element_line": "int({}.current_element_line)",
}
"""Fields of a position."""

FUNCTIONS: dict[str, tuple[int, str]] = {
    "not": (1, "(not {})"),
    "fst": (1, "{}[0]"),
    "snd": (1, "{}[1]"),
    "incr": (1, "_ml_incr({})"),
    "decr": (1, "_ml_decr({})"),
    "ref": (1, "[{}]"),
    "failwith": (1, "_ml_fail({})"),
    "int_of_string": (1, "int({})"),
    "string_of_int": (1, "str({})"),
    "string_of_bool": (1, "str({}).lower()"),
    "print_string": (1, 'print({}, end="")'),
    "print_int": (1, 'print({}, end="")'),
    "print_endline": (1, "print({})"),
    "print_newline": (1, "print()"),
    "List.hd": (1, "_ml_at({}, 0)"),
    "List.tl": (1, "list({})[1:]"),
    "List.nth": (2, "_ml_at({}, {})"),
    "List.rev": (1, "list({})[::-1]"),
    "List.length": (1, "len({})"),
    "List.mem": (2, "({} in {})"),
    "List.map": (2, "[{0}(_ml_x) for _ml_x in {1}]"),
    "List.iter": (2, "_ml_iter({}, {})"),
    "List.iteri": (2, "_ml_iteri({}, {})"),
    "List.filter": (2, "[_ml_x for _ml_x in {1} if {0}(_ml_x)]"),
    "List.exists": (2, "any({0}(_ml_x) for _ml_x in {1})"),
    "List.for_all": (2, "all({0}(_ml_x) for _ml_x in {1})"),
    "List.fold_left": (3, "_ml_fold({}, {}, {})"),
    "List.concat": (1, "[_ml_x for _ml_l in {} for _ml_x in _ml_l]"),
    "List.flatten": (1, "[_ml_x for _ml_l in {} for _ml_x in _ml_l]"),
    "List.assoc": (2, "dict(reversed({1}))[{0}]"),
    "String.length": (1, "len({})"),
    "String.sub": (3, "_ml_sub({}, {}, {})"),
    "String.get": (2, "_ml_sub({}, {}, 1)"),
    "String.make": (2, "({1} * {0})"),
    "String.concat": (2, "{}.join({})"),
    "String.contains": (2, "({1} in {0})"),
    "String.split_on_char": (2, "{1}.split({0})"),
    **{
        f"String.{name}{tail}": (1, f"{{}}.{python}()")
        for name, python in (("lowercase", "lower"), ("uppercase", "upper"))
        for tail in ("", "_ascii")
    },
    "String.trim": (1, "{}.strip()"),
    "Str.regexp_string": (1, "_ml_re.compile(_ml_re.escape({}))"),
    "Str.string_match": (3, "({0}.match({1}, {2}) is not None)"),
    "Str.search_forward": (3, "_ml_search({}, {}, {})"),
    "Str.split": (2, "_ml_split({}, {})"),
    "Hashtbl.create": (1, "{{}}"),
    "Hashtbl.add": (3, "{0}.setdefault({1}, []).insert(0, {2})"),
    "Hashtbl.replace": (3, "_ml_replace({}, {}, {})"),
    "Hashtbl.mem": (2, "({1} in {0})"),
    "Hashtbl.find": (2, "{0}[{1}][0]"),
    "Hashtbl.find_all": (2, "list({0}.get({1}, []))"),
    "Hashtbl.length": (1, "sum(len(_ml_x) for _ml_x in {}.values())"),
    "include_match": (1, "cocci.include_match({})"),
    "exit": (1, "cocci.exit()"),
    "files": (1, "cocci.files()"),
    "print_main": (2, "cocci.print_main({}, {})"),
    "print_sec": (2, "cocci.print_sec({}, {})"),
    "print_secs": (2, "cocci.print_secs({}, {})"),
    "make_ident": (1, "cocci.make_ident({})"),
    "make_expr": (1, "cocci.make_expr({})"),
    "make_stmt": (1, "cocci.make_stmt({})"),
    "make_stmt_with_env": (2, "cocci.make_stmt_with_env({}, {})"),
    "make_type": (1, "cocci.make_type({})"),
    "make_listlen": (1, "cocci.make_listlen({})"),
    "make_position": (6, "cocci.make_position({}, {}, {}, {}, {}, {})"),
    "make_pragmainfo": (1, "cocci.make_pragmainfo({})"),
}
"""How many arguments a function takes, and what it is in Python."""

NUMBERS = frozenset(
    ("List.length", "String.length", "int_of_string", "Str.search_forward", "Hashtbl.length")
)
"""Those of them that give whole numbers."""

HELPERS = """\
import re as _ml_re
from coccilib.elems import TermList as _ml_TermList
def _ml_text(value):
    if not isinstance(value, _ml_TermList):
        return value
    if all(part.endswith((";", "}")) for part in value.elements):
        return "\\n".join(value.elements)
    return str(value)
def _ml_fail(message):
    raise ValueError(message)
def _ml_at(items, index):
    if not 0 <= index < len(items):
        raise ValueError("nth")
    return items[index]
def _ml_sub(text, start, length):
    if start < 0 or length < 0 or start + length > len(text):
        raise ValueError("String.sub")
    return text[start : start + length]
def _ml_incr(cell):
    cell[0] += 1
def _ml_decr(cell):
    cell[0] -= 1
def _ml_set(cell, value):
    cell[0] = value
def _ml_iter(function, items):
    for item in items:
        function(item)
def _ml_iteri(function, items):
    for index, item in enumerate(items):
        function(index, item)
def _ml_fold(function, value, items):
    for item in items:
        value = function(value, item)
    return value
def _ml_replace(table, key, value):
    table[key] = [value, *table.get(key, [])[1:]]
def _ml_search(pattern, text, start):
    found = pattern.search(text, start)
    if found is None:
        raise KeyError("Not_found")
    return found.start()
def _ml_split(pattern, text):
    parts = pattern.split(text)
    if parts and parts[0] == "":
        parts = parts[1:]
    if parts and parts[-1] == "":
        parts = parts[:-1]
    return parts
def _ml_nomatch():
    raise ValueError("Match_failure")
"""
"""What the translated code calls; a block with it stands before all others."""
