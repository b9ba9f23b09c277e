# SPDX-License-Identifier: GPL-2.0-only
"""Isomorphisms: other spellings of a pattern that mean the same."""
