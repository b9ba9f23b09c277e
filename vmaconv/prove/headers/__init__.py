# SPDX-License-Identifier: GPL-2.0-only
"""What a tree's headers say: flags, masks, helpers' bodies, members that share memory."""
