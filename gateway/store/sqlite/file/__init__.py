"""The file: connected to, written by one thread, read by several, copied, and the room for it."""
