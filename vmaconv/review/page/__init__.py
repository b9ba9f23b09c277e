# SPDX-License-Identifier: GPL-2.0-only
"""The review as a page, and as SARIF."""
