# SPDX-License-Identifier: GPL-2.0-only
"""Hooks that people have converted, converted again: how near `vmaconv hooks` comes to what they wrote.

usage: python bench/hook_practice.py --old TREE --new TREE [--work DIR] [-v]

OLD is a tree of before (v6.12), NEW one of after (v6.19 or any 7.x). A copy of NEW (hard links, so on
one file system) gets OLD's functions and initialisers back where a file has a `.mmap_prepare` that
was a `.mmap` in OLD; then its hooks are converted, and the functions compared token by token. Only
files whose path's sha1 ends in an even hex digit are taken: the others are kept for an exam, and are
not opened.

A function counts as the same, as the same but for a `file` local or a `const`, as drifted (what
differs is nothing that the conversion made: NEW's text names what OLD's does not, or lacks a
statement of OLD's), as different, or as left, with the reason.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import function_name
from vmaconv.hooks.hook_conversion import HookRun, convert_hooks
from vmaconv.hooks.hook_recipe import read_hook_recipe
from vmaconv.library import rules_folder

BAR = 0.8
"""The share that must be the same, or the same but for a `file` local or a `const`."""

_FOPS = re.compile(rb"struct\s+file_operations\s+(?:__\w+\s+)?(\w+)\s*=\s*\{(.*?)\n\}", re.DOTALL)
_NEW = re.compile(rb"\.mmap_prepare\s*=\s*(\w+)")
_OLD = re.compile(rb"\.mmap\s*=\s*(\w+)")
_CORE = re.compile(rb"generic_|shmem_zero_setup|vfs_|mmap_action_")
_OPERATIONS = re.compile(
    rb"^(?:static )?(?:const )?struct vm_operations_struct (\w+) = \{.*?^\};", re.DOTALL | re.M
)


def is_practice(path: str) -> bool:
    """Whether a file may be looked at here."""
    return int(hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest()[-1], 16) % 2 == 0


@dataclass
class Laid:
    """One file: its text in OLD and NEW, and with the old hooks back."""

    path: str
    old: bytes
    new: bytes
    text: bytes


@dataclass
class Practice:
    """What was laid back: `files`; each new `handlers`' name with the old one and the file of its
    struct; the new name of each function with its old one and file."""

    files: dict[str, Laid] = field(default_factory=dict)
    handlers: dict[bytes, tuple[bytes, str]] = field(default_factory=dict)
    functions: dict[bytes, tuple[bytes, str]] = field(default_factory=dict)


def functions_of(text: bytes) -> dict[bytes, list[Node]]:
    """Return the functions that a file defines, each by its name, in all arms of conditionals."""
    found: dict[bytes, list[Node]] = {}
    for chunk in Unit("x.c", text).chunks:
        if b"vm_area_" not in text[chunk.start : chunk.end]:
            continue
        for item in chunk.items():
            leaf = function_name(item) if item.kind == "function_definition" else None
            if leaf is not None and leaf.text is not None:
                found.setdefault(leaf.text, []).append(item)
    return found


def handlers_of(new: bytes, old: bytes) -> dict[bytes, bytes]:
    """Return each new handler of a file's structs with the old one of the struct of that name."""
    before = {name: _OLD.search(body) for name, body in _FOPS.findall(old)}
    found: dict[bytes, bytes] = {}
    for name, body in _FOPS.findall(new):
        now, was = _NEW.search(body), before.get(name)
        if now is not None and was is not None:
            found[now[1]] = was[1]
    return found


def old_name(name: bytes) -> bytes:
    """Return what a helper that takes a descriptor was called before."""
    return name.replace(b"mmap_prepare", b"mmap").removesuffix(b"_prepare")


def lay_back(old: Path, new: Path) -> Practice:
    """Lay OLD's hooks, and the helpers that took a VMA, back into NEW's texts."""
    made = Practice()
    for path in listed(new, r"\.mmap_prepare\s*=", "*.c"):
        if (old / path).is_file():
            both = (old / path).read_bytes(), (new / path).read_bytes()
            found = handlers_of(both[1], both[0])
            if found:
                made.files[path] = Laid(path, *both, both[1])
                made.handlers |= {name: (was, path) for name, was in found.items()}
    beside = {p.rpartition("/")[0] for p in made.files}
    for path in listed(new, r"struct vm_area_desc \*", "*.c"):
        if path.rpartition("/")[0] in beside and path not in made.files and (old / path).is_file():
            both = (old / path).read_bytes(), (new / path).read_bytes()
            made.files[path] = Laid(path, *both, both[1])
    for laid in made.files.values():
        _lay_file(made, laid)
    made.handlers = {
        name: was
        for name, was in made.handlers.items()
        if name in made.functions or _CORE.match(name)
    }
    _rename(made, new)
    return made


def _lay_file(made: Practice, laid: Laid) -> None:
    before = functions_of(laid.old)
    for name, functions in functions_of(laid.new).items():
        heads = [laid.new[f.start : f.children[-1].start] for f in functions]
        was = made.handlers.get(name, (old_name(name), ""))[0]
        takes = all(re.search(rb"struct vm_area_desc\s*\*", head) for head in heads)
        if takes and len(before.get(was, [])) == len(functions) and not _CORE.match(name):
            made.functions[name] = was, laid.path
            for index in range(len(functions)):
                now, then = functions_of(laid.text)[name][0], before[was][index]
                if name == was:
                    now = functions_of(laid.text)[name][index]
                body = laid.old[then.start : then.end]
                laid.text = laid.text[: now.start] + body + laid.text[now.end :]
    laid.text = _with_operations(laid.text, laid.old)


def _rename(made: Practice, new: Path) -> None:
    """Give all that stands outside of bodies its old name, in headers, too."""
    names = {n: was for n, (was, _) in {**made.handlers, **made.functions}.items() if n != was}
    if not names:
        return
    words = rb"\b(" + b"|".join(map(re.escape, names)) + rb")\b"
    takes = re.compile(words + rb"\(struct vm_area_desc \*(?:\w*)\)")
    for path in listed(new, "|".join(n.decode() for n in names), "*.h"):
        if path.startswith("include/linux/"):
            continue
        text = (new / path).read_bytes()
        made.files[path] = Laid(path, text, text, text)
    for laid in made.files.values():
        text = takes.sub(rb"\1(struct file *file, struct vm_area_struct *vma)", laid.text)
        for name, was in names.items():
            value = rb"\.mmap_prepare(\s*=\s*)" + name + rb"\b"
            text = re.sub(value, lambda m, w=was: b".mmap" + m[1] + w, text)
        text = re.sub(words, lambda m: names[m[1]], text)
        laid.text = re.sub(rb"(#define\s+\w+_mmap\s+\w+_mmap)_prepare\b", rb"\1", text)


def _with_operations(text: bytes, old: bytes) -> bytes:
    """Give VMAs their old operations back, with the functions that only these name."""
    before = {match[1]: match for match in _OPERATIONS.finditer(old)}
    known = functions_of(old)
    for match in reversed(list(_OPERATIONS.finditer(text))):
        was = before.get(match[1])
        if was is None or b"mapped" not in match[0]:
            continue
        names = [n for n in re.findall(rb"=\s*(\w+)", was[0]) if n not in text and n in known]
        bodies = b"".join(old[known[n][0].start : known[n][0].end] + b"\n\n" for n in names)
        text = text[: match.start()] + bodies + was[0] + text[match.end() :]
    return text


def copy_of(new: Path, to: Path) -> None:
    """Copy a tree by hard links: files are replaced there, never written to."""
    subprocess.run(["cp", "-al", f"{new}/.", str(to)], check=True)


def listed(new: Path, pattern: str, suffix: str) -> list[str]:
    """Return the files of NEW that have a pattern and may be looked at."""
    command = ["git", "grep", "--no-index", "-lwE" if "|" in pattern else "-lE", pattern, "--"]
    found = subprocess.run(
        [*command, suffix, ":(exclude)tools"], cwd=new, capture_output=True, text=True, check=False
    )
    return [path for path in found.stdout.split() if is_practice(path)]


# Comparing.


def tokens_of(text: bytes, name: bytes) -> list[str]:
    """Return the tokens of a function."""
    found = functions_of(text).get(name, [])
    return [t.decode() for function in found for t in function.tokens()]


def without_local(tokens: list[str]) -> list[str]:
    """Return a function's tokens with its `file` local written out, and without `const`."""
    text = " ".join(t for t in tokens if t != "const")
    match = re.search(r"struct file \* (\w+) = (\w+) -> file ;", text)
    if match is not None:
        text = text.replace(match[0], "", 1)
        text = re.sub(rf"(?<!-> )\b{match[1]}\b", f"{match[2]} -> file", text)
    return text.split()


def drifted(theirs: list[str], ours: list[str], old: list[str]) -> bool:
    """Whether all that differs is what NEW has changed besides."""
    words = set(old)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, theirs, ours, False).get_opcodes():
        if tag == "equal":
            continue
        own = [t for t in theirs[a:b] if re.match(r"[A-Za-z_]", t)]
        made = [t for t in ours[c:d] if re.match(r"[A-Za-z_]", t)]
        brings = any(t not in words and _legacy(t) not in words and not _is_api(t) for t in own)
        known = all(t in words or _legacy(t) in words or _is_api(t) for t in made)
        loses = bool(made) and not own and known
        if not brings and not loses:
            return False
    return True


def _legacy(word: str) -> str:
    match = re.fullmatch(r"VMA_(\w+)_BIT", word)
    return f"VM_{match[1]}" if match is not None else word


def _is_api(word: str) -> bool:
    return (
        re.match(r"vma_|mmap_action|desc$|pgoff$|page_prot$|start$|end$|mm$|file$", word)
        is not None
    )


def compare(made: Practice, run: HookRun) -> Iterator[tuple[str, str, str, str]]:
    """Yield what came of each handler: the outcome, its file and new name, what to look at."""
    final = run.final()
    hooks = {(h.site.path, h.site.handler): h for h in run.hooks}
    for name, (was, path) in made.handlers.items():
        hook = hooks.get((path, was.decode()))
        if hook is None or hook.outcome != "converted":
            yield (
                "left",
                path,
                name.decode(),
                str(hook.reason) if hook is not None else "not listed",
            )
        elif name in made.functions:
            laid = made.files[made.functions[name][1]]
            outcome, what = _compared(name, was, final[laid.path][1], laid)
            yield outcome, laid.path, name.decode(), what
        else:
            after = final[path][1]
            same = re.search(rb"\.mmap_prepare\s*=\s*" + name + rb"\b", after) is not None
            yield "same" if same else "different", path, name.decode(), "an initialiser"


def _compared(name: bytes, was: bytes, after: bytes, laid: Laid) -> tuple[str, str]:
    theirs, ours = tokens_of(laid.new, name), tokens_of(after, name)
    shown = "\n".join(difflib.unified_diff(theirs, ours, "theirs", "ours", n=2, lineterm=""))
    if ours == theirs:
        return "same", ""
    if without_local(ours) == without_local(theirs):
        return "near", shown
    if drifted(without_local(theirs), without_local(ours), tokens_of(laid.old, was)):
        return "drifted", shown
    return "different", shown


def main() -> int:
    """Run the practice and return 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--old", type=Path, required=True, metavar="TREE", help="tree of before")
    parser.add_argument("--new", type=Path, required=True, metavar="TREE", help="tree of after")
    parser.add_argument("--work", type=Path, help="keep the copy here, and use it if it is there")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what differs")
    options = parser.parse_args()
    for tree in (options.old, options.new):
        if not (tree / "include/linux/mm.h").is_file():
            print(f"skipped: {tree} is no kernel tree; give --old v6.12 and --new v6.19 or 7.x")
            return 0
    sys.setrecursionlimit(10_000)
    if options.work is not None:
        return practise(options.old, options.new, options.work, options.verbose)
    with tempfile.TemporaryDirectory(dir=options.new.parent) as folder:
        return practise(options.old, options.new, Path(folder), options.verbose)


def practise(old: Path, new: Path, work: Path, verbose: bool) -> int:
    """Lay the old hooks back, convert them, print what came of each, and judge the bar."""
    if not (work / "include").is_dir():
        work.mkdir(exist_ok=True)
        copy_of(new, work)
    made = lay_back(old, new)
    for path, laid in made.files.items():
        (work / path).unlink()
        (work / path).write_bytes(laid.text)
    recipe = read_hook_recipe(rules_folder() / "hooks.toml")
    run = convert_hooks(work, recipe, [path for _, path in made.handlers.values()])
    counts: Counter[tuple[bool, str]] = Counter()
    for outcome, path, name, what in compare(made, run):
        own = name.encode() in made.functions
        counts[own, outcome] += 1
        if own or outcome != "same":
            print(f"{outcome:9} {path}: {name}" + (f": {what}" if outcome == "left" else ""))
            if verbose and outcome not in ("left", "same"):
                print(what)
    return _judge(counts)


def _judge(counts: Counter[tuple[bool, str]]) -> int:
    for own, what in ((True, "functions of their own"), (False, "hooks of the core")):
        total = sum(n for (mine, _), n in counts.items() if mine is own)
        said = ", ".join(f"{n} {o}" for (mine, o), n in sorted(counts.items()) if mine is own)
        print(f"{total} hooks with {what}: {said}")
    total = sum(n for (own, _), n in counts.items() if own)
    alike = counts[True, "same"] + counts[True, "near"]
    drifted = counts[True, "drifted"]
    print(f"token for token, or but for a file local or a const: {alike} of {total}")
    # What the newer tree has changed besides cannot be told from the older one.
    good = alike / max(total - drifted, 1)
    print(
        f"{'ok  ' if good >= BAR else 'MISS'} the same without the {drifted} that drifted: "
        f"{good:.0%} (at least {BAR:.0%})"
    )
    return 0 if good >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
