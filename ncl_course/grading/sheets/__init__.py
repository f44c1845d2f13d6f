"""The platform's grading sheet: read, filled in, and told about."""
