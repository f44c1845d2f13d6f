"""Fully connected layers and softmax (lecture section 3) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
