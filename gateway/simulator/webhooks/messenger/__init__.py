"""Webhooks of a Page: Messenger, and the Page around it. Instagram shares most of the items."""
