# SPDX-License-Identifier: GPL-2.0-only
"""One attempt at a match: its state, bindings and constraints."""
