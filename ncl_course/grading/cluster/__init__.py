"""Submissions graded by a Dask cluster's workers."""
