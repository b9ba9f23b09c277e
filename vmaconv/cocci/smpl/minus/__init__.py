"""The minus slice of a rule: from its tokens to a pattern."""
