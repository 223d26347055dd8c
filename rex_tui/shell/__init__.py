"""What shells and readers of manuals are given: the scripts that complete, their protocol, and the manual page."""
