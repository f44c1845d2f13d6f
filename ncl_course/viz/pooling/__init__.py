"""Pooling (lecture section 1) in pictures."""
