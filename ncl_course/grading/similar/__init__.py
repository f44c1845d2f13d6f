"""``ncl-course similar``: alike solutions in a cohort."""
