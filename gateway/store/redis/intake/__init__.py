"""Taking in: what a decision needs, how it is made, and how it is committed."""
