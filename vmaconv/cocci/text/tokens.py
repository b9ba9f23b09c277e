# SPDX-License-Identifier: GPL-2.0-only
"""Cut clean text into tokens, one byte of kind for each, so that patterns can run over kinds.

In:   `Lexed.clean` (no comments, strings or directives to trip over).
Out:  `Tokens`: where each token stands, its kind, and the partner of each bracket.
Left to others: every judgement about what the tokens mean.

A file is a string of kinds: `static int f(struct s *p)` is `qti(si*i)`, and "two identifiers after
a primitive type" is the regular expression `tii`, found at C speed.  The kinds:

    i identifier             a attribute macro          x attribute macro with arguments
    t primitive type word    s struct, union, enum      q qualifier or storage class
    T typeof                 z sizeof, alignof          O offsetof
    A __attribute__          S asm                      G _Generic
    w if, while, switch      f for                      e else        d do
    r return                 g goto                     b break, continue
    c case                   D default                  0 number      " string
    . member access          E ellipsis                 = assignment  o another operator
    ( ) { } [ ] ; , : ? * &  themselves                 # anything else
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex

# Text with more code than this (no source file of v6.19 comes near) is parsed as it stands:
# the tokens of 50 MB of brackets would take gigabytes.
CODE_LIMIT = 4 << 20
_CHUNK = 1 << 18

_TOKEN = late_regex(
    rb"([A-Za-z_0-9$\x80-\xff]+|[](){}\[;,]|\"+|->|\.\.\.|[-+*/%&|^<>=!]=|&&|\|\||<<=?|>>=?|\+\+|--|[^\s\"])"
)
BRACKET = late_regex(rb"[(){}\[\]]")
OPENERS = b"([{"
_ATTRIBUTES_TO_IDENTIFIERS = bytes.maketrans(b"ax", b"ii")
_NO_BRACKETS = bytes(set(range(256)) - set(b"(){}[]"))
_OPENED_BY = {ord(")"): ord("("), ord("}"): ord("{"), ord("]"): ord("[")}
_BRACE = ord("{")

_WORDS = {
    "t": b"void char short int long float double signed unsigned _Bool __int128 bool _Complex",
    "s": b"struct union enum",
    "q": b"static const extern volatile inline register typedef restrict auto __inline __inline__ "
    b"__restrict__ _Noreturn _Atomic __extension__ __thread constexpr",
    "T": b"typeof __typeof__ __typeof typeof_unqual __typeof_unqual__",
    "z": b"sizeof __alignof__ __alignof _Alignof alignof",
    "O": b"offsetof",
    "A": b"__attribute__ __attribute __declspec",
    "S": b"asm __asm__ __asm asm_inline asm_volatile_goto asm_goto_output",
    "G": b"_Generic",
    "w": b"if while switch",
    "f": b"for",
    "e": b"else",
    "d": b"do",
    "r": b"return",
    "g": b"goto",
    "b": b"break continue",
    "c": b"case",
    "D": b"default",
    ".": b". ->",
    "E": b"...",
    "=": b"=",
    "*": b"*",
    "&": b"&",
    "o": b"+ - / % | ^ < > ! ~ == != <= >= && || << >> ++ -- += -= *= /= %= &= |= ^= <<= >>=",
    "(": b"(",
    ")": b")",
    "{": b"{",
    "}": b"}",
    "[": b"[",
    "]": b"]",
    ";": b";",
    ",": b",",
    ":": b":",
    "?": b"?",
}
KEYWORDS = {word: ord(kind) for kind, words in _WORDS.items() for word in words.split()}


_REMEMBERED = 1 << 14
"""So many tokens' kinds are kept: a tree has a million names, of which few are seen often."""


class WordKinds(dict[bytes, int]):
    """Kinds by token; one that is not in the table is judged by its first byte, once."""

    def __init__(self, extra: Mapping[bytes, int]) -> None:
        """`extra` gives the kinds of words that are no keywords of C."""
        super().__init__(KEYWORDS)
        self.update(extra)

    def __missing__(self, token: bytes) -> int:
        first = token[0]
        if first in b'"':
            kind = 0x22
        elif 0x30 <= first <= 0x39:
            kind = 0x30
        elif first in b"_" or 0x41 <= first <= 0x5A or 0x61 <= first <= 0x7A:
            kind = 0x69
        elif first in b"$" or first >= 0x80:
            kind = 0x69 if len(token) > 1 else 0x23
        else:
            kind = 0x23
        if len(self) < _REMEMBERED:
            self[token] = kind
        return kind


class Tokens(Struct, frozen=True):
    """A text's tokens; index them alike in `kinds`, `starts`, `ends` (byte offsets, exclusive).

    `partner[i]` is the index of the bracket that belongs to bracket `i`, -1 if there is none or
    token `i` is no bracket.  `parent[i]` is the innermost bracket around bracket `i`, or -1.
    """

    text: bytes
    kinds: bytes
    starts: "array[int]"
    ends: "array[int]"
    partner: "array[int]"
    parent: "array[int]"
    brackets: "array[int]"

    def word(self, index: int) -> bytes:
        """Return the bytes of token `index`."""
        return self.text[self.starts[index] : self.ends[index]]

    def at(self, index: int) -> int:
        """Return the kind of token `index` as a number, `;` beyond the ends."""
        return self.kinds[index] if 0 <= index < len(self.kinds) else 0x3B

    def first_from(self, offset: int) -> int:
        """Return the index of the first token that starts at or after `offset`."""
        return bisect_left(self.starts, offset)

    def enclosing(self, index: int) -> int:
        """Return the index of the innermost opening bracket around token `index`, or -1."""
        last = bisect_right(self.brackets, index - 1) - 1
        if last < 0:
            return -1
        bracket = self.brackets[last]
        return bracket if self.kinds[bracket] in OPENERS else self.parent[bracket]

    def without(self, spans: Iterable[tuple[int, int]]) -> "Tokens":
        """Return the tokens without those of some spans of indices, which are in order.

        Attributes that are left are identifiers like any other from then on.
        """
        spans = list(spans)
        if not spans:
            left = self.kinds.translate(_ATTRIBUTES_TO_IDENTIFIERS)
            return self if left == self.kinds else replace(self, kinds=left)
        kinds: list[bytes] = []
        starts = array("I")
        ends = array("I")
        position = 0
        for first, end in spans:
            if first > position:
                kinds.append(self.kinds[position:first])
                starts += self.starts[position:first]
                ends += self.ends[position:first]
            position = max(position, end)
        kinds.append(self.kinds[position:])
        starts += self.starts[position:]
        ends += self.ends[position:]
        left = b"".join(kinds).translate(_ATTRIBUTES_TO_IDENTIFIERS)
        if len(left) == len(self.kinds):
            return replace(self, kinds=left)
        return _with_brackets(self.text, left, starts, ends)


def tokenize(text: bytes, table: WordKinds) -> Tokens | None:
    """Cut `text` into tokens; `table` gives their kinds.

    None if the text is too large, or nested too deep, to be worth it.
    """
    if len(text) > CODE_LIMIT and len(text) - sum(map(text.count, b" \t\n\v")) > CODE_LIMIT:
        return None
    kinds: list[bytes] = []
    starts = array("I")
    ends = array("I")
    for offset, chunk in _chunks(text):
        parts = _TOKEN.split(chunk)
        offsets = array("I", accumulate(map(len, parts), initial=offset))
        starts += offsets[1:-1:2]
        ends += offsets[2::2]
        kinds.append(bytes(map(table.__getitem__, parts[1::2])))
    return _with_brackets(text, b"".join(kinds), starts, ends)


def _chunks(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield pieces with their offsets, cut at spaces or line ends where there are any."""
    if len(text) <= _CHUNK:
        yield 0, text
        return
    position = 0
    while position < len(text):
        cut = position + _CHUNK
        if cut < len(text):
            space = max(text.rfind(b" ", position, cut), text.rfind(b"\n", position, cut))
            cut = space if space > position else cut
        yield position, text[position:cut]
        position = cut


def _with_brackets(text: bytes, kinds: bytes, starts: "array[int]", ends: "array[int]") -> Tokens:
    """Pair the brackets: a `}` ends what is open within; other strays pair with nothing."""
    blank = array("i", (-1,)) * len(kinds)
    partner, parent = blank, blank[:]
    brackets = array("I", [match.start() for match in BRACKET.finditer(kinds)])
    stack: list[int] = []
    braces = 0
    for index, kind in zip(brackets, kinds.translate(None, _NO_BRACKETS), strict=True):
        if kind in OPENERS:
            if stack:
                parent[index] = stack[-1]
            stack.append(index)
            braces += kind == _BRACE
            continue
        opening = _OPENED_BY[kind]
        if opening == _BRACE and braces:
            while kinds[stack[-1]] != opening:
                stack.pop()
        if stack and kinds[stack[-1]] == opening:
            braces -= opening == _BRACE
            opener = stack.pop()
            partner[opener] = index
            partner[index] = opener
        if stack:
            parent[index] = stack[-1]
    return Tokens(text, kinds, starts, ends, partner, parent, brackets)
