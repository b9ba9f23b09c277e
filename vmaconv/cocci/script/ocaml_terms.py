# SPDX-License-Identifier: GPL-2.0-only
"""OCaml's operators, applications and literals as expressions of Python.

In: a reading that stands before one. Out: a `OcamlTerm`; `NotCovered` for what is not known to mean the
same in Python. What holds statements inside (`let`, `match`, `fun`) is `ocaml_python`'s, which is
asked for all that stands in brackets.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.script.ocaml_functions import FIELDS, FUNCTIONS, NUMBERS
from vmaconv.cocci.script.ocaml_names import UNIT, OcamlName, OcamlReading, OcamlTerm, bare, defined
from vmaconv.cocci.script.ocaml_tokens import KEYWORDS, NotCovered, OcamlToken, string_of
from vmaconv.cocci.smpl.regex import python_regex
from vmaconv.cocci.text.late_regex import late_regex

_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_FORMAT = late_regex(r"%(?:[-0]*\d*)(?P<kind>[sdi%!])|%")


class OcamlTerms:
    """Reads terms; `expression` reads whatever may stand in brackets."""

    def __init__(self, reading: OcamlReading, expression: Callable[[], OcamlTerm]) -> None:
        self._reading = reading
        self.cursor = reading.cursor
        self._expression = expression

    def disjunction(self) -> OcamlTerm:
        """Read what `||` joins, and all that binds tighter."""
        return self._joined("||", "or", lambda: self._joined("&&", "and", self._comparison))

    def _joined(self, sign: str, python: str, inner: Callable[[], OcamlTerm]) -> OcamlTerm:
        terms = [inner()]
        while self.cursor.accept(sign):
            terms.append(inner())
        if len(terms) == 1:
            return terms[0]
        return OcamlTerm(f"({f' {python} '.join(term.text for term in terms)})")

    def _comparison(self) -> OcamlTerm:
        left = self._concatenation()
        word = self.cursor.word
        python = _COMPARISONS.get(word.text) if word.kind == "sign" else None
        if python is None:
            return left
        self.cursor.at += 1
        first, second = _alike(left, self._concatenation())
        return OcamlTerm(f"({first} {python} {second})")

    def _concatenation(self) -> OcamlTerm:
        left = self._cons()
        if self.cursor.accept("^"):
            return OcamlTerm(f"({left.text} + {self._concatenation().text})")
        if self.cursor.accept("@"):
            return OcamlTerm(f"[*{left.text}, *{self._concatenation().text}]")
        return left

    def _cons(self) -> OcamlTerm:
        left = self._sum()
        if self.cursor.accept("::"):
            return OcamlTerm(f"[{left.text}, *{self._cons().text}]")
        return left

    def _sum(self) -> OcamlTerm:
        left = self._product()
        while self.cursor.word.text in ("+", "-") and self.cursor.word.kind == "sign":
            sign = self.cursor.word.text
            self.cursor.at += 1
            right = self._product()
            left = OcamlTerm(f"({_as_number(left)} {sign} {_as_number(right)})", number=True)
        return left

    def _product(self) -> OcamlTerm:
        left = self._application()
        while self.cursor.accept("*"):
            right = self._application()
            left = OcamlTerm(f"({_as_number(left)} * {_as_number(right)})", number=True)
        return left

    def _application(self) -> OcamlTerm:
        word = self.cursor.word
        if self.cursor.accept("-"):
            return OcamlTerm(f"(-{_as_number(self._application())})", number=True)
        if word.kind == "name" and word.text == "Some":
            self.cursor.at += 1
            return OcamlTerm(f"({self._postfix().text},)")
        name = bare(word.text)
        if word.kind == "name" and name not in self._reading.names:
            if name in ("Printf.printf", "Printf.sprintf"):
                self.cursor.at += 1
                return self._formatted(name == "Printf.printf")
            if name == "Str.regexp":
                self.cursor.at += 1
                return OcamlTerm(_regexp(self.cursor.expect("string")))
            if name in FUNCTIONS:
                self.cursor.at += 1
                return self._applied(*FUNCTIONS[name], name in NUMBERS)
        known = self._reading.names.get(word.text) if word.kind == "name" else None
        if known is not None and not known.raw:
            self.cursor.at += 1
            return self._called(word, known)
        found = self._postfix()
        if self._begins_operand():
            # What is no function is applied.
            raise self.cursor.fail(word)
        return found

    def _applied(self, count: int, python: str, number: bool) -> OcamlTerm:
        """Apply one of OCaml's own functions; where arguments lack, it is a value itself."""
        terms: list[str] = []
        while len(terms) < count and self._begins_operand():
            terms.append(self._postfix().text)
        if len(terms) == count:
            return OcamlTerm(python.format(*terms), number=number)
        return self._lacking(count - len(terms), lambda more: python.format(*terms, *more))

    def _lacking(self, count: int, call: Callable[[list[str]], str]) -> OcamlTerm:
        """Return the function of the arguments that a call lacks."""
        names = [f"_ml_a{index}" for index in range(count)]
        python = self._reading.new()
        self._reading.before += defined(python, names, [f"return {call(names)}"])
        return OcamlTerm(python)

    def _called(self, word: OcamlToken, known: OcamlName) -> OcamlTerm:
        """Apply a function that is defined, or whatever a parameter stands for."""
        cursor = self.cursor
        terms: list[str] = []
        while self._begins_operand() and (known.arity == 0 or len(terms) < known.arity):
            terms.append(self._postfix().text)
        if not terms:
            return self._behind(OcamlTerm(known.python))
        if known.arity > len(terms):
            return self._lacking(
                known.arity - len(terms),
                lambda more: f"{known.python}({', '.join((*terms, *more))})",
            )
        if self._begins_operand():
            raise cursor.fail(word)
        return OcamlTerm(f"{known.python}({', '.join(terms)})")

    def _begins_operand(self) -> bool:
        word = self.cursor.word
        if word.kind == "name":
            return word.text not in KEYWORDS
        literal = word.kind in ("string", "char", "number")
        return literal or word.text in ("(", "[", "()", "[]", "!")

    def _formatted(self, printed: bool) -> OcamlTerm:
        word = self.cursor.expect("string")
        wanted = 0
        for match in _FORMAT.finditer(word.text):
            if match["kind"] is None:
                raise NotCovered(word.offset, f"the format {word.text}")
            wanted += match["kind"] in "sdi"
        terms = [self._postfix().text for _ in range(wanted)]
        text = string_of(word).replace("%!", "").replace("%i", "%d")
        made = f"{text} % ({', '.join(terms)},)" if terms else f"{text} % ()"
        return OcamlTerm(f'print({made}, end="")' if printed else f"({made})")

    def _postfix(self) -> OcamlTerm:
        if self.cursor.accept("!"):
            return OcamlTerm(f"{self._postfix().text}[0]")
        return self._behind(self._atom())

    def _behind(self, found: OcamlTerm) -> OcamlTerm:
        while True:
            if self.cursor.accept(".["):
                index = self._expression().text
                self.cursor.want("]")
                found = OcamlTerm(f"_ml_sub({found.text}, {index}, 1)")
            elif self.cursor.word.text == "." and self.cursor.following.kind == "name":
                self.cursor.at += 1
                found = self._field(found, self.cursor.expect("name"))
            else:
                return found

    def _field(self, term: OcamlTerm, word: OcamlToken) -> OcamlTerm:
        python = FIELDS.get(bare(word.text))
        if python is None:
            raise self.cursor.fail(word)
        return OcamlTerm(python.format(term.text), number=python.startswith("int("))

    def _atom(self) -> OcamlTerm:
        word = self.cursor.word
        self.cursor.at += 1
        match word.kind:
            case "number":
                return OcamlTerm(str(int(word.text)), number=True)
            case "string" | "char":
                return OcamlTerm(string_of(word))
            case "name":
                return self._name(word)
        if word.text == "(":
            return self._bracketed()
        if word.text == "[":
            return self._list()
        if word.text in ("()", "[]"):
            return OcamlTerm(UNIT if word.text == "()" else "[]")
        raise self.cursor.fail(word)

    def _bracketed(self) -> OcamlTerm:
        inner = self._expression()
        if self.cursor.accept(":"):
            self.cursor.expect("name")
        self.cursor.want(")")
        return OcamlTerm(f"({inner.text})", inner.raw, inner.number)

    def _list(self) -> OcamlTerm:
        parts: list[str] = []
        while not self.cursor.accept("]"):
            parts.append(self._expression().text)
            if not self.cursor.accept(";") and self.cursor.word.text != "]":
                raise self.cursor.fail()
        return OcamlTerm(f"[{', '.join(parts)}]")

    def _name(self, word: OcamlToken) -> OcamlTerm:
        if word.text in ("true", "false"):
            return OcamlTerm(word.text.capitalize())
        if word.text == "None":
            return OcamlTerm("None")
        name, dot, field = word.text.partition(".")
        known = self._reading.names.get(name)
        if known is None:
            function = FUNCTIONS.get(bare(word.text))
            if function is None:
                raise self.cursor.fail(word)
            # Without arguments, it is a value.
            count, python = function
            return self._lacking(count, lambda names: python.format(*names))
        term = OcamlTerm(known.python, known.raw)
        return self._field(term, OcamlToken("name", field, word.offset)) if dot else term


def _regexp(word: OcamlToken) -> str:
    text = word.text[1:-1].replace("\\\\", "\\").replace('\\"', '"')
    return f"_ml_re.compile({python_regex(text, ocaml=True)!r})"


def _alike(left: OcamlTerm, right: OcamlTerm) -> tuple[str, str]:
    """Return both sides of a comparison: the length of a list comes as a text, and is a number."""
    if left.number or right.number:
        return _as_number(left), _as_number(right)
    return left.text, right.text


def _as_number(term: OcamlTerm) -> str:
    return f"int({term.text})" if term.raw else term.text
