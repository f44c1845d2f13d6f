"""Normalizations (lecture section 5) by torch.

``right`` holds the right answers, ``mistakes`` the known wrong ones.
"""
