"""Dropout (lecture section 4) in pictures."""
