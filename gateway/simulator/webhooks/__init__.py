"""What Meta posts to a callback: one small file per family of webhooks, written from Meta's documentation."""
