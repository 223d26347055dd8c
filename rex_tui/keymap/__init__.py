"""Every command that has a key, which keys those are, and how people change them; it knows no screen."""
