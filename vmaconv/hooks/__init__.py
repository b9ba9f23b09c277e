# SPDX-License-Identifier: GPL-2.0-only
"""Hooks: `.mmap` of a `struct file_operations` becomes `.mmap_prepare`, or the reason why not."""
