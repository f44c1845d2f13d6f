"""Activations (lecture section 2) in pictures."""
