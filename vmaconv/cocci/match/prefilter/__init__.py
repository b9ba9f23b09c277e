# SPDX-License-Identifier: GPL-2.0-only
"""Prefilters: what a text must contain, or a node must be, for a pattern to match there."""
