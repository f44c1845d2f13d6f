"""Is it right, and if not, what is wrong: compare, diagnose, and say it."""
