"""Events that are stored, and their deliveries: listed, settled, made due anew, pulled."""
