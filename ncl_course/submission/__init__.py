"""A student's notebook as a file: what it holds and what it defines. Nothing of it is run here."""
