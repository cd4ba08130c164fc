"""Many places at once."""
