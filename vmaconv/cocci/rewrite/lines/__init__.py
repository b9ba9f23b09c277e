# SPDX-License-Identifier: GPL-2.0-only
"""Lines as the coding style has them: their length and indentation."""
