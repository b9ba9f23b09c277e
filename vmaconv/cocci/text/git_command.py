# SPDX-License-Identifier: GPL-2.0-only
"""The one way to run git: on a tree that may come from a stranger.

In: git's arguments and a folder.  Out: what git printed.  Nothing of the tree is run: its hooks,
file system monitor, filters, pagers, external diffs, signature programs and transports are off,
and an object that it lacks is not fetched.  Nothing that a surrounding git (a hook, a rebase) or a
shell put into `GIT_*` changes the answer.

Filters are switched off by attributes as well as by name, so no overriding helps against them:
who needs files written or hashed takes `--no-filters` or a repository of its own (`GIT_DIR` and
`GIT_OBJECT_DIRECTORY`); who needs a diff of commits takes such a repository, too.

Facts: git(1) ENVIRONMENT VARIABLES, git-config(1), gitattributes(5).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NO_REPOSITORY = f"{os.devnull}/.git"
"""A `GIT_DIR` that can never be one: with it, git takes no configuration from the tree."""

_OFF = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=false",
    "core.askPass=false",
    "core.editor=false",
    "core.gitProxy=",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.untrackedCache=keep",
    "color.ui=false",
    "commit.gpgSign=false",
    "credential.helper=",
    "diff.external=",
    "gc.auto=0",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.mailmap=false",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "sequence.editor=false",
    "submodule.recurse=false",
    "tag.gpgSign=false",
)
"""What a tree's configuration may not say; programs become ones that fail."""

_PERSONAL = frozenset(
    f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE")
) | {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"}
"""The variables that say who the person is, and where their own settings are."""

_OURS = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
}


_WORDS_AT_ONCE = 500
"""How many words go into one expression: PCRE takes 64 KiB of it compiled (pcre2limits(3))."""

_FEW_WORDS = 100
"""Up to so many words, those that are alike are sought at once, one group after the other."""

_ALIKE = 3
_VARIANTS = 2
_LOOKED_AT = 10
"""Words are alike that have, at `_ALIKE` of their first `_LOOKED_AT` places, one letter, or, where nothing
better is found, no more than `_VARIANTS`: for these PCRE's compiled code compares sixteen bytes of the
text at once (fast_forward_char_pair_simd() in pcre2_jit_compile.c), which is five to ten times as fast.
Those with a long common ending are sought by that, and what stands before it is looked at then.
"""


def outer_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a program that must not be led astray by a git around us.

    `GIT_*` is out but for the person's name, address and settings, and so are folders of PATH that
    depend on where one stands: a tree's own `git` or `perl` is never run by its name.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _PERSONAL
    }
    folders = kept.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())
    return kept | {"LC_ALL": "C", "LANGUAGE": "C"} | dict(extra or {})


def git_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment that every git runs in; `extra` goes over it."""
    return outer_environment(_OURS | dict(extra or {}))


def apart_environment() -> dict[str, str]:
    """Return the environment for a git that looks at a folder as one without a repository.

    Neither the tree's settings nor the person's can change what it prints.
    """
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return git_environment({"GIT_DIR": NO_REPOSITORY, **nowhere})


def _program() -> str | None:
    return shutil.which("git", path=outer_environment()["PATH"])


def git_command(*arguments: str) -> list[str]:
    """Return the words of a command line that runs git.

    Raises FileNotFoundError where there is no git on the PATH.

    >>> git_command("version")[-1]
    'version'
    """
    program = _program()
    if program is None:
        raise FileNotFoundError(2, "there is no git on the PATH", "git")
    settings = [word for setting in _OFF for word in ("-c", setting)]
    return [program, "--no-pager", "--no-optional-locks", *settings, *arguments]


def start_git(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start git in a folder, its output and complaints to be read; raises OSError."""
    return subprocess.Popen(
        git_command(*arguments),
        cwd=folder,
        env=git_environment() if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@cache
def _has_pcre(program: str) -> bool:
    """Whether a git was built with PCRE: git(1) prints it nowhere, `grep -P` fails without it."""
    # An absolute path outside of the folder would make git 2.39 abort.
    here = Path(__file__)
    command = [program, "grep", "--no-index", "-q", "-P", "-e", "x", "--", here.name]
    done = subprocess.run(
        command, cwd=here.parent, env=apart_environment(), capture_output=True, check=False
    )
    return done.returncode in (0, 1)


def word_patterns(words: Sequence[str], whole: bool) -> list[str]:
    """Return the arguments that have `git grep` look for words, `whole` ones where it says so.

    Several in one expression: git looks for each expression on its own, which takes a minute for some
    hundred words, and a few seconds this way. A git that was built without PCRE is given the strings.

    >>> word_patterns(["kfree"], True)
    ['-F', '-w', '-e', 'kfree']
    """
    program = _program()
    if not whole:
        words = [w for w in words if not any(o != w and o in w for o in words)]
    if len(words) < 2 or program is None or not _has_pcre(program):
        asked = [part for word in words for part in ("-e", word)]
        return ["-F", *(["-w"] if whole else []), *asked]
    around = r"(?<!\w)(?:%s)(?!\w)" if whole else "%s"
    found = ["-P"]
    for expression in _expressions(words, by_ending=not whole):
        found += ["-e", around % expression]
    return found


def _expressions(words: Sequence[str], by_ending: bool) -> list[str]:
    """Return expressions that are fast to search for, one of which finds a word.

    One `by_ending` begins to match at the ending of a word.

    >>> _expressions(["is_data_mapping", "is_cow_mapping", "def_flags"], True)
    ['_mapping(?<=is_data_mapping|is_cow_mapping)|def_flags']
    """
    if len(words) > _FEW_WORDS:
        starts = range(0, len(words), _WORDS_AT_ONCE)
        return ["|".join(map(re.escape, words[at : at + _WORDS_AT_ONCE])) for at in starts]
    sought: dict[str, str] = {}
    several: list[str] = []
    for family in _groups(words, 1):
        names = "|".join(map(re.escape, family))
        ending = _longest(family, -1)
        if len(family) == 1:
            sought[family[0]] = names
        elif by_ending and len(ending) >= max(_ALIKE, len(_longest(family, 1)) + 1):
            sought[ending] = f"{re.escape(ending)}(?<={names})"
        else:
            several.append(names)
    # What is left alone is sought two at a time.
    alone = ["|".join(sought[one] for one in group) for group in _groups(list(sought), _VARIANTS)]
    return [*several, *alone]


def _longest(words: Sequence[str], step: int) -> str:
    """Return what the words have in common at the beginning, or with step -1 at the end."""
    return os.path.commonprefix([word[::step] for word in words])[::step]


def _groups(words: Sequence[str], variants: int) -> list[list[str]]:
    """Return the words in groups of those that are alike."""
    groups: list[list[str]] = []
    for word in words:
        for group in groups:
            columns = list(zip(*group, word, strict=False))[:_LOOKED_AT]
            if sum(len(set(column)) <= variants for column in columns) >= _ALIKE:
                group.append(word)
                break
        else:
            groups.append([word])
    return groups


def finish_git(
    folder: Path,
    *arguments: str,
    feed: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder to its end; raises OSError and `subprocess.TimeoutExpired`."""
    return subprocess.run(
        git_command(*arguments),
        cwd=folder,
        env=git_environment() if env is None else dict(env),
        input=feed,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
