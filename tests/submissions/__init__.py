"""Notebooks as students hand them in, each with its expected verdicts."""
