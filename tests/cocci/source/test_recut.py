# SPDX-License-Identifier: GPL-2.0-only
"""The cuts of a changed text, made from those of the old one, are those that its own bytes ask for."""

from __future__ import annotations

from random import Random

from vmaconv.cocci.text.chunks import cut, recut

_PIECES = [
    "int f(void)\n",
    "{\n",
    "}\n",
    "};\n",
    "} x;\n",
    "struct s ",
    "a = b;\n",
    "if (a) ",
    "\n",
    " ",
    "#if A\n",
    "#else\n",
    "#endif\n",
    "#define F(x) { x \\\n",
    '"',
    "'",
    "/*",
    "*/",
    "//",
    "\\",
    "/",
    "= ",
]
_WHOLE = [
    "int f(void)\n{\n\ta = b;\n}\n",
    "struct s {\n\tint a;\n};\n",
    "#if A\nint g(void)\n{\n\tif (a) {\n\t\tb();\n\t}\n}\n#endif\n",
    "int h(void)\n{\n#if A\n\tif (a) {\n#else\n\tif (b) {\n#endif\n\t}\n}\n",
    "/* { */\n",
    "int a;\n",
    "#define M(x) do { x; } while (0)\n",
]


def _changed(random: Random, before: bytes) -> tuple[bytes, list[tuple[int, int, int]]]:
    """Change a text in up to three places, where a cut may depend on it as often as elsewhere."""
    telling = [n for n in range(len(before)) if before[n] in b"{}" or before[n - 1] in b"}\n"]
    starts = random.choices([*range(len(before) + 1), *telling, *telling], k=random.randint(1, 3))
    changes: list[tuple[int, int, int]] = []
    after, at = b"", 0
    for start in sorted(starts):
        if start < at:
            continue
        end = min(start + random.choice([0, 0, 1, 2, 8]), len(before))
        new = "".join(random.choices(_PIECES, k=random.randint(0, 2))).encode()
        changes.append((start, end, len(new)))
        after += before[at:start] + new
        at = end
    return after + before[at:], changes


def test_recut() -> None:
    random, same = Random(20261130), 0
    for _ in range(8_000):
        parts = random.choices(_WHOLE, k=random.randint(1, 4))
        if random.random() < 0.3:
            parts += random.choices(_PIECES, k=3)
            random.shuffle(parts)
        before = "".join(parts).encode()
        after, changes = _changed(random, before)
        made = recut(cut(before), before, after, changes)
        assert made is None or made == cut(after), (before, after)
        same += made is not None
    assert same > 200


def test_is_worth_it() -> None:
    before = b"int a;\nint f(void)\n{\n\tg(1);\n}\nint h(void)\n{\n\tg(1);\n}\nint b;\n"
    at = before.rindex(b"1")
    after = before[:at] + b"2 + 2" + before[at + 1 :]
    assert recut(cut(before), before, after, [(at, at + 1, 5)]) == cut(after)
