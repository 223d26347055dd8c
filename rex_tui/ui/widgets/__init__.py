"""Widgets: each paints values that its screen hands down, and posts up what the user did."""
