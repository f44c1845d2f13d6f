"""The code that runs beside a student's code. Nothing in here is trusted, and the whole folder is in the sandbox."""
