"""The student's own kernel: what a check may change in it, how long a check may take, and which cells have run."""
