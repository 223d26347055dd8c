"""The same feed without a screen."""
