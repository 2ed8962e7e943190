"""Writes the reference: openapi.yaml and its page. The running server serves both and loads none of this."""
