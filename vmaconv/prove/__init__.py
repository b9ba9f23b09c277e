# SPDX-License-Identifier: GPL-2.0-only
"""Whether two texts of a tree behave the same: translation validation of flag conversions."""
