# SPDX-License-Identifier: GPL-2.0-only
"""Bytes of files: finding, reading and writing them, and cutting C into lexical pieces."""
