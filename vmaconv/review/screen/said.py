# SPDX-License-Identifier: GPL-2.0-only
"""What the full-screen review has to say for a moment: rows of their own, above the keys.

In: words and for how long.  Out: nothing; they are on the screen, and take room from the code
rather than cover it or the reasons.
"""

from __future__ import annotations

from textual.widgets import Static

_SECONDS = 4.0


class Said(Static):
    """Shows what was said, the newest last."""

    def __init__(self) -> None:
        super().__init__(id="said", markup=False)
        self._rows: list[str] = []
        self.display = False

    def add(self, words: str, seconds: float | None = None) -> None:
        """Show words for some seconds; the same words again only begin their time anew."""
        if words not in self._rows:
            self._rows.append(words)
        self._draw()
        self.set_timer(seconds or _SECONDS, lambda: self._drop(words))

    def _drop(self, words: str) -> None:
        if words in self._rows:
            self._rows.remove(words)
            self._draw()

    def _draw(self) -> None:
        self.update("\n".join(self._rows))
        self.display = bool(self._rows)
