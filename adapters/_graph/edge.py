"""Paths and hosts of the Graph API."""

from urllib.parse import quote

FACEBOOK = "graph.facebook.com"
INSTAGRAM = "graph.instagram.com"


def edge(*steps: str) -> str:
    """A path from node to edge; an id can never become a further step."""
    return "".join("/" + quote(step, safe="") for step in steps)
