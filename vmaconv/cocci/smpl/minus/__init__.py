# SPDX-License-Identifier: GPL-2.0-only
"""The minus slice of a rule: from its tokens to a pattern."""
