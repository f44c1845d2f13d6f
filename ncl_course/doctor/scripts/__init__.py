"""Scripts that each run in a separate Python process, and print their answer as JSON on the last line."""
