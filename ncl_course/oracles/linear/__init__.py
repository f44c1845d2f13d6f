"""Fully connected layers and softmax (lecture section 3) by torch.

``right`` holds the right answers, ``mistakes`` the known wrong ones.
"""
