"""What belongs to no person: who there is, what was asked under a key, what could not be read."""
