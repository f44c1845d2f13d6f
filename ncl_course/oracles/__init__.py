"""The right answers, by torch; and the known wrong ones, as alterations of these."""
