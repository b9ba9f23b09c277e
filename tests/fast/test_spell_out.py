# SPDX-License-Identifier: GPL-2.0-only
"""What `make fast` writes out for mypyc behaves as the Structs of the sources."""

from __future__ import annotations

import ast
import importlib.util
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).parent.parent.parent

SAMPLE = '''
from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace


class Place(Struct, frozen=True):
    """A place."""

    path: str
    line: int = 1
    """From 1."""

    def moved(self) -> Place:
        return replace(self, line=self.line + 1)


class Basket(Struct):
    held: list[int] = field(default_factory=list)
    by_name: dict[str, int] = {}


class Span(Struct, frozen=True, order=True):
    start: int
    end: int


class Base(Struct, frozen=True, eq=False, kw_only=True):
    free: int = 0


class Derived(Base, frozen=True, eq=False):
    name: str


class Other:
    def spoken(self) -> str:
        return "other"


class Both(Struct, Other, frozen=True):
    rule: str


class Summed(Struct):
    parts: tuple[int, ...]
    total: int = 0

    def __post_init__(self) -> None:
        self.total = sum(self.parts)


class Empty(Struct, frozen=True):
    """Nothing in it."""
'''


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return _load("spell_out", TOP / "fast" / "spell_out.py")


@pytest.fixture(params=["as written", "spelled out"])
def sample(
    request: pytest.FixtureRequest,
    tool: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> ModuleType:
    """The sample's module, before and after."""
    text = SAMPLE
    if request.param == "spelled out":
        # The compiled engine has one of its own, which goes on afterwards.
        spelled = _load("spelled", TOP / "fast" / "spelled.py")
        monkeypatch.setitem(sys.modules, tool.RUNTIME, spelled)
        text = tool.with_own_replace(tool.spelled_out(SAMPLE))
        assert "Struct)" not in text and "Struct," not in text
    path = tmp_path / "sample.py"
    path.write_text(text)
    return _load("sample", path)


def test_fields_defaults_and_words(sample: ModuleType) -> None:
    place = sample.Place("a.c")
    assert (place.path, place.line) == ("a.c", 1)
    assert sample.Place(path="a.c", line=4).line == 4
    assert sample.Derived("x", free=2).free == 2
    with pytest.raises(TypeError):
        sample.Derived("x", 2)
    with pytest.raises(TypeError):
        sample.Place()


def test_equal_fields_make_equal_values(sample: ModuleType) -> None:
    one, two = sample.Place("a.c", 2), sample.Place("a.c", 2)
    assert one == two and hash(one) == hash(two)
    assert one != sample.Place("a.c", 3)
    assert one != ("a.c", 2)


def test_each_has_containers_of_its_own(sample: ModuleType) -> None:
    one, two = sample.Basket(), sample.Basket()
    one.held.append(1)
    one.by_name["a"] = 1
    assert two.held == [] and two.by_name == {} and one != two
    given: list[int] = []
    assert sample.Basket(given).held is given
    with pytest.raises(TypeError):
        hash(one)


def test_they_are_shown_alike(sample: ModuleType) -> None:
    assert repr(sample.Place("a.c", 2)) == "Place(path='a.c', line=2)"
    assert repr(sample.Empty()) == "Empty()"


def test_order_goes_by_fields(sample: ModuleType) -> None:
    spans = [sample.Span(2, 1), sample.Span(1, 9), sample.Span(1, 3)]
    assert [(s.start, s.end) for s in sorted(spans)] == [(1, 3), (1, 9), (2, 1)]
    assert spans[1] > spans[2] and spans[2] <= spans[2] and spans[2] >= spans[2]


def test_without_eq_each_is_itself(sample: ModuleType) -> None:
    one = sample.Derived("x")
    assert one == one and one != sample.Derived("x")
    assert {one: 1}[one] == 1


def test_replacing_and_fields_and_pickles_go_on(sample: ModuleType) -> None:
    assert set(sample.Derived("x").__struct_fields__) == {"name", "free"}
    assert sample.Place("a.c").moved() == sample.Place("a.c", 2)
    assert pickle.loads(pickle.dumps(sample.Place("a.c", 7))) == sample.Place("a.c", 7)


def test_other_bases_stay(sample: ModuleType) -> None:
    assert sample.Both("r").spoken() == "other" and sample.Both("r") == sample.Both("r")


def test_what_follows_a_constructor_still_does(sample: ModuleType) -> None:
    assert sample.Summed((1, 2)).total == 3


def test_lines_that_are_no_struct_stay(tool: ModuleType) -> None:
    text = "class Node:\n    kind: str = ''  # no Struct\n"
    assert tool.spelled_out(text) == text


def test_what_is_not_known_is_refused(tool: ModuleType) -> None:
    with pytest.raises(tool.NotSpelled, match="name="):
        tool.spelled_out('class A(Struct):\n    x: int = field(name="y")\n')
    with pytest.raises(tool.NotSpelled, match="factory"):
        tool.spelled_out(
            "class A(Struct):\n    x: list[int] | None = field(default_factory=list)\n"
        )


def test_all_that_is_compiled_can_be_spelled_out(tool: ModuleType) -> None:
    files = tool.compiled_files(TOP)
    assert len(files) > 100
    for path in files:
        tree = ast.parse(tool.with_final_constants(tool.spelled_out(path.read_text())))
        bases = {
            ast.unparse(b) for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for b in n.bases
        }
        assert "Struct" not in bases, path


CONSTANTS = '''"""Constants."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")
NAME = "x"
_PAIRS: dict[str, int] = {
    "a": 1,
}
LATER: int
COUNT = 1
COUNT += 1
Alias = dict[str, int]
'''


def test_constants_become_final(tool: ModuleType) -> None:
    text = tool.with_final_constants(CONSTANTS)
    assert 'NAME: Final_ = "x"\n_PAIRS: Final_[dict[str, int]] = {\n' in text
    assert text.count("Final_") == 3
    assert text.index("__future__") < text.index("import Final as Final_") < text.index("T = ")
    made: dict[str, object] = {}
    exec(text, made)
    assert (made["NAME"], made["_PAIRS"], made["COUNT"]) == ("x", {"a": 1}, 2)


def test_a_module_without_constants_stays(tool: ModuleType) -> None:
    text = "def f() -> int:\n    return 1\n"
    assert tool.with_final_constants(text) == text
