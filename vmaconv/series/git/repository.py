# SPDX-License-Identifier: GPL-2.0-only
"""What a series asks of git, and nothing else: the tree, the person, the history.

In: a tree's folder.  Out: values; a tree that git does not know is a `NotGit` with a reason, no
error.  Every call has a timeout, speaks C's English, runs nothing of the tree (`git_command`), and
takes no lock, so that reading never disturbs a git that is at work.  Paths are relative to the
tree, which may be a folder within a repository.

A repository is the nearest `.git` above the tree, and its work tree is where that stands, whatever
`core.worktree` or `GIT_DIR` say: a stranger's tree cannot have another folder edited.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.git_command import finish_git, git_environment
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.series.series_error import GitFailed, GitMissing, NoIdentity

TIMEOUT = 60.0
SHA1 = "sha1"
#: Bytes of arguments in one call; Linux takes 128 KiB in one string and 2 MiB in all.
_ARGUMENT_BYTES = 100_000
_IDENT = late_regex(r"(?P<name>.*?) ?<(?P<email>[^<>]*)> (?P<when>\d+) (?P<zone>[+-]\d{4})\n?")


class NotGit(Struct, frozen=True):
    """The tree is not one that git can answer for; `reason` is for a person."""

    reason: str
    refused: bool = False
    """Whether there is a repository, of which git has nothing to say for this reason."""


class Repository(Struct, frozen=True):
    """A tree in a git repository: `top` is its work tree, `prefix` the way from there to `tree`.

    `prefix` is empty, or ends with a slash; `git_dir` is where git keeps what it knows.
    """

    tree: Path
    top: Path
    prefix: str
    git_dir: Path

    def variables(self) -> dict[str, str]:
        """Return the variables that have git use this repository, and nothing else."""
        return {"GIT_DIR": str(self.git_dir), "GIT_WORK_TREE": str(self.top)}


class GitPerson(Enum):
    """Which of git's two people is asked for."""

    AUTHOR = "GIT_AUTHOR_IDENT"
    COMMITTER = "GIT_COMMITTER_IDENT"


class Identity(Struct, frozen=True):
    """A person as git knows them, and the time that git would stamp now."""

    name: str
    email: str
    when: int
    zone: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def run_git(
    where: Path | Repository,
    *arguments: str,
    feed: bytes = b"",
    extra: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
    at_top: bool = False,
) -> bytes:
    """Run git in a folder, or for a repository in its tree or `at_top`, and give what it prints.

    `extra` goes over the environment.  Raises `GitMissing` without git, `GitFailed` with git's
    words where it fails or takes too long.
    """
    folder, variables = where, dict(extra or {})
    if isinstance(where, Repository):
        folder = where.top if at_top else where.tree
        variables = where.variables() | variables
    assert isinstance(folder, Path)
    verb = _verb(arguments)
    try:
        done = finish_git(
            folder, *arguments, feed=feed, env=git_environment(variables), timeout=timeout
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
    """Return git's command among its arguments; `-c` takes the next one."""
    pairs = zip(("", *arguments), arguments, strict=False)
    return next((word for last, word in pairs if word[:1] != "-" and last != "-c"), "")


def _cannot_run(folder: Path, error: OSError) -> GitFailed | GitMissing:
    if folder.is_dir():
        return GitMissing("git cannot be run", remedy="install git, or put it on PATH")
    return GitFailed(f"{folder}: {error.strerror}", place=str(folder))


def git_version() -> str:
    """Return git's version, as the last line of its patches has it.

    >>> git_version()[0].isdigit()
    True
    """
    words = run_git(Path("/"), "version").decode().split()
    return words[2] if len(words) > 2 else "unknown"


def find_repository(tree: Path) -> Repository | NotGit:
    """Return the repository that a tree belongs to.

    A tree that merely lies in some other repository's work tree, none of its files tracked there
    (an unpacked tarball in a versioned home folder), is not git's.
    """
    if not tree.is_dir():
        return NotGit(f"{tree}: {os.strerror(20 if tree.exists() else 2)}")
    top = _top_of(tree.resolve())
    if top is None:
        try:
            git_version()
        except GitMissing as error:
            return NotGit(error.what)
        return NotGit(
            "the repository has no work tree" if _is_bare(tree) else "not a git repository"
        )
    # Without GIT_DIR git looks whether the repository is the person's own (safe.directory).
    stay = {"GIT_CEILING_DIRECTORIES": str(top.parent)}
    try:
        found = run_git(top, "rev-parse", "--absolute-git-dir", extra=stay)
    except GitMissing as error:
        return NotGit(error.what, refused=True)
    except GitFailed as error:
        return NotGit(_plain_reason(error.what), refused=True)
    prefix = "".join(f"{part}/" for part in tree.resolve().relative_to(top).parts)
    made = Repository(tree, top, prefix, Path(os.fsdecode(found.removesuffix(b"\n"))))
    if prefix and not run_git(made, "ls-files", "-z", "--", "."):
        return NotGit(f"git tracks none of its files (in {top})")
    return made


def _top_of(tree: Path) -> Path | None:
    """Return the nearest folder from `tree` upwards that has a `.git`."""
    return next((folder for folder in (tree, *tree.parents) if (folder / ".git").exists()), None)


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _plain_reason(words: str) -> str:
    if "dubious ownership" in words:
        return "git will not use it: it belongs to another user (see safe.directory)"
    if "must be run in a work tree" in words:
        return "the repository has no work tree"
    if "not a git repository" in words:
        return "not a git repository"
    return words.removeprefix("git rev-parse: ")


def head(repository: Repository) -> str | None:
    """Return the commit that HEAD names, None where there is none yet."""
    try:
        found = run_git(repository, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitFailed:
        return None
    return found.decode().strip() or None


def object_format(repository: Repository) -> str:
    """Return how a repository names its objects: `sha1` or `sha256`."""
    return run_git(repository, "rev-parse", "--show-object-format").decode().strip()


class FileState(Enum):
    """How a file differs from HEAD."""

    MODIFIED = "modified"
    UNTRACKED = "untracked"
    IGNORED = "ignored"
    UNMERGED = "unmerged"


class UncommittedFile(Struct, frozen=True):
    """A file whose content git could not bring back."""

    path: str
    state: FileState


def uncommitted(repository: Repository, paths: Sequence[str]) -> tuple[UncommittedFile, ...]:
    """Return those of the paths that git's HEAD does not hold as they are, in path order.

    The bytes are compared with HEAD's, whatever the index claims about a file (assume-unchanged,
    skip-worktree).  Staged changes count, too, and so do files that git does not track.
    """
    found: list[UncommittedFile] = []
    commit = head(repository)
    for some in _batches(paths):
        held = _held(repository, commit, some) if commit is not None else {}
        staged = _staged(repository, some)
        unknown = [path for path in some if path not in held and path not in staged]
        ignored = _ignored(repository, unknown)
        for path in some:
            state = _state(path, held, staged, ignored, repository.tree)
            if state is not None:
                found.append(UncommittedFile(path, state))
    return tuple(sorted(set(found), key=lambda one: one.path))


def _held(repository: Repository, commit: str, paths: Sequence[str]) -> dict[str, str]:
    """Return the ids of what a commit holds at the paths."""
    out = os.fsdecode(run_git(repository, "ls-tree", "-z", commit, "--", *paths))
    rows = (row.split("\t", 1) for row in out.split("\0") if row)
    return {path: about.split()[2] for about, path in rows}


def _staged(repository: Repository, paths: Sequence[str]) -> dict[str, str]:
    """Return the ids of what the index holds at the paths; an empty one where a merge is open."""
    out = os.fsdecode(run_git(repository, "ls-files", "-s", "-z", "--", *paths))
    rows = (row.split("\t", 1) for row in out.split("\0") if row)
    return {path: ids[1] if (ids := about.split())[2] == "0" else "" for about, path in rows}


def _ignored(repository: Repository, paths: Sequence[str]) -> frozenset[str]:
    if not paths:
        return frozenset()
    flags = ("-o", "-i", "--exclude-standard")
    out = run_git(repository, "ls-files", "-z", *flags, "--", *paths)
    return frozenset(os.fsdecode(out).split("\0"))


def _state(
    path: str,
    held: Mapping[str, str],
    staged: Mapping[str, str],
    ignored: frozenset[str],
    tree: Path,
) -> FileState | None:
    """Return how a file differs from HEAD; None where it does not, or where there is no such file."""
    if staged.get(path) == "":
        return FileState.UNMERGED
    wanted = held.get(path)
    try:
        data = read_file(tree, path)
    except OSError:
        return FileState.MODIFIED if path in held or path in staged else None
    if wanted is None and path not in staged:
        return FileState.IGNORED if path in ignored else FileState.UNTRACKED
    if wanted is None or staged.get(path) != wanted or _blob_id(data, wanted) != wanted:
        return FileState.MODIFIED
    return None


def _blob_id(data: bytes, like: str) -> str:
    """Return git's id of a file's bytes, by the hash that `like` is made with."""
    hashing = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return hashing(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


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


def identity(folder: Path, role: GitPerson = GitPerson.AUTHOR) -> Identity:
    """Return the person's name and address as git has them, never as git would guess them.

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
