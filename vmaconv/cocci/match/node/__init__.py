"""Matchers for expressions, lists, literals and preprocessor lines."""
