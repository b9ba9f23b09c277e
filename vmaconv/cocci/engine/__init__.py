# SPDX-License-Identifier: GPL-2.0-only
"""Running a rule file over C files: order, inheritance, dependencies."""
