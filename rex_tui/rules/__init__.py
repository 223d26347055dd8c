"""Watch rules at work: which of them an event matches, what counts as coming live, and what is done then."""
