"""Reading notebooks."""
