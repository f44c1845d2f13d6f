"""Scripts that run alone, each in a Python of its own, and print their answer as JSON on their last line."""
