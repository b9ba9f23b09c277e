# SPDX-License-Identifier: GPL-2.0-only
"""What C code does, as terms and effects."""
