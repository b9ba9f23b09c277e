"""Plus code with its metavariables replaced."""
