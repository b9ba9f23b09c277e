# SPDX-License-Identifier: GPL-2.0-only
"""The colours of the page, in light and in dark.

In: nothing.  Out: hexadecimal colours by name.  Every text has a contrast of at least 4.5 : 1 to the
grounds that it meets (WCAG 2.2, 1.4.3): `tests/review` names the pairs and computes that.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Name: (light, dark).
COLOURS: Mapping[str, tuple[str, str]] = {
    "ground": ("#ffffff", "#0f1419"),
    "panel": ("#f3f5f7", "#1a2129"),
    "line": ("#c3cad2", "#3a4552"),
    "edge": ("#767f89", "#7f8a96"),
    "text": ("#1b2025", "#e4e9ee"),
    "muted": ("#4e5862", "#a9b4bf"),
    "link": ("#0a4fa3", "#82b8ff"),
    "focus": ("#0a4fa3", "#ffd166"),
    "gone": ("#ffecee", "#351a1e"),
    "gone-word": ("#ffcfd3", "#5c242b"),
    "came": ("#e5f9ea", "#12291a"),
    "came-word": ("#bdeeca", "#1d4a2c"),
    "mark": ("#fff3c4", "#4a3d10"),
    "converted": ("#11602b", "#7ee2a0"),
    "left": ("#7a4100", "#f2b866"),
    "unjudged": ("#6b2f86", "#d9a8f0"),
    "comment": ("#4b545d", "#adb7c1"),
    "string": ("#0b4a75", "#a3d4ff"),
    "number": ("#0b4a75", "#a3d4ff"),
    "keyword": ("#8b0d3f", "#ff9bb0"),
    "type": ("#5b2a9c", "#d3b6ff"),
    "constant": ("#733800", "#ffc27a"),
    "call": ("#17406b", "#9ecbff"),
    "directive": ("#4e4a00", "#d9d36a"),
    "odd": ("#a10000", "#ffb3a8"),
}
