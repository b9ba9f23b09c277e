# SPDX-License-Identifier: GPL-2.0-only
"""Every use of a member, and why one was left: the account."""
