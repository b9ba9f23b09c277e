# SPDX-License-Identifier: GPL-2.0-only
"""Masks over what a C grammar does not know of the kernel's C, length for length."""
