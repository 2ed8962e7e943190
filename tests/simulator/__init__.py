"""The simulated Meta."""
