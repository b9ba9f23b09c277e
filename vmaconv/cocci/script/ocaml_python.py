# SPDX-License-Identifier: GPL-2.0-only
"""Small OCaml blocks as Python: tests of strings and places, messages, names that are made.

In: a `script:ocaml` block. Out: the same block in Python, for the same confined host; `NotCovered`
where it has anything that is not known to mean the same there. What is covered: `if`, `let … in`,
sequences, comparisons of strings and of lines, `^`, `&&`, `||`, `not`, whole numbers with `+ - *`,
`Printf`, a few functions of `String` and `List`, and what Coccinelle adds: `include_match`,
`print_main`, `make_ident`, …. Definitions, `match`, `try`, references and tables are not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from vmaconv.cocci.script.ocaml_tokens import NotCovered, Word, words_of

_FIELDS = {
    "file": "{}.file",
    "current_element": "{}.current_element",
    "line": "int({}.line)",
    "line_end": "int({}.line_end)",
    "col": "int({}.column)",
    "col_end": "int({}.column_end)",
    "current_element_line": "int({}.current_element_line)",
}
_FUNCTIONS: dict[str, tuple[int, str]] = {
    "not": (1, "(not {})"),
    "fst": (1, "{}[0]"),
    "int_of_string": (1, "int({})"),
    "string_of_int": (1, "str({})"),
    "print_string": (1, 'print({}, end="")'),
    "print_endline": (1, "print({})"),
    "print_newline": (1, "print()"),
    "List.hd": (1, "{}[0]"),
    "List.length": (1, "len({})"),
    "List.mem": (2, "({} in {})"),
    "String.length": (1, "len({})"),
    "String.sub": (3, "_sub({}, {}, {})"),
    "String.concat": (2, "{}.join({})"),
    "String.contains": (2, "({1} in {0})"),
    "String.split_on_char": (2, "{1}.split({0})"),
    **{
        f"String.{name}{tail}": (1, f"{{}}.{python}()")
        for name, python in (("lowercase", "lower"), ("uppercase", "upper"))
        for tail in ("", "_ascii")
    },
    "String.trim": (1, "{}.strip()"),
    "include_match": (1, "cocci.include_match({})"),
    "exit": (1, "cocci.exit()"),
    "print_main": (2, "cocci.print_main({}, {})"),
    "print_sec": (2, "cocci.print_sec({}, {})"),
    "print_secs": (2, "cocci.print_secs({}, {})"),
    "make_ident": (1, "cocci.make_ident({})"),
    "make_expr": (1, "cocci.make_expr({})"),
    "make_stmt": (1, "cocci.make_stmt({})"),
    "make_type": (1, "cocci.make_type({})"),
    "make_pragmainfo": (1, "cocci.make_pragmainfo({})"),
}
"""How many arguments a function takes, and what it is in Python."""

_COCCILIB = "Coccilib."
_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        and as assert begin class do done downto else end exception external for fun function functor
        if in include inherit initializer lazy let match method module mutable new object of open or
        private rec sig struct then to try type val virtual when while with
        """,
    )
)
_FORMAT = re.compile(r"%(?:[-0]*\d*)(?P<kind>[sdi%!])|%")
_PRELUDE = """\
def _sub(text, start, length):
    if start < 0 or length < 0 or start + length > len(text):
        raise ValueError("String.sub")
    return text[start : start + length]
"""


def python_of(code: str, inputs: Collection[str], outputs: Collection[str]) -> str:
    """Return a block in Python; `inputs` are its local names, `outputs` what it is to make.

    Raises `NotCovered`.

    >>> print(python_of('if x = "a" then Coccilib.include_match false', ["x"], []))
    if (x == "a"):
        cocci.include_match(False)
    """
    reader = _Reader(words_of(code), set(inputs), set(outputs))
    lines = reader.block()
    reader.expect("end", "")
    text = "\n".join(lines)
    return _PRELUDE + text if "_sub(" in text else text


@dataclass(slots=True)
class _Term:
    """An expression in Python; `raw` says that it is the text of an input, which may be a number."""

    text: str
    raw: bool = False
    number: bool = False


class _Reader:
    """Reads a block; `block` gives statements, the others one expression."""

    def __init__(self, words: list[Word], names: set[str], outputs: set[str]) -> None:
        self._words = words
        self._at = 0
        self._inputs = set(names)
        self._names = names
        self._outputs = outputs

    @property
    def _word(self) -> Word:
        return self._words[self._at]

    def _fail(self, word: Word | None = None) -> NotCovered:
        word = word or self._word
        return NotCovered(word.offset, f"`{word.text}`" if word.text else "the end of the block")

    def _accept(self, text: str) -> bool:
        if self._word.text == text and self._word.kind not in ("string", "char"):
            self._at += 1
            return True
        return False

    def expect(self, kind: str, text: str) -> Word:
        """Take a token, or raise `NotCovered`."""
        word = self._word
        if word.kind != kind or (text and word.text != text):
            raise self._fail()
        self._at += 1
        return word

    # Statements.

    def block(self) -> list[str]:
        """Read statements with `;` between them."""
        lines: list[str] = []
        while True:
            lines += self._statement()
            if not self._accept(";"):
                return lines or ["pass"]
            if self._word.text in ("", ")", "end"):
                return lines

    def _statement(self) -> list[str]:
        if self._accept("let"):
            return self._let()
        if self._accept("if"):
            return self._if()
        if self._accept("()"):
            return []
        if self._word.text in ("begin", "(") and self._begins_block():
            close = "end" if self._word.text == "begin" else ")"
            self._at += 1
            lines = self.block()
            if not self._accept(close):
                raise self._fail()
            return lines
        name = self._word
        if name.kind == "name" and self._words[self._at + 1].text == ":=":
            if name.text not in self._outputs:
                raise self._fail()
            self._at += 2
            return [f"coccinelle.{name.text} = {self._expression().text}"]
        return [self._expression().text]

    def _begins_block(self) -> bool:
        """Whether parentheses hold statements: an operator behind them makes them an expression."""
        depth = 0
        for at in range(self._at, len(self._words)):
            text = self._words[at].text
            depth += (text in ("(", "begin")) - (text in (")", "end"))
            if depth == 0:
                return self._words[at + 1].text in ("", ";", ")", "end", "else", "in")
        return False

    def _let(self) -> list[str]:
        word = self._word
        name = "" if self._accept("()") else self.expect("name", "").text
        if not self._accept("=") or name in _KEYWORDS or "." in name or "'" in name:
            raise self._fail(word)
        value = self._expression()
        if not self._accept("in"):
            raise self._fail()
        if name in ("", "_"):
            return [value.text, *self.block()]
        # OCaml's inner name hides the outer one for what follows only, which is all that there is.
        self._names.add(name)
        self._inputs.discard(name)
        return [f"{name} = {value.text}", *self.block()]

    def _if(self) -> list[str]:
        lines = [f"if {self._expression().text}:"]
        if not self._accept("then"):
            raise self._fail()
        lines += self._indented(self._statement())
        if self._accept("else"):
            lines += ["else:", *self._indented(self._statement())]
        return lines

    @staticmethod
    def _indented(lines: list[str]) -> list[str]:
        return [f"    {line}" for line in lines or ["pass"]]

    # Expressions, from what binds loosest.

    def _expression(self) -> _Term:
        if self._accept("if"):
            condition = self._expression().text
            if not self._accept("then"):
                raise self._fail()
            value = self._expression().text
            if not self._accept("else"):
                raise self._fail()
            return _Term(f"({value} if {condition} else {self._expression().text})")
        return self._joined("||", "or", lambda: self._joined("&&", "and", self._comparison))

    def _joined(self, sign: str, python: str, inner: Callable[[], _Term]) -> _Term:
        terms = [inner()]
        while self._accept(sign):
            terms.append(inner())
        if len(terms) == 1:
            return terms[0]
        return _Term(f"({f' {python} '.join(term.text for term in terms)})")

    def _comparison(self) -> _Term:
        left = self._concatenation()
        python = _COMPARISONS.get(self._word.text) if self._word.kind == "sign" else None
        if python is None:
            return left
        self._at += 1
        first, second = _alike(left, self._concatenation())
        return _Term(f"({first} {python} {second})")

    def _concatenation(self) -> _Term:
        left = self._sum()
        if self._accept("^"):
            return _Term(f"({left.text} + {self._concatenation().text})")
        return left

    def _sum(self) -> _Term:
        left = self._product()
        while self._word.text in ("+", "-") and self._word.kind == "sign":
            sign = self._word.text
            self._at += 1
            right = self._product()
            left = _Term(f"({_as_number(left)} {sign} {_as_number(right)})", number=True)
        return left

    def _product(self) -> _Term:
        left = self._application()
        while self._accept("*"):
            right = self._application()
            left = _Term(f"({_as_number(left)} * {_as_number(right)})", number=True)
        return left

    def _application(self) -> _Term:
        word = self._word
        name = word.text.removeprefix(_COCCILIB).removeprefix("Stdlib.")
        if word.kind == "name" and name not in self._names:
            if name in ("Printf.printf", "Printf.sprintf"):
                self._at += 1
                return self._formatted(name == "Printf.printf")
            if name in _FUNCTIONS:
                self._at += 1
                count, python = _FUNCTIONS[name]
                terms = [self._postfix().text for _ in range(count)]
                number = name in ("List.length", "String.length", "int_of_string")
                return _Term(python.format(*terms), number=number)
        found = self._postfix()
        if self._begins_operand():
            # A function that is not known is applied.
            raise self._fail(word)
        return found

    def _begins_operand(self) -> bool:
        word = self._word
        if word.kind == "name":
            return word.text not in _KEYWORDS
        return word.kind in ("string", "char", "number") or word.text in ("(", "[", "()", "[]")

    def _formatted(self, printed: bool) -> _Term:
        word = self.expect("string", "")
        wanted = 0
        for match in _FORMAT.finditer(word.text):
            if match["kind"] is None:
                raise NotCovered(word.offset, f"the format {word.text}")
            wanted += match["kind"] in "sdi"
        terms = [self._postfix().text for _ in range(wanted)]
        text = _string(word).replace("%!", "").replace("%i", "%d")
        made = f"{text} % ({', '.join(terms)},)" if terms else f"{text} % ()"
        return _Term(f'print({made}, end="")' if printed else f"({made})")

    def _postfix(self) -> _Term:
        found = self._atom()
        while True:
            if self._accept(".["):
                index = self._expression().text
                if not self._accept("]"):
                    raise self._fail()
                found = _Term(f"_sub({found.text}, {index}, 1)")
            elif self._word.text == "." and self._words[self._at + 1].kind == "name":
                self._at += 1
                found = self._field(found, self.expect("name", ""))
            else:
                return found

    def _field(self, term: _Term, word: Word) -> _Term:
        python = _FIELDS.get(word.text.rpartition(".")[2])
        if python is None or "." in word.text.removeprefix(_COCCILIB):
            raise self._fail(word)
        return _Term(python.format(term.text), number=python.startswith("int("))

    def _atom(self) -> _Term:
        word = self._word
        self._at += 1
        match word.kind:
            case "number":
                return _Term(str(int(word.text)), number=True)
            case "string":
                return _Term(_string(word))
            case "char":
                return _Term(_string(Word("string", f'"{word.text[1:-1]}"', word.offset)))
            case "name":
                return self._name(word)
        if word.text == "(":
            inner = self._expression()
            if not self._accept(")"):
                raise self._fail()
            return _Term(f"({inner.text})", inner.raw, inner.number)
        if word.text == "()":
            return _Term("None")
        raise self._fail(word)

    def _name(self, word: Word) -> _Term:
        if word.text in ("true", "false"):
            return _Term(word.text.capitalize())
        name, dot, field = word.text.partition(".")
        if name not in self._names:
            raise self._fail(word)
        term = _Term(name, name in self._inputs)
        return self._field(term, Word("name", field, word.offset)) if dot else term


def _alike(left: _Term, right: _Term) -> tuple[str, str]:
    """Return both sides of a comparison: the length of a list comes as a text, and is a number."""
    if left.number or right.number:
        return _as_number(left), _as_number(right)
    return left.text, right.text


def _as_number(term: _Term) -> str:
    return f"int({term.text})" if term.raw else term.text


_ESCAPES = re.compile(r"\\(?:[nt\\\"' ]|$)")


def _string(word: Word) -> str:
    """Return a string literal as Python has it; those of OCaml's escapes that both have."""
    inner = word.text[1:-1]
    if "\\" in _ESCAPES.sub("", inner) or "\n" in inner:
        raise NotCovered(word.offset, f"the string {word.text}")
    made = inner.replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n")
    made = made.replace("\\t", "\t").replace("\\ ", " ").replace("\\\\", "\\")
    return json.dumps(made)
