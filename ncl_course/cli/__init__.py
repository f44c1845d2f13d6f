"""The verbs of `ncl-course`. Each parses, calls and prints; what it calls is imported when it is needed.

So `ncl-course --help` starts at once, and a student's installation needs no instructor's packages.
"""

from ncl_course.cli import students  # noqa: F401 - a file of verbs adds them to the command
from ncl_course.cli.app import app, there

if there("authoring"):
    from ncl_course.cli import authors  # noqa: F401
if there("grading"):
    from ncl_course.cli import exporters, graders  # noqa: F401

__all__ = ["app"]
