"""Why a rule does or does not match at a place."""
