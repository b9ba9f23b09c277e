# SPDX-License-Identifier: GPL-2.0-only
"""What matches at one point of a control-flow graph."""
