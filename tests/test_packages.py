"""The README's picture of the packages is true: each imports only what stands before it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def order() -> list[str]:
    """The packages in the order of the README's picture, line by line."""
    text = (ROOT / "README.md").read_text("utf-8")
    picture = text[text.index("## How it is made") : text.index("| package | takes")]
    names = re.findall(r"(\w+) ──►", picture)
    return [*dict.fromkeys(names), "cli"]


def imported(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    modules = [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
    return {m.split(".")[1] for m in modules if m.startswith("vmaconv.")}


def test_each_package_imports_only_what_stands_before_it() -> None:
    names = order()
    packages = {p.parent.name for p in (ROOT / "vmaconv").glob("*/__init__.py")}
    assert set(names) == packages
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for number, name in enumerate(names)
        for path in (ROOT / "vmaconv" / name).glob("*.py")
        for other in imported(path) & set(names[number + 1 :])
    ]
    assert not wrong, "\n".join(wrong)


def test_each_package_has_a_row() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert all(f"| `{name}/` |" in text for name in order())
