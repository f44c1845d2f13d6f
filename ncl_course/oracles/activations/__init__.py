"""Activations (lecture section 2) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
