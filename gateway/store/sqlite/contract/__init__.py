"""The parts of the store contract on the file: changes through one thread, reads beside it."""
