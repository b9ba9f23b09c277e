"""Which flag helpers a tree has, and giving it those that it lacks."""
