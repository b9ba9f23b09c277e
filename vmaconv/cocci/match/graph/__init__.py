# SPDX-License-Identifier: GPL-2.0-only
"""The control-flow graph of a function, and formulas over its points."""
