# SPDX-License-Identifier: GPL-2.0-only
"""Subjects, bodies and what travels together."""
