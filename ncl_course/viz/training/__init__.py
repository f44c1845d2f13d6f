"""Building and training a network (lecture section 6) in pictures."""
