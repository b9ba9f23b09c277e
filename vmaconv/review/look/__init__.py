"""Code as coloured runs in which nothing hides."""
