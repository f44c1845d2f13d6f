"""Wrong answers written out in full: the cause, the name that the check gives, and the source."""
