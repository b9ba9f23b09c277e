# SPDX-License-Identifier: GPL-2.0-only
"""From changed files to mails that `git am` takes."""
