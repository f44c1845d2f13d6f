"""Fully connected layers and softmax (lecture section 3) in pictures."""
