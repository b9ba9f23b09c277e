"""What matches at one point of a control-flow graph."""
