"""What is wrong with the settings, in a sentence for people."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message says which, and what to do, in a sentence without the key."""
