# SPDX-License-Identifier: GPL-2.0-only
"""C types: declarations, scopes, and the types of expressions."""
