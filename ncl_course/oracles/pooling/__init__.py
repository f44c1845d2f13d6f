"""Pooling (lecture section 1) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
