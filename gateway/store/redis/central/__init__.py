"""What belongs to no shard: who there is, what was asked under a key, what could not be read."""
