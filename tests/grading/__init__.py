"""Grading a cohort."""
