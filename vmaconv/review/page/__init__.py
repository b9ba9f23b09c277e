"""The review as a page, and as SARIF."""
