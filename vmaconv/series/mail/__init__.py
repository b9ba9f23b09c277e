"""Mails as `git format-patch` writes them."""
