# SPDX-License-Identifier: GPL-2.0-only
"""Who sends mails, who gets them, as headers have them."""
