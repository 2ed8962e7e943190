"""Messages on their way out: claimed, moved, listed."""
