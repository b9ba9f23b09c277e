# SPDX-License-Identifier: GPL-2.0-only
"""Matching: from a pattern and a top-level item to matches."""
