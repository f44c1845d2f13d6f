"""A term: the roster, one row of marks a student, and what is remembered from one run to the next."""
