"""Autograders for platforms that run them on their own machines: written here, unpacked and run there."""
