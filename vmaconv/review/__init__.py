"""Showing changes and the account to a person."""
