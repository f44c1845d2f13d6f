"""The verbs of `ncl-course`. Each one parses, calls and prints, and imports its implementation only when it runs.

So `ncl-course --help` starts at once, and a student's installation does not need the instructor's packages.
"""

from ncl_course.cli import students  # noqa: F401 - importing the module adds its verbs to the command
from ncl_course.cli.app import app, there

if there("authoring"):
    from ncl_course.cli import authors  # noqa: F401
if there("grading"):
    from ncl_course.cli import exporters, graders  # noqa: F401

__all__ = ["app"]
