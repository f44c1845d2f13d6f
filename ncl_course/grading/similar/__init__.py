"""``ncl-course similar``: similar solutions in a cohort."""
