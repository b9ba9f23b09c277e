# SPDX-License-Identifier: GPL-2.0-only
"""Groups of edits, in an order in which the tree compiles after each."""
