"""The control-flow graph of a function, and formulas over its points."""
