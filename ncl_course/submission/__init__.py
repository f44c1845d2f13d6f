"""A student's notebook as a file: its contents and the names it defines. Nothing in it is run here."""
