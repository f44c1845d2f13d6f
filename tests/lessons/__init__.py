"""The keys of the lessons, compared with witnesses that are independent of this course."""
