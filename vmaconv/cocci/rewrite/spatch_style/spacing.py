# SPDX-License-Identifier: GPL-2.0-only
"""Blanks between the tokens of code that is written anew, as spatch sets them.

In: tokens in a row (of plus code, or of what a metavariable stands for). Out: where a blank goes.
The rules are those of Linux's coding style, but for `sizeof*p`, which is spatch's. There is no tree
to ask, since plus code need not be whole: `*` after what looks like a type is a pointer, an operator
after an operand is binary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import islice

from msgspec import Struct

from vmaconv.cocci.match.attempt.value import words as code_words
from vmaconv.cocci.tree.node import Node


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TYPES = _set(
    "auto bool char const double enum extern float inline int long register restrict short signed "
    "static struct typedef union unsigned void volatile _Bool __inline __inline__ "
    "__signed__ __const"
)
_TAGS = _set("enum struct union")
_AHEAD = _set("case do else goto return sizeof")
"""Words after which an operand begins."""

_SPACED_HEADS = _set("case do else for goto if return switch while")
HEADS = _set("for if scoped_guard switch while")
"""Words before the parentheses of a statement's head."""

_BOTH = frozenset({"+", "-", "*", "&"})
_PREFIX = frozenset({"!", "~"})
_STEPS = frozenset({"++", "--"})
_BINARY = _set(
    "= == != < > <= >= + - * / % & | ^ && || << >> += -= *= /= %= &= |= ^= <<= >>= ? <? >?"
)


class SpacingRole(Enum):
    """What a token is there for, as far as blanks are concerned."""

    PLAIN = auto()
    BINARY = auto()
    PREFIX = auto()
    POINTER = auto()
    CAST = auto()  # the `)` of a cast
    COLON = auto()  # of a label, a case or a bit-field


class SpacedToken(Struct, frozen=True):
    """A token: its text, and the kind of metavariable that it is, if any."""

    text: str
    meta: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it reads as a name, number or string."""
        return bool(self.meta) or self.text[:1].isalnum() or self.text[:1] in "_\"'#"

    @property
    def is_type(self) -> bool:
        """Whether it can only belong to a type."""
        return self.text in _TYPES or self.meta in ("type", "typedef")


def blanks(words: Sequence[SpacedToken], roles: Sequence[SpacingRole] | None = None) -> list[bool]:
    """Return for each token whether a blank goes before it.

    >>> blanks([SpacedToken("a"), SpacedToken("="), SpacedToken("-"), SpacedToken("b"), SpacedToken(";")])
    [False, True, True, False, False]
    """
    if roles is None:
        roles = guess(words)
    found = [False] * len(words)
    for index in range(1, len(words)):
        found[index] = _apart(words, roles, index)
    return found


def _apart(words: Sequence[SpacedToken], roles: Sequence[SpacingRole], index: int) -> bool:
    before, now = words[index - 1], words[index]
    role_before, role = roles[index - 1], roles[index]
    if before.text == ";":
        # Between the parentheses of a `for`: `(; ; )` is `(;;)`.
        return now.text not in (";", ")")
    if now.text in (",", ";", ")", "]", "[") or before.text in ("(", "["):
        return False
    if before.text.endswith("*/") or role is SpacingRole.COLON:
        return False
    if role_before is SpacingRole.COLON:
        return index > 1 and words[0].text in ("case", "default") or now.text == "{"
    if SpacingRole.BINARY in (role_before, role):
        return True
    if role_before in (SpacingRole.PREFIX, SpacingRole.POINTER, SpacingRole.CAST):
        return False
    if role is SpacingRole.POINTER:
        return before.text != "("
    if now.text in (".", "->"):
        return before.text in ("{", ",")
    if before.text in (".", "->"):
        return False
    if now.text == "(":
        starred = index + 1 < len(words) and words[index + 1].text == "*"
        return before.text in _SPACED_HEADS | {"{", "}", ","} or (before.is_type and starred)
    if now.text == "{":
        return before.text != "enum"
    if now.text in _STEPS and role is not SpacingRole.PREFIX:
        return False
    if role is SpacingRole.PREFIX:
        return before.text != "sizeof" and before.text != "("
    if before.text == "{":
        return all(word.text != "enum" for word in words[max(index - 3, 0) : index])
    return before.text == "," or now.text == "}" or _ends_operand(before) and now.is_word


def _ends_operand(word: SpacedToken) -> bool:
    return word.is_word or word.text in (")", "]", "}", "...")


def guess(words: Sequence[SpacedToken]) -> list[SpacingRole]:
    """Return what each token seems to be there for."""
    roles = [SpacingRole.PLAIN] * len(words)
    partners = openings(words)
    casts = _casts(words, partners)
    questions = 0
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        operand = (
            before is not None
            and (_ends_operand(before) or _is_postfix(before, roles[index - 1]))
            and before.text not in _AHEAD
            and roles[index - 1] is not SpacingRole.CAST
            and not _ends_head(words, partners, index - 1)
        )
        if index in casts:
            roles[index] = SpacingRole.CAST
        elif word.text == ":":
            roles[index] = SpacingRole.BINARY if questions else SpacingRole.COLON
            questions -= bool(questions)
        elif word.text in _PREFIX:
            roles[index] = SpacingRole.PREFIX
        elif word.text in _STEPS:
            roles[index] = SpacingRole.PLAIN if operand else SpacingRole.PREFIX
        elif word.meta in ("binary operator", "assignment operator"):
            roles[index] = SpacingRole.BINARY
        elif word.text == "*" and _is_pointer(words, roles, index):
            roles[index] = SpacingRole.POINTER
        elif word.text in _BINARY and not word.meta:
            # `&&label` is GCC's address of a label.
            alone = (word.text in _BOTH or word.text == "&&") and not operand
            roles[index] = SpacingRole.PREFIX if alone else SpacingRole.BINARY
            questions += word.text == "?"
    return roles


def _is_postfix(word: SpacedToken, role: SpacingRole) -> bool:
    return word.text in _STEPS and role is SpacingRole.PLAIN


def _ends_head(words: Sequence[SpacedToken], partners: Mapping[int, int], index: int) -> bool:
    """Whether the token is the `)` of `if (...)`."""
    start = partners.get(index) if words[index].text == ")" else None
    return start is not None and start > 0 and words[start - 1].text in HEADS


def openings(words: Sequence[SpacedToken]) -> dict[int, int]:
    """Return for each closing bracket the bracket that it closes, whatever its shape.

    >>> openings([SpacedToken(text) for text in "f ( a [ 1 ] ) )".split()])
    {5: 3, 6: 1}
    """
    found: dict[int, int] = {}
    open_: list[int] = []
    for index, word in enumerate(words):
        if word.text in ("(", "[", "{"):
            open_.append(index)
        elif word.text in (")", "]", "}") and open_:
            found[index] = open_.pop()
    return found


def _is_pointer(words: Sequence[SpacedToken], roles: Sequence[SpacingRole], index: int) -> bool:
    if index == 0:
        return False
    before = words[index - 1]
    if before.is_type or roles[index - 1] is SpacingRole.POINTER:
        return True
    if not before.is_word or before.text in _AHEAD:
        return False
    earlier = words[index - 2] if index > 1 else None
    if earlier is not None and (earlier.text in _TAGS or earlier.is_type):
        return True
    after = next((words[at] for at in _behind_stars(words, index)), None)
    if before.meta not in ("", "identifier") or (after is not None and after.text[:1].isdigit()):
        return False
    if before.meta and len(list(islice(_behind_stars(words, index), 2))) < 2:
        # `E * F` with nothing behind it declares no F.
        return False
    if after is None or after.text in (")", ","):
        return True
    attributed = earlier is not None and earlier.is_word and earlier.text not in _AHEAD
    if earlier is None or attributed or earlier.text in (";", "{", "}"):
        # `u8 __iomem *p;`: no operator joins two names in a row.
        return after.is_word and _declares(words, index)
    return earlier.text in ("(", ",") and after.is_word and _in_parameters(words, index)


def _behind_stars(words: Sequence[SpacedToken], index: int) -> Iterator[int]:
    """Yield the indexes of the tokens after `index` that are no stars."""
    return (at for at in range(index + 1, len(words)) if words[at].text != "*")


def _declares(words: Sequence[SpacedToken], index: int) -> bool:
    """Whether what follows the stars at `index` is a declared name: `* p;`, `* p = `."""
    rest = [words[at] for at in islice(_behind_stars(words, index), 2)]
    # `* p __free(x);`: an attribute behind the name.
    return len(rest) < 2 or rest[1].is_word or rest[1].text in (";", "=", ",", "[", "(", ")")


def _in_parameters(words: Sequence[SpacedToken], index: int) -> bool:
    """Whether the parentheses around `index` belong to a function's header."""
    depth = 0
    for at in range(index, -1, -1):
        depth += words[at].text == ")"
        depth -= words[at].text == "("
        if depth < 0:
            two = words[max(at - 2, 0) : at]
            head = two[0] if two else None
            return (
                head is not None
                and len(two) == 2
                and (
                    head.text == "*"
                    or (head.is_word and head.text not in _AHEAD and two[1].is_word)
                )
            )
    return False


def _casts(words: Sequence[SpacedToken], partners: Mapping[int, int]) -> set[int]:
    """Return the closing parentheses of casts."""
    found: set[int] = set()
    for index, word in enumerate(words):
        if word.text != ")" or index + 1 >= len(words):
            continue
        start = partners.get(index)
        after = words[index + 1]
        if start is None or index - start < 2:
            continue
        if start and words[start - 1].is_word and words[start - 1].text not in ("return", "case"):
            continue
        first = words[start + 1]
        starred = words[index - 1].text == "*"
        sure = first.is_type or starred
        named = start + 2 == index and first.is_word and not first.meta
        begins = after.is_word or after.text in ("(", "{")
        if (sure and (begins or after.text in _BOTH | _PREFIX)) or (named and after.is_word):
            found.add(index)
    return found


def respaced(code: bytes) -> bytes:
    """Return a line of C with blanks as they are set; several lines, and comments, stay as they are.

    >>> respaced(b"f ( a [ i ] ) ;")
    b'f(a[i]);'
    """
    if b"\n" in code or b"{" in code or b"/*" in code or b"//" in code or code.startswith(b"#"):
        return code
    texts = [word.decode("latin-1") for word in code_words(code)]
    apart = blanks([SpacedToken(text) for text in texts])
    return "".join(" " * blank + text for blank, text in zip(apart, texts, strict=True)).encode(
        "latin-1"
    )


_OPERATIONS = frozenset({"binary_expression", "assignment_expression", "conditional_expression"})


def gaps(leaves: Sequence[Node]) -> list[bool]:
    """Return for each token of C code whether a blank goes before it."""
    words = [SpacedToken((leaf.text or b"").decode("latin-1")) for leaf in leaves]
    roles = guess(words)
    for index, leaf in enumerate(leaves):
        role = _role(leaf, roles[index])
        roles[index] = role if not words[index].is_word else SpacingRole.PLAIN
    found = blanks(words, roles)
    for index in range(1, len(words)):
        # Where spatch prints C, and not a rule, it is `sizeof *p`.
        before, now = words[index - 1].text, words[index].text
        found[index] |= before == "sizeof" and now != "("
    return found


def _role(leaf: Node, guessed: SpacingRole) -> SpacingRole:
    """Return what a token of C code is there for, as the tree has it."""
    parent = leaf.parent
    kind = parent.kind if parent is not None else ""
    if parent is None:
        return guessed
    if kind in _OPERATIONS:
        return SpacingRole.BINARY
    if kind == "unary_expression" and guessed is SpacingRole.BINARY:
        # `(a) * b` is a product for spatch, where it knows no type `a`.
        cast = parent.parent
        return guessed if cast is not None and _may_be_product(cast) else SpacingRole.PREFIX
    if kind in ("pointer_declarator", "abstract_pointer_declarator"):
        return SpacingRole.POINTER if leaf.text == b"*" else SpacingRole.PLAIN
    if kind == "cast_expression" and leaf.text == b")" and not _may_be_product(parent):
        return SpacingRole.CAST
    return guessed


def _may_be_product(cast: Node) -> bool:
    return (
        cast.kind == "cast_expression"
        and len(list(cast.children[1].leaves())) == 1
        and not SpacedToken((next(cast.children[1].leaves()).text or b"").decode("latin-1")).is_type
        and cast.children[-1].kind == "unary_expression"
    )
