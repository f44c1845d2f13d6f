"""Judge a student's code: compare it with the oracle, diagnose the mistake, and explain it."""
