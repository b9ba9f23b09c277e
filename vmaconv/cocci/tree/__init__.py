"""The syntax tree: built from C text, chunk by chunk, as it is looked at."""
