# SPDX-License-Identifier: GPL-2.0-only
"""vmaconv: convert a kernel tree's VMA flags from words to bitmaps, with SmPL rules."""

__version__ = "0.1.0"
