"""Every use of a member, and why one was left: the account."""
