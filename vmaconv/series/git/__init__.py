"""What a series asks of git, and its diffs."""
