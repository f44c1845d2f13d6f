"""Experiments that torch computes. Where torch is missing, importing this room says so."""

import ncl_course.oracles  # noqa: F401 - it says so
