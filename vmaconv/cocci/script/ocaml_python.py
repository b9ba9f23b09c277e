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

from collections.abc import Collection

from vmaconv.cocci.script.ocaml_names import (
    MODULES,
    UNIT,
    Names,
    OcamlName,
    OcamlReading,
    OcamlTerm,
    defined,
    indented,
    inputs_of,
)
from vmaconv.cocci.script.ocaml_patterns import atom, pattern
from vmaconv.cocci.script.ocaml_terms import OcamlTerms
from vmaconv.cocci.script.ocaml_tokens import NotCovered, OcamlCursor, OcamlToken, words_of

_GIVE = "\0"
"""Stands before what may be the value of a block, until it is known what stands last."""


def python_of(
    code: str, inputs: Collection[str], outputs: Collection[str], known: Names | None = None
) -> str:
    """Return a script block in Python; `inputs` are its local names, `outputs` what it is to make.

    `known` are the names that earlier blocks define. Raises `NotCovered`.

    >>> print(python_of('if x = "a" then Coccilib.include_match false', ["x"], []))
    if (_ml_text(x) == "a"):
        cocci.include_match(False)
    """
    reader = _OcamlReader(code, {**(known or {}), **inputs_of(inputs)}, outputs)
    lines = reader.block("")
    reader.cursor.expect("end")
    return "\n".join(lines)


def expression_of(code: str, inputs: Collection[str], known: Names) -> str:
    """Return the body of a constraint or seed in Python, an expression. Raises `NotCovered`."""
    reader = _OcamlReader(code, {**known, **inputs_of(inputs)}, ())
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


class _OcamlReader:
    """Reads a block; statements give lines, and expressions one text and lines before it."""

    def __init__(
        self, code: str, names: Names, outputs: Collection[str], prefix: str = "_ml_v_"
    ) -> None:
        self.cursor = OcamlCursor(words_of(code))
        self._reading = OcamlReading(self.cursor, dict(names), prefix)
        self._terms = OcamlTerms(self._reading, self._expression)
        self._outputs = outputs

    @property
    def names(self) -> Names:
        """The names that are in sight where the reading stands."""
        return self._reading.names

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
                if f"{word.text}." not in MODULES:
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
        saved = dict(self._reading.names)
        lines: list[str] = []
        while True:
            found = self._statement(_GIVE if give else "")
            if not self.cursor.accept(";"):
                break
            if self.cursor.word.text in ("", ")", "end"):
                break
            # What is not the last has no value that anybody wants.
            lines += [line.replace(_GIVE, "") for line in found]
        self._reading.names = saved
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
            return [f"{give}{UNIT}"] if give else []
        text, lines = self.alone()
        return [*lines, f"{give}{text}"]

    def _assignment(self, name: OcamlToken, give: str) -> list[str]:
        self.cursor.at += 2
        text, lines = self.alone()
        if name.text in self._outputs and name.text not in self._reading.names:
            return [*lines, f"coccinelle.{name.text} = {text}"]
        known = self._reading.names.get(name.text)
        if known is None or known.raw or known.arity:
            raise self.cursor.fail(name)
        return [*lines, f"{give}_ml_set({known.python}, {text})"]

    def alone(self) -> tuple[str, list[str]]:
        """Read an expression; return it with the lines that have to stand before it."""
        outer, self._reading.before = self._reading.before, []
        text = self._expression().text
        lines, self._reading.before = self._reading.before, outer
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
            return [*lines, f"{self._reading.bound(name.text)} = {text}"]
        subject = self._reading.new()
        matched = pattern(cursor, subject)
        cursor.want("=")
        text, lines = self.alone()
        lines.append(f"{subject} = {text}")
        if matched.tests:
            lines += [f"if not ({' and '.join(matched.tests)}):", "    _ml_nomatch()"]
        return [*lines, *self._bindings(matched.names)]

    def _bindings(self, names: list[tuple[str, str]]) -> list[str]:
        return [f"{self._reading.bound(name)} = {value}" for name, value in names]

    def _named_lambda(self, name: str, recursive: bool) -> list[str]:
        if self.cursor.accept("fun"):
            return self._function(name, recursive, "->")
        self.cursor.accept("function")
        return self._arms(name, recursive)

    def _function(self, name: str, recursive: bool, sign: str) -> list[str]:
        """Read parameters and a body, for `name` (empty: for a name that nobody sees)."""
        cursor = self.cursor
        saved = dict(self._reading.names)
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
            parameters += [self._reading.new()] if cases else []
        body = self._cases(parameters[-1]) if cases else self.block("return ")
        self._reading.names = saved
        if name:
            self._reading.names[name] = OcamlName(python, len(parameters))
        self._reading.made = python
        return defined(python, parameters, [*opening, *body])

    def _parameters(self, sign: str, parameters: list[str], bind: bool) -> list[str]:
        """Read parameters up to `sign`, and those of a `fun` that is all of the body."""
        cursor = self.cursor
        opening: list[str] = []
        while True:
            while not cursor.accept(sign):
                if cursor.word.text in ("~", "?") or cursor.word.kind == "end":
                    raise cursor.fail()
                parameters.append(self._reading.new())
                matched = atom(cursor, parameters[-1])
                if matched.tests:
                    raise cursor.fail()
                opening += self._bindings(matched.names) if bind else []
            if not cursor.accept("fun"):
                return opening
            sign = "->"

    def _function_name(self, name: str, arity: int, recursive: bool) -> str:
        if not name:
            return self._reading.new()
        before = self._reading.names.get(name)
        python = self._reading.bound(name, arity)
        if not recursive:
            if before is None:
                del self._reading.names[name]
            else:
                self._reading.names[name] = before
        return python

    def _arms(self, name: str, recursive: bool) -> list[str]:
        """Read the arms of `function` or `match … with`, as a function of one parameter."""
        saved = dict(self._reading.names)
        python = self._function_name(name, 1, recursive)
        subject = self._reading.new()
        body = self._cases(subject)
        self._reading.names = saved
        if name:
            self._reading.names[name] = OcamlName(python, 1)
        self._reading.made = python
        return defined(python, [subject], body)

    def _cases(self, subject: str) -> list[str]:
        """Read the arms behind `function` or `with`: lines that return the value of one."""
        lines: list[str] = []
        self.cursor.accept("|")
        while True:
            lines += self._arm(subject)
            if not self.cursor.accept("|"):
                return [*lines, "return _ml_nomatch()"]

    def _arm(self, subject: str) -> list[str]:
        saved = dict(self._reading.names)
        matched = pattern(self.cursor, subject)
        lines = self._bindings(matched.names)
        guard = None
        if self.cursor.accept("when"):
            guard, before = self.alone()
            lines += before
        self.cursor.want("->")
        body = self.block("return ")
        if not body[-1].startswith("return"):
            body.append(f"return {UNIT}")
        lines += [f"if {guard}:", *indented(body)] if guard is not None else body
        self._reading.names = saved
        return [f"if {' and '.join(matched.tests)}:", *indented(lines)] if matched.tests else lines

    def _if(self, give: str) -> list[str]:
        text, lines = self.alone()
        self.cursor.want("then")
        lines += [f"if {text}:", *self._branch(give)]
        if self.cursor.accept("else"):
            lines += ["else:", *self._branch(give)]
        return lines

    def _branch(self, give: str) -> list[str]:
        saved = dict(self._reading.names)
        lines = indented(self._statement(give))
        self._reading.names = saved
        return lines

    # Expressions, from what binds loosest.

    def _hoisted(self, lines: list[str]) -> str:
        self._reading.before += lines
        return self._reading.made

    def _expression(self) -> OcamlTerm:
        first = self._untupled()
        if not self.cursor.accept(","):
            return first
        parts = [first.text, self._untupled().text]
        while self.cursor.accept(","):
            parts.append(self._untupled().text)
        return OcamlTerm(f"({', '.join(parts)})")

    def _untupled(self) -> OcamlTerm:
        cursor = self.cursor
        word = cursor.word.text if cursor.word.kind == "name" else ""
        if word == "if":
            return self._conditional()
        if word in ("let", "match", "try"):
            return OcamlTerm(f"{self._thunk(word)}()")
        if word in ("fun", "function"):
            return OcamlTerm(self._lambda())
        if word == "assert":
            raise cursor.fail()
        return self._terms.disjunction()

    def _conditional(self) -> OcamlTerm:
        self.cursor.want("if")
        condition = self._untupled().text
        self.cursor.want("then")
        value = self._untupled()
        other = UNIT
        if self.cursor.accept("else"):
            other = self._untupled().text
        return OcamlTerm(f"({value.text} if {condition} else {other})", number=value.number)

    def _lambda(self) -> str:
        if self.cursor.accept("fun"):
            return self._hoisted(self._function("", False, "->"))
        self.cursor.want("function")
        return self._hoisted(self._arms("", False))

    def _thunk(self, word: str) -> str:
        """Read `let`, `match` or `try` as a function without parameters."""
        python = self._reading.new()
        self.cursor.want(word)
        saved = dict(self._reading.names)
        if word == "let":
            body = self._let("return ")
        elif word == "match":
            text, body = self.alone()
            self.cursor.want("with")
            body += self._arms("", False)
            body.append(f"return {self._reading.made}({text})")
        else:
            body = self._try()
        self._reading.names = saved
        self._reading.before += defined(python, [], body)
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
        return ["try:", *indented(inner), f"except {kind}:", *indented(other)]
