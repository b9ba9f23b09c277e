# SPDX-License-Identifier: GPL-2.0-only
"""Choosing hunk by hunk: each key of `git add -p`, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from vmaconv.cocci.diff.hunk import Hunk, apply_hunks
from vmaconv.review.material.hunk_editor import NoEditor, syntax_fault
from vmaconv.review.prompt.choose import HELP, choose
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import FileDiff, file_diff

GAP = b"".join(b"same %d\n" % n for n in range(10))
#: Two files; the first has two hunks, of which the first has two changes.
ONE = FileChange(
    "mm/one.c",
    b"a\nx\nb\n" + GAP + b"c\n",
    b"A\nx\nB\n" + GAP + b"C\n",
)
TWO = FileChange("mm/two.c", b"d\n", b"D\n")
DIFFS = [file_diff(ONE), file_diff(TWO)]


@dataclass
class Person:
    """Answers from a script; the end of the script is the end of the input."""

    answers: Iterator[str]
    prompts: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __call__(self, prompt: str, /) -> str | None:
        self.prompts.append(prompt)
        return next(self.answers, None)

    def file(self, diff: FileDiff, /) -> None:
        self.seen.append(f"file {diff.path}")

    def hunk(self, hunk: Hunk, /) -> None:
        self.seen.append(hunk.header().decode().strip())

    def say(self, text: str, /) -> None:
        self.seen.append(text)


def never(_text: bytes) -> bytes:
    raise AssertionError("nothing is edited here")


def talk(*answers: str, edit: Callable[[bytes], bytes] = never) -> tuple[dict[str, bytes], Person]:
    person = Person(iter(answers))
    accepted = choose(DIFFS, person, person, edit)
    before = {change.path: change.before for change in (ONE, TWO)}
    return {path: apply_hunks(before[path], hunks) for path, hunks in accepted.items()}, person


FIRST = b"A\nx\nB\n" + GAP + b"c\n"
SECOND = b"a\nx\nb\n" + GAP + b"C\n"


@pytest.mark.parametrize(
    ("answers", "one", "two"),
    [
        ("y y y", ONE.after, TWO.after),
        ("n n n", None, None),
        ("y n y", FIRST, TWO.after),
        ("n y n", SECOND, None),
        ("a n", ONE.after, None),
        ("d y", None, TWO.after),
        ("n a y", SECOND, TWO.after),
        ("y q", FIRST, None),
        ("y", FIRST, None),
        ("q", None, None),
        ("", None, None),
        ("j y k y y", ONE.after, TWO.after),
        ("J J y q", None, TWO.after),
        ("j n y y", FIRST, TWO.after),
        ("J K y n n", FIRST, None),
        ("y J y n", FIRST, TWO.after),
        ("g2 y q", SECOND, None),
        ("g 3 y q", None, TWO.after),
        ("/^\\+D y q", None, TWO.after),
        ("/C y q", SECOND, None),
        ("s y n n n", b"A\nx\nb\n" + GAP + b"c\n", None),
        ("s n y n n", b"a\nx\nB\n" + GAP + b"c\n", None),
        ("s a n", ONE.after, None),
        ("s y y y y", ONE.after, TWO.after),
        ("Y N N", FIRST, None),
    ],
)
def test_what_is_answered_is_accepted(answers: str, one: bytes | None, two: bytes | None) -> None:
    wanted = {path: text for path, text in (("mm/one.c", one), ("mm/two.c", two)) if text}
    words = answers.replace("g 3", "g~3").split()
    made, person = talk(*(word.replace("~", " ") for word in words))
    assert made == wanted
    assert not list(person.answers), "the talk ended before its last answer"


def test_a_skip_of_one_is_gone_back_to() -> None:
    """Undecided hunks are asked again after the last one, as git does."""
    _, person = talk("j", "j", "y", "y", "y")
    shown = [line for line in person.seen if line.startswith("@@")]
    assert len(shown) == 5
    assert person.prompts[0].startswith("(1/3) Accept this hunk [y,n,q,a,d,j,J,g,/,s,e,?]? ")
    assert person.prompts[1].startswith("(2/3) Accept this hunk [y,n,q,a,d,k,K,j,J,g,/,e,?]? ")


def test_go_without_a_number_lists_the_hunks() -> None:
    made, person = talk("n", "g", "3", "y", "q")
    assert made == {"mm/two.c": TWO.after}
    assert "-   1: mm/one.c: -a" in person.seen
    assert "    3: mm/two.c: -d" in person.seen


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (["g", "x"], "Invalid number: 'x'"),
        (["g9"], "Sorry, only 3 hunks available."),
        (["/["], "Malformed search regexp ["),
        (["/no such"], "No hunk matches the given pattern"),
        (["k"], "No previous undecided hunk"),
        (["K"], "No previous hunk"),
        (["j", "j", "j"], "No next undecided hunk"),
        (["n", "s"], "Sorry, cannot split this hunk"),
        (["?"], HELP),
        (["what"], HELP),
        ([""], HELP),
    ],
)
def test_what_cannot_be_done_is_said_and_asked_again(answers: list[str], word: str) -> None:
    made, person = talk(*answers, "q")
    assert made == {}
    assert any(line.startswith(word) for line in person.seen)


def test_an_empty_search_repeats_the_last_one() -> None:
    made, _ = talk("/^\\+", "/", "", "y", "q")
    assert made == {"mm/two.c": TWO.after}


def test_an_edited_hunk_is_accepted_as_edited() -> None:
    made, _ = talk("e", "n", "n", edit=lambda text: text.replace(b"+A\n", b"+mine\n+more\n"))
    assert made == {"mm/one.c": b"mine\nmore\nx\nB\n" + GAP + b"c\n"}


def test_an_edit_that_does_not_fit_can_be_made_again() -> None:
    texts: list[bytes] = []

    def edit(text: bytes) -> bytes:
        texts.append(text)
        if len(texts) == 1:
            return text.replace(b" x\n", b" y\n")
        return text.replace(b" y\n", b" x\n").replace(b"+A\n", b"+again\n")

    made, person = talk("e", "y", "q", edit=edit)
    assert made == {"mm/one.c": b"again\nx\nB\n" + GAP + b"c\n"}
    assert b" y\n" in texts[1], "what was typed is not lost"
    assert any("does not apply" in line for line in person.seen)
    texts.clear()
    made, _ = talk("e", "n", "q", edit=edit)
    assert made == {}


@pytest.mark.parametrize(("answers", "kept"), [("n", True), ("", False), ("y", False)])
def test_an_edit_that_does_not_parse_is_taken_only_when_told(answers: str, kept: bool) -> None:
    """`y` opens the editor again, whose second text is without fault; the end of the input drops it."""
    before = b"int f(void)\n{\n\treturn 1;\n}\n"
    diff = file_diff(FileChange("a.c", before, before.replace(b"1", b"2")))
    texts = [b"+\treturn (2;\n", b"+\treturn 3;\n"]
    person = Person(iter(["e", *answers]))

    def edit(text: bytes) -> bytes:
        lines = [line for line in text.splitlines(keepends=True) if line[:1] != b"+"]
        at = next(n for n, line in enumerate(lines) if line[:1] == b"-")
        return b"".join([*lines[: at + 1], texts.pop(0), *lines[at + 1 :]])

    def fault(path: str, hunk: Hunk) -> str:
        return syntax_fault(path, before, apply_hunks(before, [hunk]))

    made = choose([diff], person, person, edit, fault)
    assert "a.c does not parse in line 3 as it was edited" in person.seen
    wanted = b"(2" if kept else b"3"
    assert [wanted in apply_hunks(before, hunks) for hunks in made.values()] == [True] * bool(
        answers
    )


def test_an_editor_that_fails_changes_nothing() -> None:
    def edit(_text: bytes) -> bytes:
        raise NoEditor("vi cannot be run")

    made, person = talk("e", "y", "q", edit=edit)
    assert made == {"mm/one.c": FIRST}
    assert "vi cannot be run" in person.seen


def test_an_edit_to_nothing_accepts_nothing() -> None:
    gone = talk("e", "q", edit=lambda _: b"# nothing\n")[0]
    assert gone == {}
    unchanged = talk(
        "e",
        "q",
        edit=lambda text: b"\n".join(
            line.replace(b"-", b" ", 1) if line[:1] == b"-" else line
            for line in text.split(b"\n")
            if line[:1] != b"+"
        ),
    )[0]
    assert unchanged == {}


def test_no_hunks_no_questions() -> None:
    person = Person(iter(()))
    assert choose([], person, person, never) == {}
    assert choose([file_diff(FileChange("a", b"x", b"x"))], person, person, never) == {}
    assert not person.prompts
