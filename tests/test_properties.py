# SPDX-License-Identifier: GPL-2.0-only
"""What holds whatever the input is.

In: the fixtures' files, mutated at random; expressions made at random; the cases in folders. Out:
that nothing crashes, nothing is lost, and what is written means what stood there.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from command_line import KERNEL, expected_files, read_files, run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_cases import OWN, run_rule

from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.flags.flag_metavariables import kinds
from vmaconv.flags.helpers.generation import parse_override
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.rule_forms import read_rules
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.flags.truth_macros import TRUTH
from vmaconv.library import find_rules
from vmaconv.uses.bool_guard import BoolGuard

few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

SOURCES = sorted(
    path for path, text in read_files(KERNEL).items() if b"vm_flags" in text and path.endswith(".c")
)
COMMENT = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)


@cache
def shipped() -> tuple[Program, MatchOptions, tuple[FileSymbols, ...]]:
    """The rules that ship, for v7.0, and the fixtures' headers."""
    table = read_flag_table(KERNEL)
    guard = BoolGuard(table, KERNEL)
    options = MatchOptions(truth=TRUTH, kinds=kinds(BuildSite(table)), guard=guard)
    rules = read_rules(find_rules("vma-desc"))
    program = compile_file(rules, isomorphisms(), parse_override("v7.0").virtuals())
    paths = sorted(KERNEL.rglob("*.h"))
    return program, options, tuple(FileSymbols(Unit(p.name, p.read_bytes())) for p in paths)


def convert(text: bytes) -> FileResult:
    program, options, headers = shipped()
    return Runner(program, Unit("mutated.c", text), headers, options).run()


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A file of the fixtures with a few wounds."""
    text = (KERNEL / draw(st.sampled_from(SOURCES))).read_bytes()
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 60))
        end = min(start + length, len(text))
        match draw(st.sampled_from(["delete", "repeat", "bytes", "token", "cut", "swap"])):
            case "delete":
                text = text[:start] + text[end:]
            case "repeat":
                text = text[:end] + text[start:]
            case "bytes":
                text = text[:start] + draw(st.binary(max_size=6)) + text[start:]
            case "token":
                text = text[:start] + draw(st.sampled_from(TOKENS)) + text[start:]
            case "cut" if draw(st.booleans()):
                text = text[:start]
            case "swap":
                lines = text.splitlines(keepends=True)
                at = text.count(b"\n", 0, start)
                lines[at : at + 2] = lines[at : at + 2][::-1]
                text = b"".join(lines)
    return text


TOKENS = [
    *(b"{", b"}", b"(", b")", b";", b",", b"#", b'"', b"'", b"\\", b"\n", b"\r\n", b"/*", b"*/"),
    *(b"//", b"~", b"!", b"&", b"|=", b"= ", b"-> ", b"\n#ifdef A\n", b"\n#else\n", b"\n#endif\n"),
    *(b"desc->vm_flags", b" if (", b" else ", b"/* c */", b" VM_IO ", b"\n#define M(x) ", b"0 "),
]


def count_errors(text: bytes) -> int:
    return sum(len(chunk.errors) for chunk in Unit("a.c", text).chunks)


def check_edits_are_where_the_word_is(before: bytes, after: bytes) -> None:
    """Check that each stretch of changed lines held the word."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, _, _ in matcher.get_opcodes():
        if tag != "equal":
            assert b"vm_flags" in b"".join(old[start:end]), old[start:end]


@few
@given(mutated())
def test_mutated_c_does_no_harm(text: bytes) -> None:
    result = convert(text)
    after = result.text
    if not result.changes:
        assert after == text
    check_edits_are_where_the_word_is(text, after)
    assert count_errors(after) <= count_errors(text)
    assert Counter(COMMENT.findall(text)) == Counter(COMMENT.findall(after))
    assert text.count(b"vm_flags") - after.count(b"vm_flags") <= len(result.changes)
    assert convert(after).text == after


@few
@given(st.binary(max_size=300), st.sampled_from(TOKENS))
def test_any_bytes_do_no_harm(noise: bytes, token: bytes) -> None:
    text = noise + token + b"struct vm_area_desc *d; d->vm_flags |= VM_IO;" + noise
    result = convert(text)
    assert result.changes or result.text == text


@pytest.mark.parametrize("path", SOURCES)
def test_conversion_is_the_expected_one_and_stays(path: str) -> None:
    result = convert((KERNEL / path).read_bytes())
    assert result.text == expected_files()[path]
    assert convert(result.text).text == result.text


@pytest.mark.parametrize("case", OWN, ids=lambda case: case.name)
def test_cases_without_a_match_keep_every_byte(case: object) -> None:
    assert isinstance(case, type(OWN[0]))
    words = re.compile(rb"[A-Za-z_]\w*")
    text = words.sub(lambda m: m[0] if len(m[0]) < 2 else b"x" + m[0], case.before)
    result = run_rule(case, text)
    if not result.changes:
        assert result.text == text


BINARY = ["*", "/", "%", "+", "-", "<<", ">>", "<", ">", "==", "!=", "&", "^", "|", "&&", "||"]

ATOMS = ["x", "y", "p->n", "a[1]", "z"]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """A C expression with calls of `old`, parenthesised where C asks for it and at times beyond."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(ATOMS))
    parts = expressions(depth - 1)

    def part() -> str:
        return draw(parts)

    match draw(st.sampled_from(["binary", "binary", "old", "old", "unary", "paren", "more"])):
        case "binary":
            return f"{wrap(part())} {draw(st.sampled_from(BINARY))} {wrap(part())}"
        case "old":
            return f"old({part()})"
        case "unary":
            return f"{draw(st.sampled_from(['!', '~', '-', '*', '&', '(int)']))}{wrap(part())}"
        case "paren":
            return wrap(part())
    forms = [
        f"{wrap(part())} ? {wrap(part())} : {wrap(part())}",
        f"g({part()}, {part()})",
        f"{wrap(part())}[2]",
    ]
    return draw(st.sampled_from(forms))


def wrap(expression: str) -> str:
    """Parenthesise all but the simplest: `(x) + (y)` may be a cast, and no grammar can tell."""
    return expression if expression in ATOMS else f"({expression})"


# Takes off the parentheses that C does not need, so that operators meet bare.
BARE = "- (e)\n+ e"

RULES = {
    "identity": ("- old(e)\n+ e", lambda e: e),
    "negation": ("- old(e)\n+ -e", lambda e: ("-", e)),
    "not": ("- old(e)\n+ !e", lambda e: ("!", e)),
    "sum": ("- old(e)\n+ e + 1", lambda e: ("+", e, "1")),
    "difference": ("- old(e)\n+ 1 - e", lambda e: ("-", "1", e)),
    "product": ("- old(e)\n+ 2 * e", lambda e: ("*", "2", e)),
    "both": ("- old(e)\n+ e && 1", lambda e: ("&&", e, "1")),
    "choice": ("- old(e)\n+ 1 ? 2 : e", lambda e: ("?", "1", "2", e)),
    "call": ("- old(e)\n+ new(e, 1)", lambda e: ("call", "new", e, "1")),
    "member": ("- old(e)\n+ e->m", lambda e: ("->", e, "m")),
    "element": ("- old(e)\n+ e[0]", lambda e: ("[]", e, "0")),
    "cast": ("- old(e)\n+ (long)e", lambda e: ("cast", "long", e)),
}


@cache
def compiled(rule: str) -> Program:
    return compile_file(parse_text(f"@@ expression e; @@\n{rule}\n", "rule.cocci"), [])


def rewrite(rule: str, text: str) -> str:
    """Apply a rule until it matches no more: of nested matches the inner ones take their turn."""
    data = text.encode()
    for _ in range(12):
        result = Runner(compiled(rule), Unit("a.c", data), [], MatchOptions(truth=TRUTH)).run()
        if result.text == data:
            return data.decode()
        data = result.text
    raise AssertionError("does not come to an end")


def meaning(node: Node, old: object = None) -> object:
    """Return what an expression computes, parentheses gone; `old` says what that call does."""
    children = node.children
    if node.text is not None:
        return node.text.decode()
    sub = [meaning(child, old) for child in children]
    match node.kind:
        case "parenthesized_expression":
            return sub[1]
        case "binary_expression":
            return (sub[1], sub[0], sub[2])
        case "unary_expression":
            return (sub[0], sub[1])
        case "conditional_expression":
            return ("?", sub[0], sub[2], sub[4])
        case "cast_expression":
            return ("cast", sub[1], sub[3])
        case "type_descriptor":
            return sub[0]
        case "sized_type_specifier":
            return " ".join(str(word) for word in sub)
        case "field_expression":
            return (sub[1], sub[0], sub[2])
        case "subscript_expression":
            return ("[]", sub[0], sub[2])
        case "call_expression":
            arguments = [a for a in sub[1][1:-1] if a != ","] if isinstance(sub[1], list) else []
            if sub[0] == "old" and callable(old):
                return old(arguments[0])
            return ("call", sub[0], *arguments)
        case "argument_list":
            return sub
    raise AssertionError(node.kind)


def initialiser(text: str) -> Node:
    """Return the expression of `int v = ...;`.

    The example is dropped where `(f(x)) + (y)` reads as a cast: without types, none can tell.
    """
    unit = Unit("a.c", text.encode())
    assert not any(chunk.errors for chunk in unit.chunks), text
    (declaration,) = unit.chunks[0].root.children
    expression = declaration.children[1].children[2]
    casts = [node.children[1].tokens() for node in expression.walk() if "cast" in node.kind]
    assume(all(cast in ([b"int"], [b"long"]) for cast in casts))
    return expression


@pytest.mark.parametrize("name", sorted(RULES))
@few
@given(expressions(), st.booleans())
def test_plus_code_keeps_what_operators_mean(name: str, expression: str, bare: bool) -> None:
    rule, old = RULES[name]
    text = f"int v = {expression};\n"
    if bare:
        stripped = rewrite(BARE, text)
        assert meaning(initialiser(stripped)) == meaning(initialiser(text))
        text = stripped
    wanted = meaning(initialiser(text), old)
    after = rewrite(rule, text)
    assert meaning(initialiser(after)) == wanted
    assert "old" not in after


@settings(max_examples=3, deadline=None, derandomize=True)
@given(st.permutations(["mm/memory.c", "mm/util.c", "drivers/char", "fs/pebblefs/file.c", "ipc"]))
def test_the_order_of_paths_is_irrelevant(paths: list[str]) -> None:
    assert run("diff", KERNEL, *paths, "-j1") == run("diff", KERNEL, *sorted(paths), "-j2")


def test_no_case_is_missed() -> None:
    assert len(OWN) > 80
    assert Path(__file__).with_name("cases").is_dir()
