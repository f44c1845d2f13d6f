"""The non-convolutional layers of convolutional networks: a course in Jupyter.

A student needs six names::

    from ncl_course import check, course_map, language, own_layers, progress
    from ncl_course.nn import Layer

Importing them loads neither torch nor matplotlib. Real images are one room further: ``ncl_course.data``.
"""

from ncl_course.checking.notebook import check, course_map, own_layers, progress
from ncl_course.language import language

__version__ = "0.1.0"
__all__ = ["check", "course_map", "language", "own_layers", "progress"]
