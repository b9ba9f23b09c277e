# SPDX-License-Identifier: GPL-2.0-only
"""What the account lists, as a value; `account_line` reads it from rule files."""

from __future__ import annotations

from msgspec import Struct

from vmaconv.uses.member_uses import Member
from vmaconv.uses.named_uses import AccountedNames


class Accounted(Struct, frozen=True):
    """The member whose uses are listed, if any, and names that are listed with it.

    `files` are further words: a file with one of them may have something to convert, too.
    """

    member: Member | None
    names: AccountedNames
    files: frozenset[bytes] = frozenset()


NOTHING = Accounted(None, AccountedNames())
"""No account is kept."""
