"""Webhooks of an Instagram account that Messenger does not have."""
