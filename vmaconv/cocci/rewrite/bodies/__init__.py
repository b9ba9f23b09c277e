"""Bodies of branches and loops that a change leaves with more or fewer statements."""
