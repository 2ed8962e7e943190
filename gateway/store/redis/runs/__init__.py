"""What a customer asks for and goes on in steps: replays and re-normalisations."""
