# SPDX-License-Identifier: GPL-2.0-only
"""From a block's text to a code object, within limits.

In: a block's text and its line in the rule file. Out: a code object, or a `SmplError`. A stranger's
text is parsed and compiled in our own process, so its length and nesting are bounded before
LibCST and the compiler see it. What the code does is not looked at: it runs where the kernel holds
it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from types import CodeType

from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.text.collector import collector_off
from vmaconv.cocci.text.late_regex import late_regex

MAX_DEPTH = 200
"""Nesting of a block's syntax tree: LibCST overflows the C stack at a few thousand."""

MAX_SIZE = 1 << 16
"""Characters of a block."""

MAX_NODES = 20_000
"""Nodes of a block's syntax tree: LibCST takes about a second for so many."""

MAX_ENDINGS = 3
"""`finally` inside `finally`: the compiler copies the innermost two or three times for each."""

TRUST = "write it without, or run with --trust-scripts if you know where the rule file comes from"

NO_BOUNDARY = (
    "install bubblewrap, or run with --trust-scripts if you know where the rule file comes from"
)

RENAME = "use another name for it in this block"

PYTHON2 = late_regex(
    r"Missing parentheses in call to|multiple exception types must be parenthesized"
    r"|leading zeros in decimal integer|invalid hexadecimal literal|Did you mean print"
)

NO_MATCH = "the script is refused: 'match' takes too long to read"

STRING_OR_COMMENT = late_regex(
    r'''(?P<string>"""(?:\\.|[^\\])*?(?:"""|\Z)'''
    r"""|'{3}(?:\\.|[^\\])*?(?:'{3}|\Z)"""
    r"""|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*)|//[^\n]*""",
    re.DOTALL,
)
"""Strings that do not end are taken to their line's end, so that the time stays linear."""


def without_comments(code: str) -> str:
    """Cut SmPL's comments out of a block: `//` to the end of the line, outside strings.

    `x = 7 // 2` is `x = 7` for spatch 1.1.1, and here: its lexer knows no other `//`.
    """
    if "//" not in code:
        return code
    return STRING_OR_COMMENT.sub(lambda found: found["string"] or "", code)


def parse(
    code: str, file: str, line: int, *, expression: bool = False, trusted: bool = False
) -> ast.Module:
    """Parse a block, or raise what is wrong with it.

    With `expression`, the text is a constraint's body (`relevant(p)`) and the module holds that one
    expression. `line` is the 1-based line of the text's first line in `file`.

    A `match` is refused here already, unless the block is trusted: the time that LibCST takes for a
    pattern doubles with each bracket.

    Errors: `script-syntax`, `script-python2`, `script-too-complex`, `script-refused`.
    """
    if len(code) > MAX_SIZE:
        raise too_complex(file, line, f"longer than {MAX_SIZE} characters")
    text = f"({without_comments(code)}\n)" if expression else without_comments(code)
    try:
        with warnings.catch_warnings(action="ignore"):
            module = _parsed(text)
    except SyntaxError as error:
        raise _syntax(error, code, file, line) from None
    except (MemoryError, RecursionError):
        raise too_complex(file, line, "nested too deeply to be parsed") from None
    except ValueError as error:
        place = RulePlace(file, line, 0)
        raise SmplError("script-syntax", place, f"script: {error}") from None
    _limit(module, text, file, line)
    if expression and [type(statement) for statement in module.body] != [ast.Expr]:
        message = "the body of a script constraint has to be one expression"
        remedy = "move the rest into an initialize block"
        raise SmplError("script-syntax", RulePlace(file, line, 0), message, remedy)
    if not trusted:
        _refuse_match(module, file, line)
    return module


def _parsed(text: str) -> ast.Module:
    """Parse without collecting garbage meanwhile, which may parse something itself.

    Fact: CPython 3.11 counts the depth of all syntax trees in one place (gh-106905), so that a
    destructor whose traceback is being written makes a SystemError of the tree around it.
    """
    with collector_off():
        return ast.parse(text)


def compile_module(
    module: ast.Module, file: str, line: int, *, expression: bool = False
) -> CodeType:
    """Compile a parsed block.

    With `expression`, the code is for `eval`; otherwise for `exec`. The module is used up.

    Errors: `script-syntax` (`return` outside a function is found only here).
    """
    try:
        ast.increment_lineno(module, line - 1)
        mode: str = "exec"
        code: ast.Module | ast.Expression = module
        if expression and isinstance(module.body[0], ast.Expr):
            mode, code = "eval", ast.Expression(module.body[0].value)
        with warnings.catch_warnings(action="ignore"):
            compiled: CodeType = compile(code, file, mode, dont_inherit=True)
        return compiled
    except SyntaxError as error:
        place = RulePlace(file, error.lineno or line, max((error.offset or 1) - 1, 0))
        raise SmplError("script-syntax", place, f"script: {error.msg}") from None
    except ValueError as error:
        raise SmplError("script-syntax", RulePlace(file, line, 0), f"script: {error}") from None
    except (RecursionError, MemoryError):
        raise too_complex(file, line, "nested too deeply to be compiled") from None


def _refuse_match(module: ast.Module, file: str, line: int) -> None:
    for node in ast.walk(module):
        if isinstance(node, ast.Match):
            place = RulePlace(file, line + node.lineno - 1, node.col_offset)
            raise SmplError("script-refused", place, NO_MATCH, TRUST)


def too_complex(file: str, line: int, why: str) -> SmplError:
    """Make the error for a block that is too long or too deep."""
    return SmplError(
        "script-too-complex",
        RulePlace(file, line, 0),
        f"the script is {why}",
        "split it into functions",
    )


def text_of_line(code: str, line: int) -> str:
    """Give the 1-based line of a block, without its newline, or nothing."""
    lines = code.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _syntax(error: SyntaxError, code: str, file: str, line: int) -> SmplError:
    row = error.lineno or 1
    place = RulePlace(file, line + row - 1, max((error.offset or 1) - 1, 0))
    source = text_of_line(code, row)
    if PYTHON2.search(error.msg):
        message = f"this is Python 2, and scripts are run by Python 3: {error.msg}"
        remedy = 'write it for Python 3, as in print("x") and except ValueError as error'
        return SmplError("script-python2", place, message, remedy, source)
    cut = source != without_comments(source)
    remedy = "'//' starts a comment in SmPL, in scripts too" if cut else ""
    return SmplError("script-syntax", place, f"script: {error.msg}", remedy, source)


def _limit(module: ast.Module, text: str, file: str, line: int) -> None:
    """Refuse what LibCST or the compiler would overflow its stack with, or take too long for."""
    stack: list[tuple[ast.AST, int, int]] = [(module, 0, 0)]
    seen = 0
    while stack:
        node, depth, endings = stack.pop()
        seen += 1
        depth += _own_depth(node)
        if depth > MAX_DEPTH:
            raise too_complex(file, line, f"nested more than {MAX_DEPTH} deep")
        if endings > MAX_ENDINGS:
            raise too_complex(file, line, f"nesting 'finally' more than {MAX_ENDINGS} deep")
        if seen > MAX_NODES:
            raise too_complex(file, line, f"made of more than {MAX_NODES} parts")
        last = node.finalbody if isinstance(node, ast.Try) else []
        for child in ast.iter_child_nodes(node):
            stack.append((child, depth, endings + (child in last)))
    if text.count('"') + text.count("'") > 2 * MAX_DEPTH and _longest_string_run(text) > MAX_DEPTH:
        raise too_complex(file, line, f"joining more than {MAX_DEPTH} strings in a row")


def _own_depth(node: ast.AST) -> int:
    """How deep LibCST nests what is one node here."""
    if isinstance(node, ast.BoolOp):
        return len(node.values)
    if isinstance(node, ast.alias):
        return 1 + node.name.count(".")
    if isinstance(node, ast.ImportFrom):
        return 1 + (node.module or "").count(".") + node.level
    return 1


def _longest_string_run(text: str) -> int:
    longest = run = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.STRING:
            run += 1
            longest = max(longest, run)
        elif token.type not in (tokenize.NL, tokenize.COMMENT):
            run = 0
    return longest
