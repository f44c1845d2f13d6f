"""All that runs beside a student's code. Nothing in here is trusted, and the whole folder stands in the sandbox."""
