"""Normalizations (lecture section 5) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
