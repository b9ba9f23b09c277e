# SPDX-License-Identifier: GPL-2.0-only
"""Values as terms over flag words, and whether two of them are equal."""
