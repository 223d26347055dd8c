"""The sales review: what moved, was won, was lost and is stuck, counted from the log alone."""
