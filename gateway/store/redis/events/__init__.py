"""Events that are stored, and their deliveries: listed, claimed, settled, pulled."""
