"""What a matcher asks of a place in the code: its role, its context, its parts."""
