"""Screens: each owns its state and binds it down to its widgets."""
