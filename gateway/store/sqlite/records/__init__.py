"""The rows that decisions are made on: people, conversations, messages on their way out."""
