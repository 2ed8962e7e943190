"""The Redis server, whatever its shape: reached, trusted, watched, and what goes wrong on the way to it."""
