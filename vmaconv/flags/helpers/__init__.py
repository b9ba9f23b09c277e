# SPDX-License-Identifier: GPL-2.0-only
"""Which flag helpers a tree has, and giving it those that it lacks."""
