"""Recorded right answers to the cases of a notebook's check, for lessons 01 to 05: a verdict without torch."""
