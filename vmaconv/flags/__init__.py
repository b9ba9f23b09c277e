# SPDX-License-Identifier: GPL-2.0-only
"""What a kernel tree's headers say of VMA flags, and what rules need of it."""
