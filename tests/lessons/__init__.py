"""The keys of the lessons, against witnesses that know nothing of this course."""
