"""Messages on their way out: the contract, and what it asks of the shards."""
