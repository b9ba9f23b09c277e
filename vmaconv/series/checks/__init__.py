# SPDX-License-Identifier: GPL-2.0-only
"""Does each patch build, and what does checkpatch say?"""
