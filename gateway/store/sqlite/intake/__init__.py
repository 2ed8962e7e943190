"""Taking in: how a decision is made, and the events and deliveries that come of it."""
