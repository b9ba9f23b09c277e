# SPDX-License-Identifier: GPL-2.0-only
"""Where flags are used, and what that place says of them."""
