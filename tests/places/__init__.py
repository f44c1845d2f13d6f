"""The places where a student may sit: each is an environment, built from PyPI, in which the keys run.

``python -m tests.places`` builds them and prints a table: environment × lesson × (outputs, widgets, checks, panels).
"""
