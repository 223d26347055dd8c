"""Questions asked of the store: which events are shown, and what each says in one line."""
