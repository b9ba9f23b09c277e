# SPDX-License-Identifier: GPL-2.0-only
"""What a rule file says outside the rules' bodies: sections, headers, metavariables."""
