# SPDX-License-Identifier: GPL-2.0-only
"""What is known of a tree: entities, flows, names and operations."""
