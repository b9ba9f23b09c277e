# SPDX-License-Identifier: GPL-2.0-only
"""The README's picture of the packages is true, and the engine knows nothing of flags.

Each package imports only what stands before it in the picture, so do the engine's rooms, and the
rooms of a package import one another one way.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ROOT / "vmaconv"
PACKAGES = ["cocci", "prove", "flags", "migrate", "series", "review"]
"""The packages that have rooms."""
SEVERAL = {"Member"}
"""Names of classes that stand for two things: a member of a struct that migrates, one in the account."""


def order(first: str, last: str) -> list[str]:
    """Return the names in one of the README's pictures, in their order."""
    text = (ROOT / "README.md").read_text("utf-8")
    picture = text[text.index("## How it is made") :]
    (row,) = (line for line in picture.splitlines() if re.match(rf"\s*{first} ──► .*{last}$", line))
    return re.findall(r"\w+", row)


def modules(folder: Path) -> Iterator[tuple[Path, set[str]]]:
    """Each module below a folder, and the modules that it imports when it runs."""
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        checked = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for inner in ast.walk(node)
        }
        yield (
            path,
            {
                module
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node not in checked
                for module in _named(node)
                if module.startswith("vmaconv.")
            },
        )


def _named(node: ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        inner = CODE.parent / f"{node.module}.{alias.name}".replace(".", "/")
        is_module = inner.with_suffix(".py").is_file() or inner.is_dir()
        yield f"{node.module}.{alias.name}" if is_module else f"{node.module}"


def wrong(names: list[str], folder: Path, depth: int) -> list[str]:
    """Imports of what stands later; `depth` is where in a dotted name the package stands."""
    prefix = ".".join(folder.relative_to(ROOT).parts)
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for number, name in enumerate(names)
        for path, imported in modules(folder / name)
        for module in imported
        if module.startswith(prefix + ".") and module.split(".")[depth] in names[number + 1 :]
    ]


def test_each_package_imports_only_what_stands_before_it() -> None:
    names = order("cocci", "cli")
    assert set(names) == {p.parent.name for p in CODE.glob("*/__init__.py")}
    assert not wrong(names, CODE, 1)


def test_the_rooms_of_the_engine_stand_in_order() -> None:
    names = order("text", "spatch")
    assert set(names) == {p.parent.name for p in (CODE / "cocci").glob("*/__init__.py")}
    assert not wrong(names, CODE / "cocci", 2)


def test_the_engine_knows_nothing_of_flags() -> None:
    outside = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path, imported in modules(CODE / "cocci")
        for module in imported
        if not module.startswith("vmaconv.cocci.")
    ]
    assert not outside
    named = [
        str(path.relative_to(ROOT))
        for path in (CODE / "cocci").rglob("*")
        if path.suffix in (".py", ".iso")
        and re.search(r"\bVM_|VMA_|vm_area|vma_flags|vm_flags", path.read_text("utf-8"))
    ]
    assert not named


def _rooms() -> Iterator[Path]:
    for package in PACKAGES:
        yield CODE / package
    yield from (p for p in (CODE / "cocci").glob("*/") if list(p.glob("*/__init__.py")))


@pytest.mark.parametrize("package", list(_rooms()), ids=lambda p: str(p.relative_to(CODE)))
def test_rooms_import_one_another_one_way(package: Path) -> None:
    prefix = ".".join(package.relative_to(ROOT).parts)

    def room(module: str) -> str:
        rest = module.removeprefix(prefix + ".").split(".")
        return rest[0]

    graph: dict[str, set[str]] = {}
    for path, imported in modules(package):
        own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if own == "__init__":
            continue
        others = {room(m) for m in imported if m.startswith(prefix + ".")}
        graph.setdefault(own, set()).update(others - {own})
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def _twice(names: Iterator[tuple[str, Path]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in names:
        found[name].add(str(path.relative_to(ROOT)))
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def test_the_name_of_a_module_occurs_once() -> None:
    assert not _twice((p.stem, p) for p in CODE.rglob("*.py") if p.stem != "__init__")


def test_the_name_of_a_public_class_means_one_thing() -> None:
    classes = (
        (name, path)
        for path in CODE.rglob("*.py")
        for name in re.findall(r"^ *class ([A-Za-z]\w*)[(:]", path.read_text("utf-8"), re.MULTILINE)
    )
    assert set(_twice(classes)) <= SEVERAL


def test_the_prover_shares_nothing_with_what_converts_but_the_parser() -> None:
    parser = ("text", "shim", "tree", "types", "diff")
    allowed = ("vmaconv.prove.", *(f"vmaconv.cocci.{room}." for room in parser))
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path, imported in modules(CODE / "prove")
        for module in imported
        if not module.startswith(allowed)
    ]
    assert not wrong


def test_each_package_has_a_row() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for first, last in (("cocci", "cli"), ("text", "spatch")):
        assert all(f"| `{name}/` |" in text for name in order(first, last))


def test_the_door_for_programs_loads_no_click() -> None:
    program = "import sys, vmaconv; vmaconv.convert_tree; print('click' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize("command", ["apply", "diff", "recipe_run", "report", "review", "scan"])
def test_a_command_begins_its_search_before_the_engine_is_loaded(command: str) -> None:
    # Half a second passes until all is loaded; git searches meanwhile. What plans a migration for
    # `migrate`, `patches` and `series` is `cli.recipe_run`.
    program = f"import sys, vmaconv.cli.{command}; print('vmaconv.cocci.engine' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_the_process_of_a_script_loads_little() -> None:
    program = (
        f"import sys; sys.path.append({str(ROOT)!r}); import vmaconv.cocci.script.inside.script_host\n"
        "print([m for m in ('typing', 'msgspec', 'dataclasses', 'click') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("command", ["diff", "spatch"])
def test_the_program_loads_no_typing_extensions_and_leaves_it_to_others(command: str) -> None:
    program = (
        f"import sys, vmaconv.cli.{command}; print('typing_extensions' in sys.modules)\n"
        "import typing_extensions; print(typing_extensions.Required)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\ntyping.Required\n", done.stderr


def test_the_door_itself_loads_nothing() -> None:
    program = "import sys, vmaconv; print([m for m in sys.modules if m.startswith('vmaconv.')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


APART = {
    "cocci/rewrite/bodies/braces.py": "one comment, on the line of a head",
    "cocci/rewrite/lines/layout.py": "pieces of one line",
    "cocci/rewrite/spatch_style/spatch_edits.py": "comments behind code, on its line",
    "cocci/script/block_compiler.py": "lines of a script block",
    "cocci/script/ocaml_tokens.py": "lines of a script block",
    "cocci/smpl/header/sections.py": "a rule file",
    "cocci/smpl/isofile.py": "a file of isomorphisms",
    "cocci/smpl/rule_lexer.py": "a rule file",
    "cocci/spatch/file_groups.py": "a list of files",
    "hooks/hook_sites.py": "a count that shares nothing with the parser",
    "uses/text_count.py": "a count that shares nothing with the parser",
}
"""Patterns for comments that are not those of `cocci/text/`, and what they are for."""


def test_comments_in_c_are_spelled_in_one_place() -> None:
    spelled = re.compile(r"/\\\*(?:\.\*|\[\^|\(\?)|(?<!:)//(?:\[\^|\.\*)")
    found = {
        str(path.relative_to(CODE))
        for path in CODE.rglob("*.py")
        if path.parent != CODE / "cocci" / "text" and spelled.search(path.read_text("utf-8"))
    }
    assert found == set(APART)
