"""Building and training a network (lecture section 6) by torch.

``right`` has the right answers, ``mistakes`` the known wrong ones.
"""
