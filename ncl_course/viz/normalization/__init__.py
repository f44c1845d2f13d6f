"""Normalizations (lecture section 5) in pictures."""
