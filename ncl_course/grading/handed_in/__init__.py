"""Find submissions under the given paths: whose each file is, and which lesson it holds."""
