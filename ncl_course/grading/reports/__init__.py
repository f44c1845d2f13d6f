"""Reports for people, made only from ``results.json``: one writer per file. None of them computes a score."""
