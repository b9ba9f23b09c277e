# SPDX-License-Identifier: GPL-2.0-only
"""The page's colours as themes of the full-screen review.

In: the palette.  Out: a light and a dark theme, whose contrasts are known.
"""

from __future__ import annotations

from textual.theme import Theme

from vmaconv.review.look.palette import COLOURS

#: By the number that `palette` and `draw` have for them: light, dark.
THEMES = ("vmaconv-light", "vmaconv-dark")


def theme(number: int) -> Theme:
    """Make the light theme (0) or the dark one (1)."""
    colours = {name: pair[number] for name, pair in COLOURS.items()}
    return Theme(
        THEMES[number],
        primary=colours["link"],
        accent=colours["link"],
        warning=colours["left"],
        error=colours["odd"],
        success=colours["converted"],
        foreground=colours["text"],
        background=colours["ground"],
        surface=colours["ground"],
        panel=colours["panel"],
        dark=bool(number),
    )
