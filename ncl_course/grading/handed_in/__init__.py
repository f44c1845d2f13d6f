"""Whose a file is and which lesson it holds: from the paths that were given to submissions."""
