# SPDX-License-Identifier: GPL-2.0-only
"""What changes type, and where the change stops."""
