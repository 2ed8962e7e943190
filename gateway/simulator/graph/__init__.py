"""The Graph API: one file per family of edges, written from Meta's documentation."""
