# SPDX-License-Identifier: GPL-2.0-only
"""Who a patch goes to."""
