"""The records of a shard that decisions are made on: people, conversations, messages on their way out."""
