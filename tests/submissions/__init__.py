"""Notebooks as students hand them in, each with the verdicts that it is to get."""
