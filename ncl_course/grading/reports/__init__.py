"""What people look at, made from ``results.json`` alone: one writer a file. None of them computes a score."""
