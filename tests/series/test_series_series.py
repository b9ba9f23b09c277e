# SPDX-License-Identifier: GPL-2.0-only
"""The series as a whole: beside format-patch, through git am, as a branch, in batches."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from sandbox import Sandbox

from vmaconv.series.assemble import (
    Series,
    SeriesOptions,
    SeriesSurroundings,
    look_around,
    make_series,
)
from vmaconv.series.branch.branch import make_branches
from vmaconv.series.branch.rangediff import range_diff
from vmaconv.series.change import FileChange
from vmaconv.series.letter.cover import CoverFacts, Disclosure, LetterLeft
from vmaconv.series.output import write_series
from vmaconv.series.plain_patches import write_patches
from vmaconv.series.render import render_series
from vmaconv.series.series_error import (
    BadBranchName,
    BranchExists,
    GitFailed,
    NoIdentity,
    TreeChanged,
)
from vmaconv.series.words.split import Split
from vmaconv.series.words.wording import Purpose, Wishes

MAINTAINERS = b"""\
MEMORY MANAGEMENT
M:	Mia Mem\xc3\xb6ry <mia@mm.org>
L:	linux-mm@kvack.org
S:	Maintained
F:	mm/

FOO FILESYSTEM
R:	Fred Foo <fred@foo.org>
S:	Odd Fixes
F:	fs/foo/
"""
NOTE = "Test the flags of a descriptor by bit"
PURPOSE = Purpose(
    "Use bits for the flags of a descriptor", "There are too few in a word.", "vmaconv 1"
)
FACTS = CoverFacts(
    PURPOSE.summary,
    PURPOSE.why,
    counts=(("uses converted", 4), ("uses left to a person", 1)),
    left=(LetterLeft("mm/a.c", 7, "f", "stands in a macro's body"),),
    checked=("git am gives the bytes of the conversion in place.",),
    reviewer_notes=("No functional change.",),
    disclosure=Disclosure("vmaconv", "1", ("vma-desc.cocci",), "all of the diffs", "compiled"),
)


def text(word: str) -> bytes:
    lines = "".join(f"\tint line_{n};\n" for n in range(20))
    return f"int f(void)\n{{\n{lines}\tuse({word});\n{lines}}}\n".encode()


PATHS = ["mm/a.c", "mm/b.c", "fs/foo/x.c", "drivers/one.c", "drivers/two.c"]
CHANGES = [FileChange(path, text("old"), text("new"), notes=(NOTE,)) for path in PATHS]
CHANGES.append(FileChange("odd/latin.c", b"caf\xe9\r\nx", b"caf\xe9\r\ny", notes=(NOTE,)))


@pytest.fixture
def tree(box: Sandbox) -> Sandbox:
    box.commit({"MAINTAINERS": MAINTAINERS}, "start")
    box.commit({change.path: change.before for change in CHANGES}, "Linux")
    return box


def series(box: Sandbox, options: SeriesOptions, changes: list[FileChange] = CHANGES) -> Series:
    return make_series(changes, PURPOSE, FACTS, look_around(box.path, options), options)


def am(box: Sandbox, files: dict[str, bytes]) -> None:
    for name, mail in files.items():
        if "cover-letter" not in name:
            box.git("am", "-q", feed=mail)


def after(box: Sandbox) -> bool:
    return all(box.read(change.path) == change.after for change in CHANGES)


@pytest.mark.parametrize("split", Split)
def test_git_am_gives_the_direct_rewrite(tree: Sandbox, split: Split) -> None:
    options = SeriesOptions(split=split, sign_off=True, groups=(("mm/a.c", "drivers/one.c"),))
    files = dict(render_series(series(tree, options)))
    am(tree, files)
    assert after(tree)
    assert tree.git("status", "--porcelain") == b""
    log = tree.git("log", "--format=%an <%ae>%n%B", "-1").decode()
    assert log.startswith("Ada Lövelace <ada@example.org>\n")
    assert log.rstrip().endswith("Signed-off-by: Ada Lövelace <ada@example.org>")


def test_every_patch_applies_alone_and_in_any_order(tree: Sandbox) -> None:
    files = dict(render_series(series(tree, SeriesOptions(most_patches=2))))
    patches = [mail for name, mail in files.items() if "cover-letter" not in name]
    start = tree.git("rev-parse", "HEAD").decode().strip()
    for mail in patches:
        tree.git("am", "-q", feed=mail)
        tree.git("reset", "-q", "--hard", start)
    for mail in reversed(patches):
        tree.git("am", "-q", feed=mail)
    assert after(tree)


def test_git_am_takes_the_whole_directory(tree: Sandbox, tmp_path: Path) -> None:
    write_series(tmp_path / "out", render_series(series(tree, SeriesOptions())))
    names = sorted(str(path) for path in (tmp_path / "out").glob("*.patch"))
    assert names[0].endswith("0000-cover-letter.patch")
    tree.git("am", "-q", *names[1:])
    assert after(tree)


def test_the_mails_are_those_of_format_patch(tree: Sandbox) -> None:
    """Make the branch, let git write its patches, and compare them byte for byte."""
    plain = [change for change in CHANGES if b"\r" not in change.before]
    made = series(tree, SeriesOptions(find_recipients=False, sign_off=True), plain)
    (branch,) = make_branches(made, "work")
    ours = render_series(made, commits=branch.commits)
    # b4's letter is a commit of its own; without it git counts the same patches.
    tree.git("checkout", "-q", "work")
    tree.git(
        "rebase", "-q", "--onto", "main", branch.cover, "work", "--committer-date-is-author-date"
    )
    asked = ["--stdout", "--abbrev=12", "--cover-letter", "--base=main", "--subject-prefix=PATCH"]
    theirs = tree.git("format-patch", *asked, "main..work")
    for name, mail in ours.items():
        if "cover-letter" in name:
            continue
        body = re.sub(rb"^(Message-Id|In-Reply-To|References): .*\n", b"", mail, flags=re.M)
        body = re.sub(rb"^From [0-9a-f]{40} ", b"From ID ", body)
        assert body in re.sub(rb"(?m)^From [0-9a-f]{40} ", b"From ID ", theirs), name
    tree.git("format-patch", "-o", "../git", "--cover-letter", "main..work")
    assert sorted(ours) == sorted(path.name for path in (tree.path.parent / "git").iterdir())
    letter = next(iter(ours.values()))
    ending = letter[letter.index(b"Ada L\xc3\xb6velace (") :]
    assert ending in theirs


def test_long_subjects_make_the_names_that_git_makes(tree: Sandbox) -> None:
    for words in ("a" * 90, "use `x', (y) & z... in f()", "w " * 30, "ends with dots..", "größer"):
        options = SeriesOptions(find_recipients=False, wishes=Wishes(f"mm: {words}"))
        made = series(tree, options, CHANGES[:1])
        tree.git("commit", "-q", "--allow-empty", "-m", made.patches[0].message.subject)
        name = tree.git("format-patch", "-1", "-o", "../names").decode().strip().rsplit("/", 1)[1]
        assert list(render_series(made))[1] == name


def test_names_numbers_and_thread(tree: Sandbox) -> None:
    files = render_series(series(tree, SeriesOptions(version=3, in_reply_to="<old@x>")))
    names = list(files)
    assert names[0] == "v3-0000-cover-letter.patch"
    assert names[1] == "v3-0001-drivers-use-bits-for-the-flags-of-a-descriptor.patch"
    letter, *patches = files.values()
    letter_id = re.search(rb"^Message-Id: <(.*)>$", letter, re.M)
    assert letter_id is not None
    assert b"\nIn-Reply-To: <old@x>\nReferences: <old@x>\n" in letter
    assert b"\nSubject: [PATCH v3 0/4] treewide: use bits for the flags of a descriptor\n" in letter
    ids = set()
    for number, mail in enumerate(patches, 1):
        assert b"\nIn-Reply-To: <%b>\n" % letter_id[1] in mail
        assert b"\nReferences: <old@x>\n\t<%b>\n" % letter_id[1] in mail
        assert b"\nSubject: [PATCH v3 %d/4] " % number in mail
        ids.add(re.search(rb"^Message-Id: <(.*)>$", mail, re.M)[1])  # type: ignore[index]
    assert len(ids) == 4 and letter_id[1] not in ids


def test_recipients_of_patches_and_letter(tree: Sandbox) -> None:
    files = render_series(series(tree, SeriesOptions()))
    by_name = {name.split("-", 1)[1]: mail for name, mail in files.items()}
    mm = by_name["mm-use-bits-for-the-flags-of-a-descriptor.patch"]
    assert b"\nTo: =?utf-8?q?Mia_Mem=C3=B6ry?= <mia@mm.org>\nCc: linux-mm@kvack.org\n\n" in mm
    foo = by_name["foo-use-bits-for-the-flags-of-a-descriptor.patch"]
    assert b"\nCc: Fred Foo <fred@foo.org>\n\n" in foo and b"\nTo: " not in foo
    letter = by_name["cover-letter.patch"]
    assert b"Cc: Fred Foo <fred@foo.org>,\n    linux-mm@kvack.org\n" in letter
    silent = render_series(series(tree, SeriesOptions(find_recipients=False)))
    assert not any(re.search(rb"^(To|Cc): ", mail, re.M) for mail in silent.values())


def test_the_letter_says_what_the_facts_say(tree: Sandbox) -> None:
    letter = next(iter(render_series(series(tree, SeriesOptions())).values())).decode()
    for words in (
        "There are too few in a word.",
        "  4 uses converted\n  1 uses left to a person",
        "1 place is left to a person:\n\n  mm/a.c:7 in f()\n    stands in a macro's body",
        "How it was checked:\n\n- git am gives the bytes of the conversion in place.",
        "Notes for reviewers:\n\n- No functional change.",
        "- Tool: vmaconv 1\n- Input: vma-desc.cocci\n- Portions affected: all of the diffs\n",
        f"\nbase-commit: {tree.git('rev-parse', 'HEAD').decode().strip()}\n-- \n",
    ):
        assert words in letter
    assert all(len(line) <= 78 for line in letter.splitlines())


def test_many_uses_left_are_counted_by_reason(tree: Sandbox) -> None:
    left = tuple(
        LetterLeft("mm/a.c", n, "f", f"told to f{n}()", f"told to {'ab'[n % 2]}", f"f{n}()")
        for n in range(79)
    )
    left += (LetterLeft("mm/a.c", 80, "f", "in a macro"), LetterLeft("mm/a.c", 81, "f", "odd"))
    made = make_series(
        CHANGES,
        PURPOSE,
        replace(FACTS, left=left),
        look_around(tree.path, SeriesOptions()),
        SeriesOptions(),
    )
    body = made.batches[0].cover_body
    assert (
        "81 places are left to a person:\n\n"
        "  40  told to a: f0(), f2(), f4(), f6(), 36 more\n"
        "  39  told to b: f1(), f3(), f5(), f7(), 35 more\n"
        "   1  in a macro\n"
        "   1  odd\n"
    ) in body


def test_batches_stand_alone_and_say_so(tree: Sandbox) -> None:
    made = series(tree, SeriesOptions(most_patches=2, split=Split.FILE))
    files = render_series(made)
    assert [len(batch.patches) for batch in made.batches] == [2, 2, 2]
    assert sorted({name.split("/")[0] for name in files}) == ["batch-1", "batch-2", "batch-3"]
    letter = files["batch-2/0000-cover-letter.patch"].replace(b"\n ", b" ")
    assert b"[PATCH 0/2] " in letter and b"(batch 2 of 3)" in letter
    assert b"This is batch 2 of 3, 6 patches in all." in letter
    ids = [re.search(rb"Message-Id: (.*)", mail)[1] for mail in files.values()]  # type: ignore[index]
    assert len(set(ids)) == len(ids) == 9


def test_the_same_input_gives_the_same_bytes(tree: Sandbox) -> None:
    one = render_series(series(tree, SeriesOptions()))
    two = render_series(series(tree, SeriesOptions(), list(reversed(CHANGES))))
    assert list(one.items()) == list(two.items())


def test_equal_subjects_are_told_apart(tree: Sandbox) -> None:
    made = series(tree, SeriesOptions(split=Split.FILE))
    subjects = [patch.message.subject for patch in made.patches]
    assert "drivers: use bits for the flags of a descriptor in one.c" in subjects
    assert len(set(subjects)) == len(subjects)


def test_history_gives_the_prefix(tree: Sandbox) -> None:
    for number in range(3):
        tree.commit({"x": b"%d" % number, "fs/foo/x.c": b"%d" % number}, f"FooFS: Do {number}")
    tree.commit({"fs/foo/x.c": text("old")}, "FooFS: Back")
    subjects = [patch.message.subject for patch in series(tree, SeriesOptions()).patches]
    assert "FooFS: Use bits for the flags of a descriptor" in subjects


def test_a_tree_without_git_or_maintainers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    bare = Sandbox(tmp_path / "bare")
    bare.write({change.path: change.before for change in CHANGES})
    made = series(bare, SeriesOptions())
    missing = " ".join(made.surroundings.missing)
    assert "not a git repository" in missing and "MAINTAINERS cannot be read" in missing
    files = render_series(made)
    assert not any(b"base-commit" in mail for mail in files.values())
    for name, mail in files.items():
        if "cover" not in name:
            subprocess.run(["git", "apply"], cwd=bare.path, input=decoded(mail), check=True)
    assert after(bare)
    with pytest.raises(GitFailed, match="not a git tree"):
        make_branches(made, "x")


def decoded(mail: bytes) -> bytes:
    """Give a patch's body as git am sees it."""
    from email import message_from_bytes

    body = message_from_bytes(mail).get_payload(decode=True)
    assert isinstance(body, bytes)
    return body


def test_no_identity(tmp_path: Path) -> None:
    with pytest.raises(NoIdentity):
        look_around(tmp_path, SeriesOptions())


def test_nothing_to_do(tree: Sandbox) -> None:
    made = series(tree, SeriesOptions(), [])
    assert made.batches == () and render_series(made) == {}


def test_patches_one_a_file(tree: Sandbox, tmp_path: Path) -> None:
    def make(around: SeriesSurroundings, options: SeriesOptions) -> Series:
        return make_series(CHANGES, PURPOSE, FACTS, around, options)

    written = write_patches(tree.path, make, tmp_path / "out", signoff=True)
    assert len(written) == len(CHANGES) and all(path.is_file() for path in written)
    base = tree.git("rev-parse", "HEAD").decode().strip()
    for path in written:
        mail = path.read_bytes()
        assert b"\nSubject: [PATCH] " in mail and b"Message-Id" not in mail
        assert mail.count(b"\nSigned-off-by: ") == 1
        assert f"base-commit: {base}".encode() in decoded(mail)
        tree.git("am", "-q", str(path))
    assert after(tree)


# Branches


def test_a_branch_has_the_series_and_touches_nothing_else(tree: Sandbox) -> None:
    tree.write({"mm/a.c": b"work that is not committed\n", "new.c": b"x\n"})
    tree.git("add", "new.c")
    tree.write({"mm/a.c": text("old")})
    before = (tree.git("status", "--porcelain"), tree.git("rev-parse", "HEAD"), index(tree))
    made = series(tree, SeriesOptions(sign_off=True))
    (branch,) = make_branches(made, "b4/bits")
    assert (tree.git("status", "--porcelain"), tree.git("rev-parse", "HEAD"), index(tree)) == before
    assert branch.base == before[1].decode().strip()
    subjects = tree.git("log", "--reverse", "--format=%s", "main..b4/bits").decode().splitlines()
    assert subjects == [made.batches[0].cover_subject] + [p.message.subject for p in made.patches]
    for change in CHANGES:
        assert tree.git("show", f"b4/bits:{change.path}") == change.after
    assert tree.git("diff", "--stat", branch.base, branch.cover) == b""
    assert tree.git("log", "-1", "--format=%ad", "b4/bits") == b"Tue Nov 14 23:13:20 2023 +0100\n"


def index(tree: Sandbox) -> bytes:
    return (tree.path / ".git/index").read_bytes()


def test_the_letter_is_where_b4_looks_for_it(tree: Sandbox) -> None:
    (branch,) = make_branches(
        series(tree, SeriesOptions(version=2, subject_prefix="RFC PATCH")), "b4/bits"
    )
    found = tree.git("log", "--grep", "--- b4-submit-tracking ---", "-F", "--format=%H", "b4/bits")
    assert found.decode().split() == [branch.cover]
    words = tree.git("show", "-s", "--format=%B", branch.cover).decode()
    letter, block = words.split("--- b4-submit-tracking ---")
    tracking = json.loads("{" + block.split("{", 1)[1])["series"]
    assert tracking["revision"] == 2 and tracking["prefixes"] == ["RFC"]
    assert re.fullmatch(r"20231114-bits-[0-9a-f]{12}", tracking["change-id"])
    assert letter.startswith("treewide: use bits for the flags of a descriptor\n\nThere are")
    assert "\nTo: Mia Memöry <mia@mm.org>\nCc: Fred Foo <fred@foo.org>\n" in letter
    assert tree.git("config", "branch.b4/bits.b4-prep-cover-strategy") == b"commit\n"


def test_batches_are_branches(tree: Sandbox) -> None:
    branches = make_branches(series(tree, SeriesOptions(most_patches=2)), "w")
    assert [branch.name for branch in branches] == ["w-1", "w-2"]
    assert {tree.git("merge-base", "main", one.name) for one in branches} == {
        tree.git("rev-parse", "main")
    }


def test_names_that_are_taken_or_bad(tree: Sandbox) -> None:
    made = series(tree, SeriesOptions())
    for bad in ("a b", "-x", "x..y", ""):
        with pytest.raises(BadBranchName):
            make_branches(made, bad)
    with pytest.raises(BranchExists):
        make_branches(made, "main")
    batches = series(tree, SeriesOptions(most_patches=2))
    tree.git("branch", "w-2")
    with pytest.raises(BranchExists):
        make_branches(batches, "w")
    assert tree.git("branch", "--format=%(refname:short)").split() == [b"main", b"w-2"]


def test_uncommitted_work_never_slips_into_a_branch(tree: Sandbox) -> None:
    changes = [replace(CHANGES[0], before=b"mine\n", after=b"mine, converted\n"), *CHANGES[1:]]
    with pytest.raises(TreeChanged) as caught:
        make_branches(series(tree, SeriesOptions(), changes), "w")
    assert caught.value.place == "mm/a.c"
    assert tree.git("branch", "--format=%(refname:short)") == b"main\n"


def test_a_tree_below_the_top_of_a_repository(box: Sandbox) -> None:
    files = {f"linux/{change.path}": change.before for change in CHANGES}
    box.commit({**files, "linux/MAINTAINERS": MAINTAINERS})
    below = Sandbox(box.path / "linux")
    (branch,) = make_branches(series(below, SeriesOptions()), "w")
    assert box.git("show", "w:linux/mm/a.c") == CHANGES[0].after
    assert box.git("diff", "--stat", "main", "w").count(b"|") == len(CHANGES)
    assert len(branch.commits) == 4


# The next version


def test_range_diff_against_the_directory_of_v1(tree: Sandbox, tmp_path: Path) -> None:
    first = series(tree, SeriesOptions())
    write_series(tmp_path / "v1", render_series(first))
    changed = [replace(CHANGES[0], after=text("newer")), *CHANGES[1:]]
    second = series(tree, SeriesOptions(version=2), changed)
    objects = tree.git("count-objects")
    found = range_diff(second, tmp_path / "v1")
    assert found.missing == ""
    assert tree.git("count-objects") == objects
    rows = [line.split()[2] for line in found.text.splitlines() if re.match(r"\d+: ", line)]
    assert sorted(rows) == ["!", "=", "=", "="]
    assert "-+\tuse(new);" in found.text and "++\tuse(newer);" in found.text
    letter = next(iter(render_series(second, range_diff=found.text).values()))
    assert b"\n\nRange-diff against v1:\n1:  " in letter
    tree.git("am", "-q", feed=list(render_series(second, range_diff=found.text).values())[-1])


def test_why_there_is_no_range_diff(tree: Sandbox, tmp_path: Path) -> None:
    made = series(tree, SeriesOptions(version=2))
    assert "holds no patches" in range_diff(made, tmp_path / "none").missing
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/0001-x.patch").write_bytes(b"not a mail\n")
    assert "no range-diff" in range_diff(made, tmp_path / "v1").missing
    mail = list(render_series(made).values())[1].replace(b"use(old)", b"use(other)")
    (tmp_path / "v1/0001-x.patch").write_bytes(mail)
    assert "git apply" in range_diff(made, tmp_path / "v1").missing


def test_wishes_reach_every_patch(tree: Sandbox) -> None:
    made = series(tree, SeriesOptions(wishes=Wishes("say so", "Because I say so.")))
    assert {patch.message.body for patch in made.patches} == {"Because I say so."}
    assert all(": say so" in patch.message.subject for patch in made.patches)
