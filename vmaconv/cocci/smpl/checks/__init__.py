"""What is wrong, or hardly meant, in a rule that parses."""
