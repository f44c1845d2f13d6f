"""Activations (lecture section 2) by torch.

``right`` holds the right answers, ``mistakes`` the known wrong ones.
"""
