"""Groups of edits, in an order in which the tree compiles after each."""
