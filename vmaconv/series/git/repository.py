# SPDX-License-Identifier: GPL-2.0-only
"""What a series asks of git, and nothing else: the tree, the person, the history.

In: a tree's folder.  Out: values; a tree that git does not know is a `NotGit` with a reason, no
error.  Every call has a timeout, speaks C's English, starts no pager, hook or helper program of
the tree's configuration, and takes no lock, so that reading never disturbs a git that is at work.
Paths are relative to the tree, which may be a folder within a repository.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from vmaconv.series.series_error import GitFailed, GitMissing, NoIdentity

TIMEOUT = 60.0
#: Bytes of arguments in one call; Linux takes 128 KiB in one string and 2 MiB in all.
_ARGUMENT_BYTES = 100_000
_QUIET = ("--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false")
#: Variables by which a surrounding git (a hook, a rebase) would point us elsewhere.
_LEAKS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_EXTERNAL_DIFF",
)
_IDENT = re.compile(r"(?P<name>.*?) ?<(?P<email>[^<>]*)> (?P<when>\d+) (?P<zone>[+-]\d{4})\n?")


@dataclass(frozen=True, slots=True)
class NotGit:
    """The tree is not one that git can answer for; `reason` is for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A tree in a git repository: `top` is its work tree, `prefix` the way from there to `tree`.

    `prefix` is empty, or ends with a slash.
    """

    tree: Path
    top: Path
    prefix: str


class Role(Enum):
    """Which of git's two people is asked for."""

    AUTHOR = "GIT_AUTHOR_IDENT"
    COMMITTER = "GIT_COMMITTER_IDENT"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as git knows them, and the time that git would stamp now."""

    name: str
    email: str
    when: int
    zone: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment that every git call runs in."""
    env = {name: value for name, value in os.environ.items() if name not in _LEAKS}
    env |= {
        "LC_ALL": "C",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_LITERAL_PATHSPECS": "1",
    }
    return env | dict(extra or {})


def run_git(
    folder: Path,
    *arguments: str,
    feed: bytes = b"",
    extra: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> bytes:
    """Run git in a folder and give what it prints.

    Raises `GitMissing` without git, `GitFailed` with git's words where it fails or takes too long.
    """
    command = ["git", *_QUIET, *arguments]
    verb = _verb(arguments)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(extra),
            input=feed,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise GitFailed(f"git {verb} took more than {timeout:g} s", place=str(folder)) from None
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise _cannot_run(folder, error) from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise GitFailed(f"git {verb}: {words}", place=str(folder))
    return done.stdout


def _verb(arguments: Sequence[str]) -> str:
    """Give git's command among its arguments; `-c` takes the next one."""
    pairs = zip(("", *arguments), arguments, strict=False)
    return next((word for last, word in pairs if word[:1] != "-" and last != "-c"), "")


def _cannot_run(folder: Path, error: OSError) -> GitFailed | GitMissing:
    if folder.is_dir():
        return GitMissing("git cannot be run", remedy="install git, or put it on PATH")
    return GitFailed(f"{folder}: {error.strerror}", place=str(folder))


def git_version() -> str:
    """Give git's version, as the last line of its patches has it.

    >>> git_version()[0].isdigit()
    True
    """
    words = run_git(Path("/"), "version").decode().split()
    return words[2] if len(words) > 2 else "unknown"


def find_repository(tree: Path) -> Repository | NotGit:
    """Find the repository that a tree belongs to.

    A tree that merely lies in some other repository's work tree, none of its files tracked there
    (an unpacked tarball in a versioned home folder), is not git's.
    """
    try:
        found = run_git(tree, "rev-parse", "--show-toplevel", "--show-prefix")
    except GitMissing as error:
        return NotGit(error.what)
    except GitFailed as error:
        return NotGit(_plain_reason(error.what))
    top, prefix = os.fsdecode(found).split("\n")[:2]
    if not top:
        return NotGit("the repository has no work tree")
    if prefix and not run_git(tree, "ls-files", "-z", "--", "."):
        return NotGit(f"git tracks none of its files (in {top})")
    return Repository(tree, Path(top), prefix)


def _plain_reason(words: str) -> str:
    if "dubious ownership" in words:
        return "git will not use it: it belongs to another user (see safe.directory)"
    if "must be run in a work tree" in words:
        return "the repository has no work tree"
    if "not a git repository" in words:
        return "not a git repository"
    return words.removeprefix("git rev-parse: ")


def head(repository: Repository) -> str | None:
    """Give the commit that HEAD names, None where there is none yet."""
    try:
        found = run_git(repository.tree, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitFailed:
        return None
    return found.decode().strip() or None


class State(Enum):
    """How a file differs from HEAD."""

    MODIFIED = "modified"
    UNTRACKED = "untracked"
    IGNORED = "ignored"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """A file whose content git could not bring back."""

    path: str
    state: State


def uncommitted(repository: Repository, paths: Sequence[str]) -> tuple[Uncommitted, ...]:
    """Give those of the paths that git's HEAD does not hold as they are, in path order.

    Staged and unstaged changes count, and so do files that git does not track.
    """
    found: dict[str, Uncommitted] = {}
    for some in _batches(paths):
        out = run_git(
            repository.tree,
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--ignored=matching",
            "--",
            *some,
        )
        for entry in os.fsdecode(out).split("\0"):
            if entry:
                path = entry[3:].removeprefix(repository.prefix)
                found[path] = Uncommitted(path, _state(entry[:2]))
    return tuple(found[path] for path in sorted(found))


def _state(letters: str) -> State:
    if letters == "??":
        return State.UNTRACKED
    if letters == "!!":
        return State.IGNORED
    if "U" in letters or letters in ("AA", "DD"):
        return State.UNMERGED
    return State.MODIFIED


def _batches(paths: Sequence[str]) -> Iterator[list[str]]:
    """Split paths into runs that fit a command line."""
    some: list[str] = []
    size = 0
    for path in paths:
        if some and size + len(path) > _ARGUMENT_BYTES:
            yield some
            some, size = [], 0
        some.append(path)
        size += len(os.fsencode(path)) + 1
    if some:
        yield some


def identity(folder: Path, role: Role = Role.AUTHOR) -> Identity:
    """Give the person's name and address as git has them, never as git would guess them.

    Works outside a repository too.  Raises `NoIdentity` where none is configured.
    Fact: `git var` (git-var(1)), `user.useConfigOnly` (git-config(1)).
    """
    # With EMAIL set the person has named an address, which useConfigOnly would not see.
    guess = "false" if os.environ.get("EMAIL") else "true"
    try:
        out = run_git(folder, "-c", f"user.useConfigOnly={guess}", "var", role.value)
    except GitFailed as error:
        raise NoIdentity(
            "git has no name and mail address for you",
            remedy='git config --global user.name "Your Name"; '
            "git config --global user.email you@example.org",
            place=error.what,
        ) from None
    match = _IDENT.fullmatch(out.decode("utf-8", "replace"))
    if not match or not match["name"] or not match["email"]:
        raise NoIdentity("git's name for you is empty", remedy="git config user.name 'Your Name'")
    return Identity(match["name"], match["email"], int(match["when"]), match["zone"])
