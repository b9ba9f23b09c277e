# SPDX-License-Identifier: GPL-2.0-only
"""Matchers for declarations, types, specifiers and attributes."""
