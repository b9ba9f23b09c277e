# SPDX-License-Identifier: GPL-2.0-only
"""The types of the arguments of macros whose bodies name the account's member.

In: the files of a tree that name the member, and a way to find and read others. Out: for `vma` in
`#define may_exec(vma) ((vma)->vm_flags & VM_EXEC)` the type that all its users hand it, if that is one
type. Users are looked for in the whole tree; those in the folders of another architecture than the
macro's own do not see it. A user that cannot be judged (the name without a call, a value whose type is
not known, one that does something when it is evaluated, a function in a header that knows no helper
yet) makes the type unknown, and so does a macro without users.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out, line_start
from vmaconv.cocci.text.word_places import places_of
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.convert.accounted import Accounted
from vmaconv.flags.headers.architecture import architecture_of
from vmaconv.uses.member_uses import Member, leaf_at, token_in_line
from vmaconv.uses.named_uses import AccountedNames

_MACRO = late_regex(rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^()\n]*)\)((?:[^\\\n]|\\\r?\n|\\.)*)")
"""A macro with parameters: its name, they, and its body."""
_ACTIVE = frozenset({"assignment_expression", "call_expression", "update_expression"})
"""What a body must not come to evaluate more often than it did."""
_ROUNDS = 4
"""Macros that may hand their argument on to one another until a function comes."""


class MacroParameter(Struct, frozen=True):
    """A macro's parameter: the file that defines the macro, its name, and which one, from 0."""

    path: str
    macro: bytes
    number: int


class _Given(Struct):
    """What users hand a parameter: types, and parameters of the macros that hand theirs on."""

    types: set[CType]
    passed: set[MacroParameter]
    unknown: bool = False


class MacroArguments:
    """Finds what a tree's macros are given."""

    def __init__(
        self,
        find: Callable[[Sequence[str]], Sequence[str]],
        read: Callable[[str], bytes | None],
        texts: Mapping[str, bytes | None],
        headers: Sequence[FileSymbols],
        is_included: Callable[[str], bool] = lambda _: False,
        is_early: Callable[[str], bool] = lambda _: False,
        searched: frozenset[bytes] = frozenset(),
        lines: Mapping[str, bytes] | None = None,
    ) -> None:
        """`find` gives the C files of the tree that hold one of some words, `read` a file's text.

        `texts` are files that have been read already: most of what decides stands in them.
        `is_included` says whether another C file includes one, and sees its macros; `is_early` whether a
        header is compiled before what the macro may call from then on. Of texts that were `searched` for
        some macros, `lines` are those that hold one.
        """
        self._find = find
        self._read = read
        self._texts = texts
        self._headers = headers
        self._is_included = is_included
        self._is_early = is_early
        self._searched = searched
        self._lines = lines if lines is not None else {}
        self._given: dict[MacroParameter, _Given] = {}
        self._units: dict[str, tuple[Unit, bytes, ExpressionTypes] | None] = {}

    def types(self, wanted: Iterable[MacroParameter], struct: bytes) -> dict[MacroParameter, CType]:
        """Return the types of those parameters that all users hand the same kind of `struct`."""
        asked = _ordered(wanted)
        pending = asked
        for _ in range(_ROUNDS):
            pending = self._likely(pending, struct)
            self._look_everywhere(pending)
            pending = self._handed_on(pending)
            if not pending:
                break
        self._units.clear()
        settled = {parameter: self._settled(parameter, set()) for parameter in asked}
        return {
            parameter: next(iter(types))
            for parameter, types in settled.items()
            if types is not None and len(types) == 1 and next(iter(types)).base == struct
        }

    def _likely(self, pending: Sequence[MacroParameter], struct: bytes) -> list[MacroParameter]:
        """Return those that look as if they were handed the struct, and those that hand it to them.

        The tree is searched for all of them at once.
        """
        found: list[MacroParameter] = []
        for _ in range(_ROUNDS):
            likely = [p for p in pending if self._looks_like(p, struct)]
            found += likely
            pending = self._handed_on(likely)
        return found

    def _handed_on(self, parameters: Sequence[MacroParameter]) -> list[MacroParameter]:
        """Return those parameters of macros that hand one of these on which were not looked at."""
        passed = {other for one in parameters for other in self._given[one].passed}
        return _ordered(passed - self._given.keys())

    def _looks_like(self, parameter: MacroParameter, struct: bytes) -> bool:
        """Whether those users that have been read already hand the parameter the struct."""
        given = self._given[parameter] = _Given(set(), set())
        macro = parameter.macro
        lines = self._lines if macro in self._searched else {}
        users = [
            path
            for path, text in self._texts.items()
            if text is None or macro in lines.get(path, text)
        ]
        self._look(parameter, self._seeing(users, parameter.path), given)
        given.unknown |= any(ctype.base != struct for ctype in given.types)
        return not given.unknown

    def _look_everywhere(self, parameters: Sequence[MacroParameter]) -> None:
        shared = [p for p in parameters if self._is_shared(p.path)]
        if not shared:
            return
        rest = set(self._find(sorted({p.macro.decode() for p in shared}))) - self._texts.keys()
        for parameter in shared:
            users = self._seeing(sorted(rest), parameter.path)
            self._look(parameter, users, self._given[parameter])

    def _is_shared(self, path: str) -> bool:
        return path.endswith(".h") or self._is_included(path)

    def _seeing(self, users: Iterable[str], path: str) -> list[str]:
        """Return the files that may see a macro of the file at `path`: of most C files', only that."""
        if not self._is_shared(path):
            return [path]
        return [user for user in users if _sees(user, path)]

    def _settled(self, parameter: MacroParameter, seen: set[MacroParameter]) -> set[CType] | None:
        """Return the types that a parameter may have, None where one is not known."""
        given = self._given.get(parameter)
        if given is None or given.unknown:
            return None
        seen.add(parameter)
        types = set(given.types)
        for other in given.passed - seen:
            more = self._settled(other, seen)
            if more is None:
                return None
            types |= more
        return types

    def _look(self, parameter: MacroParameter, users: Sequence[str], given: _Given) -> None:
        """Add what users hand a parameter, until one is not known."""
        # The name first, and what must not stand before it second: so it is found fast.
        name = re.escape(parameter.macro)
        word = re.compile(name + rb"(?<!\w%s)(?!\w)" % name)
        for path in users:
            read = self._unit(path)
            if read is None:
                given.unknown = True
                return
            for mention in word.finditer(read[1]):
                if not _is_head(read[1], mention.start(), parameter.macro):
                    self._judge(parameter, path, mention.start(), given)
                if given.unknown:
                    return

    def _unit(self, path: str) -> tuple[Unit, bytes, ExpressionTypes] | None:
        if path not in self._units:
            text = self._texts[path] if path in self._texts else self._read(path)
            if text is None:
                self._units[path] = None
            else:
                unit = Unit(path, text)
                code = blank_out(text, strings=True)
                self._units[path] = unit, code, ExpressionTypes(unit, self._headers)
        return self._units[path]

    def _judge(self, parameter: MacroParameter, path: str, offset: int, given: _Given) -> None:
        """Add what one mention of the macro hands its parameter."""
        read = self._unit(path)
        assert read is not None
        unit, _, types = read
        outer, leaf = _token(unit, offset)
        call = leaf.parent if leaf is not None else None
        if call is not None and call.kind == "function_declarator":
            # A function of that name, where there is no such macro.
            return
        argument = _argument(call, leaf, parameter.number)
        is_early = outer is None and path.endswith(".h") and self._is_early(path)
        if argument is None or is_early or any(n.kind in _ACTIVE for n in argument.walk()):
            given.unknown = True
            return
        if outer is not None and argument.text in outer[1]:
            given.passed.add(MacroParameter(path, outer[0], outer[1].index(argument.text)))
            return
        ctype = types.of(argument)
        if ctype is None:
            given.unknown = True
            return
        found = types.resolve(ctype)
        given.types.add(CType(found.base, found.shape))


def parameters_with(
    texts: Mapping[str, bytes | None],
    member: Member,
    functions: Iterable[bytes] = (),
    lines: Mapping[str, bytes] | None = None,
) -> set[MacroParameter]:
    """Return the parameters of macros whose member of that name a body takes, `(p)->vm_flags`, or
    that it hands to some functions first, `vm_flags_set(p, VM_IO)`.

    `lines` are those of the texts that hold the names, as far as a search has brought them.
    """
    words = [member.name, *sorted(functions)]
    called = b"|".join([rb"(?!)", *map(re.escape, words[1:])])
    taken = re.compile(
        rb"(?<![\w.>])(\w+)\s*\)?\s*(?:->|\.)\s*"
        + re.escape(member.name)
        + rb"\b|\b(?:"
        + called
        + rb")\s*\(\s*\(?\s*(\w+)\s*\)?\s*,"
    )
    found: set[MacroParameter] = set()
    for path, text in texts.items():
        if text is None or b"#" not in text:
            continue
        held = lines.get(path, text) if lines is not None else text
        for macro in _macros_with(text, [word for word in words if word in held]):
            names = _names(macro[2])
            for use in taken.finditer(macro[3]):
                name = use[1] or use[2]
                if name in names:
                    found.add(MacroParameter(path, macro[1], names.index(name)))
    return found


def macros_with(texts: Mapping[str, bytes | None], kept: Accounted) -> set[bytes]:
    """Return the macros whose parameters `parameters_with` finds in headers, and all that name these."""
    if kept.member is None:
        return set()
    headers = {path: text for path, text in texts.items() if path.endswith(".h") and text}
    new = {
        parameter.macro for parameter in parameters_with(headers, kept.member, kept.names.functions)
    }
    found = set(new)
    while new:
        named = re.compile(rb"\b(?:" + b"|".join(map(re.escape, sorted(new))) + rb")\b")
        new = {
            macro[1]
            for text in headers.values()
            for macro in _macros_with(text, [name for name in new if name in text])
            if named.search(macro[3])
        } - found
        found |= new
    return found


def macros_naming(text: bytes, member: Member | None, beside: AccountedNames) -> set[bytes]:
    """Return the macros whose bodies name a member, or a function that is accounted for beside it."""
    words = [member.name] if member is not None else []
    words += [word for word in beside.functions if word in text]
    if b"#" not in text or not words:
        return set()
    named = re.compile(rb"\b(?:" + b"|".join(map(re.escape, words)) + rb")\b")
    return {macro[1] for macro in _macros_with(text, words) if named.search(macro[3])}


def _macros_with(text: bytes, words: Iterable[bytes]) -> Iterator[re.Match[bytes]]:
    """Yield the macros with parameters in whose definition a word stands, in order."""
    places = sorted(place for word in words for place in places_of(word, text))
    end = 0
    for place in places:
        if place < end:
            continue
        macro = _MACRO.match(text, line_start(text, place))
        if macro is not None and place < macro.end():
            end = macro.end()
            yield macro


def _names(parameters: bytes) -> list[bytes]:
    return [name.strip() for name in parameters.split(b",")]


def _ordered(parameters: Iterable[MacroParameter]) -> list[MacroParameter]:
    return sorted(parameters, key=lambda p: (p.path, p.macro, p.number))


def _sees(user: str, header: str) -> bool:
    """Whether a file may include a header: not one in another architecture's folder."""
    own, other = architecture_of(header), architecture_of(user)
    # arch/um takes x86's headers.
    return not own or not other or own == other or other == "um"


def _is_head(code: bytes, offset: int, macro: bytes) -> bool:
    """Whether a name stands where a macro is defined or asked for, or is exported as a function."""
    start = code.rfind(b"\n", 0, offset) + 1
    before = code[start:offset]
    if re.fullmatch(rb"[ \t]*#[ \t]*(?:define|undef|ifn?def)[ \t]+", before):
        return True
    if re.fullmatch(rb"[ \t]*#[ \t]*define[ \t]+" + re.escape(macro) + rb"[ \t]+", before):
        return code[offset + len(macro) :].split(b"\n", 1)[0].strip() == b""
    return re.match(rb"[ \t]*(?:#[ \t]*(?:el)?if\b|EXPORT_SYMBOL\w*[ \t]*\()", before) is not None


def _token(unit: Unit, offset: int) -> tuple[tuple[bytes, list[bytes]] | None, Node | None]:
    """Return the macro (its name and parameters) in whose body a token stands, if any, and the token."""
    if unit.directive_at(offset) is None:
        return None, leaf_at(unit.chunk_at(offset), offset)
    token = token_in_line(unit, offset)
    line = token.enclosing("preproc_def") if token is not None else None
    if line is None:
        return None, None
    parameters = next((c for c in line.children if c.kind == "preproc_params"), None)
    names = [c.text or b"" for c in parameters.children[1::2]] if parameters else []
    return (line.children[1].text or b"", names), token


def _argument(call: Node | None, name: Node | None, number: int) -> Node | None:
    if call is None or call.kind != "call_expression" or call.children[0] is not name:
        return None
    arguments = [c for c in call.children[-1].children if c.text not in (b"(", b")", b",")]
    return bare(arguments[number]) if number < len(arguments) else None
