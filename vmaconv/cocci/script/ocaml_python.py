# SPDX-License-Identifier: GPL-2.0-only
"""OCaml blocks as Python: tests of strings and places, messages, names that are made, helpers.

In: a `script:ocaml` or `initialize:ocaml` block, or the body of a constraint. Out: the same in
Python, for the same confined host; `NotCovered` where it has anything that is not known to mean the
same there. What is covered: definitions of functions and values, `fun`, `function`, `if`, `let`,
`match`, `try … with Not_found`, references, lists, tuples, options, comparisons, `^`, `@`, `::`,
`&&`, `||`, whole numbers with `+ - *`, `Printf`, and what `ocaml_functions` lists. Types, modules,
exceptions, records, objects, loops and labels are not.

OCaml's `let` hides an outer name and Python's assignment changes it: each `let` gets a name of its
own. What OCaml has as an expression and Python as statements becomes a function in front of the
statement that it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from vmaconv.cocci.script.ocaml_functions import FIELDS, FUNCTIONS, NUMBERS
from vmaconv.cocci.script.ocaml_patterns import atom, pattern
from vmaconv.cocci.script.ocaml_tokens import (
    KEYWORDS,
    Cursor,
    NotCovered,
    OcamlToken,
    string_of,
    words_of,
)
from vmaconv.cocci.smpl.regex import python_regex

_MODULES = ("Coccilib.", "Stdlib.", "Pervasives.")
_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_GIVE = "\0"
"""Stands before what may be the value of a block, until it is known what stands last."""
_FORMAT = re.compile(r"%(?:[-0]*\d*)(?P<kind>[sdi%!])|%")
_UNIT = "None"


@dataclass(frozen=True, slots=True)
class Known:
    """A name that a block sees: what it is called in Python, and how many arguments it takes.

    `raw` says that it is the text of an input, which may be a number.
    """

    python: str
    arity: int = 0
    raw: bool = False


Names = dict[str, Known]


def python_of(
    code: str, inputs: Collection[str], outputs: Collection[str], known: Names | None = None
) -> str:
    """Return a script block in Python; `inputs` are its local names, `outputs` what it is to make.

    `known` are the names that earlier blocks define. Raises `NotCovered`.

    >>> print(python_of('if x = "a" then Coccilib.include_match false', ["x"], []))
    if (_ml_text(x) == "a"):
        cocci.include_match(False)
    """
    reader = _OcamlReader(code, {**(known or {}), **_inputs(inputs)}, outputs)
    lines = reader.block("")
    reader.cursor.expect("end")
    return "\n".join(lines)


def expression_of(code: str, inputs: Collection[str], known: Names) -> str:
    """Return the body of a constraint or seed in Python, an expression. Raises `NotCovered`."""
    reader = _OcamlReader(code, {**known, **_inputs(inputs)}, ())
    text, lines = reader.alone()
    if lines:
        raise NotCovered(0, "what needs more than one expression")
    reader.cursor.expect("end")
    return text


def definitions_of(code: str, known: Names, prefix: str) -> str:
    """Return a block of definitions in Python, and add their names to `known`.

    `prefix` keeps them apart from the names of other blocks. Raises `NotCovered`.
    """
    reader = _OcamlReader(code, known, (), prefix)
    lines = reader.definitions()
    known.update(reader.names)
    return "\n".join(lines)


def _inputs(names: Collection[str]) -> Names:
    return {name: Known(f"_ml_text({name})", raw=True) for name in names}


@dataclass(slots=True)
class _Term:
    """An expression in Python; `raw` says that it is the text of an input, which may be a number."""

    text: str
    raw: bool = False
    number: bool = False


class _OcamlReader:
    """Reads a block; statements give lines, and expressions one text and lines before it."""

    def __init__(
        self, code: str, names: Names, outputs: Collection[str], prefix: str = "_ml_v_"
    ) -> None:
        self.cursor = Cursor(words_of(code))
        self.names = dict(names)
        self._outputs = outputs
        self._prefix = prefix
        self._before: list[str] = []
        self._count = 0

    # Names.

    def _bound(self, name: str, arity: int = 0) -> str:
        """Return a name of its own for what `let` or a parameter calls `name`."""
        self._count += 1
        plain = name.replace("'", "_q")
        python = f"{self._prefix}{plain}_{self._count}"
        self.names[name] = Known(python, arity)
        return python

    def _new(self) -> str:
        self._count += 1
        return f"_ml_t{self._count}{self._prefix.rstrip('_')}"

    # Statements. `give` is `return` or `_GIVE` where the value of the block is wanted, else empty.

    def definitions(self) -> list[str]:
        """Read a block of top-level `let`s."""
        cursor = self.cursor
        lines: list[str] = []
        while cursor.word.kind != "end":
            if cursor.accept(";;"):
                continue
            if cursor.accept("open"):
                word = cursor.expect("name")
                if f"{word.text}." not in _MODULES:
                    raise cursor.fail(word)
                continue
            if not cursor.accept("let"):
                raise cursor.fail()
            lines += self._definition()
            if cursor.word.text == "in":
                raise cursor.fail()
        return lines

    def block(self, give: str) -> list[str]:
        """Read statements with `;` between them."""
        saved = dict(self.names)
        lines: list[str] = []
        while True:
            found = self._statement(_GIVE if give else "")
            if not self.cursor.accept(";"):
                break
            if self.cursor.word.text in ("", ")", "end"):
                break
            # What is not the last has no value that anybody wants.
            lines += [line.replace(_GIVE, "") for line in found]
        self.names = saved
        return [*lines, *(line.replace(_GIVE, give) for line in found)] or ["pass"]

    def _statement(self, give: str) -> list[str]:
        cursor = self.cursor
        if cursor.accept("let"):
            return self._let(give)
        if cursor.accept("if"):
            return self._if(give)
        if cursor.word.text in ("begin", "(") and self._begins_block():
            close = "end" if cursor.word.text == "begin" else ")"
            cursor.at += 1
            lines = self.block(give)
            cursor.want(close)
            return lines
        name = cursor.word
        if name.kind == "name" and cursor.following.text == ":=":
            return self._assignment(name, give)
        if cursor.accept("()"):
            return [f"{give}{_UNIT}"] if give else []
        text, lines = self.alone()
        return [*lines, f"{give}{text}"]

    def _assignment(self, name: OcamlToken, give: str) -> list[str]:
        self.cursor.at += 2
        text, lines = self.alone()
        if name.text in self._outputs and name.text not in self.names:
            return [*lines, f"coccinelle.{name.text} = {text}"]
        known = self.names.get(name.text)
        if known is None or known.raw or known.arity:
            raise self.cursor.fail(name)
        return [*lines, f"{give}_ml_set({known.python}, {text})"]

    def alone(self) -> tuple[str, list[str]]:
        """Read an expression; return it with the lines that have to stand before it."""
        outer, self._before = self._before, []
        text = self._expression().text
        lines, self._before = self._before, outer
        return text, lines

    def _begins_block(self) -> bool:
        """Whether parentheses hold statements: an operator behind them makes them an expression."""
        words, depth = self.cursor.words, 0
        for at in range(self.cursor.at, len(words)):
            text = words[at].text
            depth += (text in ("(", "begin", "[")) - (text in (")", "end", "]"))
            if depth == 1 and text == ",":
                return False
            if depth == 0:
                ends = ("", ";", ")", "end", "else", "in", "|", "let", ";;", "with")
                return words[at + 1].text in ends
        return False

    def _let(self, give: str) -> list[str]:
        lines = self._definition()
        self.cursor.want("in")
        return [*lines, *self.block(give)]

    def _definition(self) -> list[str]:
        """Read what follows `let`, up to `in` or the end of the definition."""
        cursor = self.cursor
        recursive = cursor.accept("rec")
        if cursor.accept("()") or cursor.accept("_"):
            cursor.want("=")
            text, lines = self.alone()
            return [*lines, text]
        name = cursor.word
        if cursor.is_plain(name) and cursor.following.text != ",":
            cursor.at += 1
            if cursor.accept(":"):
                cursor.expect("name")
            if not cursor.accept("="):
                return self._function(name.text, recursive, "=")
            if cursor.word.text in ("fun", "function"):
                return self._named_lambda(name.text, recursive)
            text, lines = self.alone()
            return [*lines, f"{self._bound(name.text)} = {text}"]
        subject = self._new()
        matched = pattern(cursor, subject)
        cursor.want("=")
        text, lines = self.alone()
        lines.append(f"{subject} = {text}")
        if matched.tests:
            lines += [f"if not ({' and '.join(matched.tests)}):", "    _ml_nomatch()"]
        return [*lines, *self._bindings(matched.names)]

    def _bindings(self, names: list[tuple[str, str]]) -> list[str]:
        return [f"{self._bound(name)} = {value}" for name, value in names]

    def _named_lambda(self, name: str, recursive: bool) -> list[str]:
        if self.cursor.accept("fun"):
            return self._function(name, recursive, "->")
        self.cursor.accept("function")
        return self._arms(name, recursive)

    def _function(self, name: str, recursive: bool, sign: str) -> list[str]:
        """Read parameters and a body, for `name` (empty: for a name that nobody sees)."""
        cursor = self.cursor
        saved = dict(self.names)
        parameters: list[str] = []
        opening: list[str] = []
        start = cursor.at
        for bind in (False, True):
            # First only counted: a recursive function is called with all its parameters.
            cursor.at = start
            if bind:
                python = self._function_name(name, len(parameters), recursive)
                parameters.clear()
            opening += self._parameters(sign, parameters, bind)
            cases = cursor.accept("function")
            parameters += [self._new()] if cases else []
        body = self._cases(parameters[-1]) if cases else self.block("return ")
        self.names = saved
        if name:
            self.names[name] = Known(python, len(parameters))
        self._made = python
        return _defined(python, parameters, [*opening, *body])

    def _parameters(self, sign: str, parameters: list[str], bind: bool) -> list[str]:
        """Read parameters up to `sign`, and those of a `fun` that is all of the body."""
        cursor = self.cursor
        opening: list[str] = []
        while True:
            while not cursor.accept(sign):
                if cursor.word.text in ("~", "?") or cursor.word.kind == "end":
                    raise cursor.fail()
                parameters.append(self._new())
                matched = atom(cursor, parameters[-1])
                if matched.tests:
                    raise cursor.fail()
                opening += self._bindings(matched.names) if bind else []
            if not cursor.accept("fun"):
                return opening
            sign = "->"

    def _function_name(self, name: str, arity: int, recursive: bool) -> str:
        if not name:
            return self._new()
        before = self.names.get(name)
        python = self._bound(name, arity)
        if not recursive:
            if before is None:
                del self.names[name]
            else:
                self.names[name] = before
        return python

    def _arms(self, name: str, recursive: bool) -> list[str]:
        """Read the arms of `function` or `match … with`, as a function of one parameter."""
        saved = dict(self.names)
        python = self._function_name(name, 1, recursive)
        subject = self._new()
        body = self._cases(subject)
        self.names = saved
        if name:
            self.names[name] = Known(python, 1)
        self._made = python
        return _defined(python, [subject], body)

    def _cases(self, subject: str) -> list[str]:
        """Read the arms behind `function` or `with`: lines that return the value of one."""
        lines: list[str] = []
        self.cursor.accept("|")
        while True:
            lines += self._arm(subject)
            if not self.cursor.accept("|"):
                return [*lines, "return _ml_nomatch()"]

    def _arm(self, subject: str) -> list[str]:
        saved = dict(self.names)
        matched = pattern(self.cursor, subject)
        lines = self._bindings(matched.names)
        guard = None
        if self.cursor.accept("when"):
            guard, before = self.alone()
            lines += before
        self.cursor.want("->")
        body = self.block("return ")
        if not body[-1].startswith("return"):
            body.append(f"return {_UNIT}")
        lines += [f"if {guard}:", *_indented(body)] if guard is not None else body
        self.names = saved
        return [f"if {' and '.join(matched.tests)}:", *_indented(lines)] if matched.tests else lines

    def _if(self, give: str) -> list[str]:
        text, lines = self.alone()
        self.cursor.want("then")
        lines += [f"if {text}:", *self._branch(give)]
        if self.cursor.accept("else"):
            lines += ["else:", *self._branch(give)]
        return lines

    def _branch(self, give: str) -> list[str]:
        saved = dict(self.names)
        lines = _indented(self._statement(give))
        self.names = saved
        return lines

    # Expressions, from what binds loosest.

    def _hoisted(self, lines: list[str]) -> str:
        self._before += lines
        return self._made

    def _expression(self) -> _Term:
        first = self._untupled()
        if not self.cursor.accept(","):
            return first
        parts = [first.text, self._untupled().text]
        while self.cursor.accept(","):
            parts.append(self._untupled().text)
        return _Term(f"({', '.join(parts)})")

    def _untupled(self) -> _Term:
        cursor = self.cursor
        word = cursor.word.text if cursor.word.kind == "name" else ""
        if word == "if":
            return self._conditional()
        if word in ("let", "match", "try"):
            return _Term(f"{self._thunk(word)}()")
        if word in ("fun", "function"):
            return _Term(self._lambda())
        if word == "assert":
            raise cursor.fail()
        return self._joined("||", "or", lambda: self._joined("&&", "and", self._comparison))

    def _conditional(self) -> _Term:
        self.cursor.want("if")
        condition = self._untupled().text
        self.cursor.want("then")
        value = self._untupled()
        other = _UNIT
        if self.cursor.accept("else"):
            other = self._untupled().text
        return _Term(f"({value.text} if {condition} else {other})", number=value.number)

    def _lambda(self) -> str:
        if self.cursor.accept("fun"):
            return self._hoisted(self._function("", False, "->"))
        self.cursor.want("function")
        return self._hoisted(self._arms("", False))

    def _thunk(self, word: str) -> str:
        """Read `let`, `match` or `try` as a function without parameters."""
        python = self._new()
        self.cursor.want(word)
        saved = dict(self.names)
        if word == "let":
            body = self._let("return ")
        elif word == "match":
            text, body = self.alone()
            self.cursor.want("with")
            body += self._arms("", False)
            body.append(f"return {self._made}({text})")
        else:
            body = self._try()
        self.names = saved
        self._before += _defined(python, [], body)
        return python

    def _try(self) -> list[str]:
        inner = self.block("return ")
        self.cursor.want("with")
        self.cursor.accept("|")
        caught = self.cursor.expect("name").text
        if caught not in ("Not_found", "_"):
            raise self.cursor.fail()
        self.cursor.want("->")
        other = self.block("return ")
        if self.cursor.word.text == "|":
            raise self.cursor.fail()
        kind = "KeyError" if caught == "Not_found" else "Exception"
        return ["try:", *_indented(inner), f"except {kind}:", *_indented(other)]

    def _joined(self, sign: str, python: str, inner: Callable[[], _Term]) -> _Term:
        terms = [inner()]
        while self.cursor.accept(sign):
            terms.append(inner())
        if len(terms) == 1:
            return terms[0]
        return _Term(f"({f' {python} '.join(term.text for term in terms)})")

    def _comparison(self) -> _Term:
        left = self._concatenation()
        word = self.cursor.word
        python = _COMPARISONS.get(word.text) if word.kind == "sign" else None
        if python is None:
            return left
        self.cursor.at += 1
        first, second = _alike(left, self._concatenation())
        return _Term(f"({first} {python} {second})")

    def _concatenation(self) -> _Term:
        left = self._cons()
        if self.cursor.accept("^"):
            return _Term(f"({left.text} + {self._concatenation().text})")
        if self.cursor.accept("@"):
            return _Term(f"[*{left.text}, *{self._concatenation().text}]")
        return left

    def _cons(self) -> _Term:
        left = self._sum()
        if self.cursor.accept("::"):
            return _Term(f"[{left.text}, *{self._cons().text}]")
        return left

    def _sum(self) -> _Term:
        left = self._product()
        while self.cursor.word.text in ("+", "-") and self.cursor.word.kind == "sign":
            sign = self.cursor.word.text
            self.cursor.at += 1
            right = self._product()
            left = _Term(f"({_as_number(left)} {sign} {_as_number(right)})", number=True)
        return left

    def _product(self) -> _Term:
        left = self._application()
        while self.cursor.accept("*"):
            right = self._application()
            left = _Term(f"({_as_number(left)} * {_as_number(right)})", number=True)
        return left

    def _application(self) -> _Term:
        word = self.cursor.word
        if self.cursor.accept("-"):
            return _Term(f"(-{_as_number(self._application())})", number=True)
        if word.kind == "name" and word.text == "Some":
            self.cursor.at += 1
            return _Term(f"({self._postfix().text},)")
        name = _bare(word.text)
        if word.kind == "name" and name not in self.names:
            if name in ("Printf.printf", "Printf.sprintf"):
                self.cursor.at += 1
                return self._formatted(name == "Printf.printf")
            if name == "Str.regexp":
                self.cursor.at += 1
                return _Term(_regexp(self.cursor.expect("string")))
            if name in FUNCTIONS:
                self.cursor.at += 1
                return self._applied(*FUNCTIONS[name], name in NUMBERS)
        known = self.names.get(word.text) if word.kind == "name" else None
        if known is not None and not known.raw:
            self.cursor.at += 1
            return self._called(word, known)
        found = self._postfix()
        if self._begins_operand():
            # What is no function is applied.
            raise self.cursor.fail(word)
        return found

    def _applied(self, count: int, python: str, number: bool) -> _Term:
        """Apply one of OCaml's own functions; where arguments lack, it is a value itself."""
        terms: list[str] = []
        while len(terms) < count and self._begins_operand():
            terms.append(self._postfix().text)
        if len(terms) == count:
            return _Term(python.format(*terms), number=number)
        return self._lacking(count - len(terms), lambda more: python.format(*terms, *more))

    def _lacking(self, count: int, call: Callable[[list[str]], str]) -> _Term:
        """Return the function of the arguments that a call lacks."""
        names = [f"_ml_a{index}" for index in range(count)]
        python = self._new()
        self._before += _defined(python, names, [f"return {call(names)}"])
        return _Term(python)

    def _called(self, word: OcamlToken, known: Known) -> _Term:
        """Apply a function that is defined, or whatever a parameter stands for."""
        cursor = self.cursor
        terms: list[str] = []
        while self._begins_operand() and (known.arity == 0 or len(terms) < known.arity):
            terms.append(self._postfix().text)
        if not terms:
            return self._behind(_Term(known.python))
        if known.arity > len(terms):
            return self._lacking(
                known.arity - len(terms),
                lambda more: f"{known.python}({', '.join((*terms, *more))})",
            )
        if self._begins_operand():
            raise cursor.fail(word)
        return _Term(f"{known.python}({', '.join(terms)})")

    def _begins_operand(self) -> bool:
        word = self.cursor.word
        if word.kind == "name":
            return word.text not in KEYWORDS
        literal = word.kind in ("string", "char", "number")
        return literal or word.text in ("(", "[", "()", "[]", "!")

    def _formatted(self, printed: bool) -> _Term:
        word = self.cursor.expect("string")
        wanted = 0
        for match in _FORMAT.finditer(word.text):
            if match["kind"] is None:
                raise NotCovered(word.offset, f"the format {word.text}")
            wanted += match["kind"] in "sdi"
        terms = [self._postfix().text for _ in range(wanted)]
        text = string_of(word).replace("%!", "").replace("%i", "%d")
        made = f"{text} % ({', '.join(terms)},)" if terms else f"{text} % ()"
        return _Term(f'print({made}, end="")' if printed else f"({made})")

    def _postfix(self) -> _Term:
        if self.cursor.accept("!"):
            return _Term(f"{self._postfix().text}[0]")
        return self._behind(self._atom())

    def _behind(self, found: _Term) -> _Term:
        while True:
            if self.cursor.accept(".["):
                index = self._expression().text
                self.cursor.want("]")
                found = _Term(f"_ml_sub({found.text}, {index}, 1)")
            elif self.cursor.word.text == "." and self.cursor.following.kind == "name":
                self.cursor.at += 1
                found = self._field(found, self.cursor.expect("name"))
            else:
                return found

    def _field(self, term: _Term, word: OcamlToken) -> _Term:
        python = FIELDS.get(_bare(word.text))
        if python is None:
            raise self.cursor.fail(word)
        return _Term(python.format(term.text), number=python.startswith("int("))

    def _atom(self) -> _Term:
        word = self.cursor.word
        self.cursor.at += 1
        match word.kind:
            case "number":
                return _Term(str(int(word.text)), number=True)
            case "string" | "char":
                return _Term(string_of(word))
            case "name":
                return self._name(word)
        if word.text == "(":
            return self._bracketed()
        if word.text == "[":
            return self._list()
        if word.text in ("()", "[]"):
            return _Term(_UNIT if word.text == "()" else "[]")
        raise self.cursor.fail(word)

    def _bracketed(self) -> _Term:
        inner = self._expression()
        if self.cursor.accept(":"):
            self.cursor.expect("name")
        self.cursor.want(")")
        return _Term(f"({inner.text})", inner.raw, inner.number)

    def _list(self) -> _Term:
        parts: list[str] = []
        while not self.cursor.accept("]"):
            parts.append(self._expression().text)
            if not self.cursor.accept(";") and self.cursor.word.text != "]":
                raise self.cursor.fail()
        return _Term(f"[{', '.join(parts)}]")

    def _name(self, word: OcamlToken) -> _Term:
        if word.text in ("true", "false"):
            return _Term(word.text.capitalize())
        if word.text == "None":
            return _Term("None")
        name, dot, field = word.text.partition(".")
        known = self.names.get(name)
        if known is None:
            function = FUNCTIONS.get(_bare(word.text))
            if function is None:
                raise self.cursor.fail(word)
            # Without arguments, it is a value.
            count, python = function
            return self._lacking(count, lambda names: python.format(*names))
        term = _Term(known.python, known.raw)
        return self._field(term, OcamlToken("name", field, word.offset)) if dot else term

    _made = ""
    """What the function that was read last is called."""


def _bare(name: str) -> str:
    for module in _MODULES:
        name = name.removeprefix(module)
    return name


def _defined(name: str, parameters: list[str], body: list[str]) -> list[str]:
    return [f"def {name}({', '.join(parameters)}):", *_indented(body)]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines or ["pass"]]


def _regexp(word: OcamlToken) -> str:
    text = word.text[1:-1].replace("\\\\", "\\").replace('\\"', '"')
    return f"_ml_re.compile({python_regex(text, ocaml=True)!r})"


def _alike(left: _Term, right: _Term) -> tuple[str, str]:
    """Return both sides of a comparison: the length of a list comes as a text, and is a number."""
    if left.number or right.number:
        return _as_number(left), _as_number(right)
    return left.text, right.text


def _as_number(term: _Term) -> str:
    return f"int({term.text})" if term.raw else term.text
