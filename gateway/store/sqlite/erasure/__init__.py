"""Erasing people: where their data may be, and its deletion, step by step."""
