"""How a database is laid out: its shards, its keys, its scripts, and the bytes of what is stored."""
