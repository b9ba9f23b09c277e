"""Who a patch goes to."""
