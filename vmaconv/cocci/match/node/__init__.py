# SPDX-License-Identifier: GPL-2.0-only
"""Matchers for expressions, lists, literals and preprocessor lines."""
