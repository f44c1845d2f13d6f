"""Pooling (lecture section 1) by torch.

``right`` holds the right answers, ``mistakes`` the known wrong ones.
"""
