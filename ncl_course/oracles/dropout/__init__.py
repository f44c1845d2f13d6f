"""Dropout (lecture section 4) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
