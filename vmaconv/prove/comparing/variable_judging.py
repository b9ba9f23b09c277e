# SPDX-License-Identifier: GPL-2.0-only
"""The verdict on variables at file level that start with something else than before.

In: a variable's declaration on both sides, and its file on both. Out: a `Judgement`: it differs where
one of its members is another function that has to do with flags, and where a word or set of flags
starts with another value in some configuration; what is about flags otherwise is undecided, and the
rest is not judged.
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.comparing.changed_names import ChangedVariable
from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.example_words import example_of
from vmaconv.prove.comparing.function_judging import FunctionJudging, TreeSide
from vmaconv.prove.comparing.narrowed_places import flags_put_in, is_narrowed
from vmaconv.prove.configuration.compiled_text import asker
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.configuration.configurations import TooMany
from vmaconv.prove.headers.header_index import TALKS_OF_FLAGS, SourceFile
from vmaconv.prove.meaning.frame import Frame
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.meaning.run_state import DoesNotCompile, NotUnderstood, Seen
from vmaconv.prove.meaning.side_facts import SideFacts
from vmaconv.prove.meaning.statement_run import run_body
from vmaconv.prove.terms.term_decider import TermDecider
from vmaconv.prove.verdict import Example, Judgement, Side, Verdict

_MEMBER = late_regex(rb"\. (\w+) = (?:& )?(\w+)(?= [,}])")
_WORD = late_regex(r"\w+")


def judge_variable(
    name: str, changed: ChangedVariable, files: tuple[SourceFile, SourceFile], by: FunctionJudging
) -> Judgement:
    """Return the verdict on a variable; `files` are its file before and after."""
    file, renamed, hot = files[1], by.renamed, by.hot - by.plain
    old, new = (
        {m[1].decode(): m[2].decode() for m in _MEMBER.finditer(text)}
        for text in (changed.before, changed.after)
    )
    for member, now in new.items():
        was = old.get(member, now)
        if renamed.get(now, now) == was or not (
            _is_about_flags(was, file) or _is_about_flags(now, file)
        ):
            continue
        sides = (f"{was}()", changed.line_before), (f"{now}()", changed.line)
        text = f"{name}.{member}"
        example = Example((), (), *(Side(line, text, value) for value, line in sides))
        reason = f".{member} is another function than before"
        return Judgement(file.path, name, changed.line, Verdict.DIFFERS, reason, example)
    words = {
        w for text in (changed.before, changed.after) for w in _WORD.findall(text.decode("latin-1"))
    }
    if words & hot or any(TALKS_OF_FLAGS.search(t) for t in (changed.before, changed.after)):
        return _by_value(name, changed, files, by)
    heads = [
        text.partition(b" = ")[0].removesuffix(b" ;") for text in (changed.before, changed.after)
    ]
    types = [head.removesuffix(name.encode()) for head in heads]
    if heads[0] != types[0] and heads[1] != types[1] and is_narrowed(types[0], types[1]):
        place = flags_put_in(name, [file])
        if place is not None:
            reason = f"it has another type, and flags are put there at {place}; read it"
            return Judgement(file.path, name, changed.line, Verdict.UNDECIDED, reason)
    reason = "what a variable starts with changed, and has nothing to do with flags"
    return Judgement(file.path, name, changed.line, Verdict.NOT_JUDGED, reason)


_SCALAR = late_regex(rb"([^={}]*?) = ([^{}]*) ;\Z")


def _by_value(
    name: str, changed: ChangedVariable, files: tuple[SourceFile, SourceFile], by: FunctionJudging
) -> Judgement:
    """Judge a variable that is no struct by what it starts with, in each configuration."""
    undecided = Judgement(
        files[1].path, name, changed.line, Verdict.UNDECIDED, "what a variable starts with changed"
    )
    parts = [_SCALAR.match(text) for text in (changed.before, changed.after)]
    if parts[0] is None or parts[1] is None or parts[0][1] != parts[1][1]:
        return undecided
    texts = parts[0][2], parts[1][2]
    lines = changed.line_before, changed.line
    is_seen = False
    try:
        for configuration in by.after.index.configurations():
            sides: list[DifferenceSide] = []
            for i, (side, file) in enumerate(zip((by.before, by.after), files, strict=True)):
                run = _interpreter(by, side, file, asker(configuration), is_new=bool(i))
                node = run.expression(texts[i])
                if node is None:
                    return undecided
                seen = Seen(lines[i], f"{name} = {texts[i].decode(errors='replace')}")
                sides.append(DifferenceSide(seen, run.value(node).term))
            width = 32 if configuration.known("64BIT") is False else 64
            Equality(TermDecider(width)).require("it starts with another value", sides[0], sides[1])
            is_seen = True
    except (NotUnderstood, DoesNotCompile, Undecided, TooMany):
        return undecided
    except Different as error:
        ask = asker(configuration)
        example = example_of(error, width, configuration, by.after.index, ask)
        return replace(undecided, verdict=Verdict.DIFFERS, reason=error.reason, example=example)
    return replace(undecided, verdict=Verdict.PROVEN, reason="") if is_seen else undecided


def _interpreter(
    by: FunctionJudging, side: TreeSide, file: SourceFile, ask: Ask, *, is_new: bool
) -> Interpreter:
    members = by.overlays.after if is_new else by.overlays.before
    facts = SideFacts(side.index, file, ask, members, by.overlays, side.places.types(file))
    return Interpreter(facts, Frame(""), run_body, lambda _node: Seen(0, ""))


def _is_about_flags(function: str, file: SourceFile) -> bool:
    return any(
        TALKS_OF_FLAGS.search(file.text, spot.start, spot.end)
        for spot in file.spots.get(function, ())
    )
