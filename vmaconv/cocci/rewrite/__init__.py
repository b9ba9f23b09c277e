"""From matches to edits, and edits applied."""
