"""Converting a tree."""
