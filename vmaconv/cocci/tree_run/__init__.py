# SPDX-License-Identifier: GPL-2.0-only
"""Doing something with many files, in processes that may die."""
