"""What a rule file says outside the rules' bodies: sections, headers, metavariables."""
