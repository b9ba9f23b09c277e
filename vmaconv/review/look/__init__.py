# SPDX-License-Identifier: GPL-2.0-only
"""Code as coloured runs in which nothing hides."""
