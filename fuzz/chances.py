# SPDX-License-Identifier: GPL-2.0-only
"""Picks by chance, for what makes cases.

In: a source of chance, and texts. Out: one of them, or some of them.
"""

from __future__ import annotations

import random


def one(chance: random.Random, *texts: str) -> str:
    """Return one of some texts."""
    return chance.choice(texts)


def some(chance: random.Random, share: float, *texts: str) -> str:
    """Return about this share of some texts, in their order, as one text."""
    return "".join(text for text in texts if chance.random() < share)
