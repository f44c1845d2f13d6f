"""Without torch, the course can be imported; a check or a picture that needs torch says so."""

from __future__ import annotations

import subprocess
import sys

from ncl_course.language import text

WITHOUT = """\
import sys

sys.modules["torch"] = None                        # as if it were not installed
import ncl_course.checking, ncl_course.exercises.training.rules, ncl_course.viz as viz
from ncl_course import check, course_map
from ncl_course.errors import CourseError

def train_step(model, loss, optimizer, x, labels):
    return 0.0

course_map()
viz.show_dimensions()
for needs in (lambda: check(train_step), lambda: viz.show_output_size(7, 3), lambda: viz.show_overfitting(None)):
    try:
        needs()
    except CourseError as error:
        print(type(error).__name__, *error._render_traceback_())
"""


def test_a_check_and_a_picture_of_right_answers_name_what_is_missing(tmp_path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == [f"NoTorchError {text('course.no_torch', 'en')}"] * 3
