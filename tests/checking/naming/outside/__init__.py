"""Wrong layers in the styles of students outside the course, each written before its name was known."""
