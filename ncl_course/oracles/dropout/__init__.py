"""Dropout (lecture section 4) by torch.

``right`` holds the right answers, ``mistakes`` the known wrong ones.
"""
