"""Solutions become stubs, and everything else stays the same."""

from __future__ import annotations

import pytest

from ncl_course.authoring.variant import regions, strip
from ncl_course.errors import LessonError

KEY = """\
class A:
    def f(self):
        ### BEGIN SOLUTION
        if True:
            return 1
        ### END SOLUTION

    def g(self):
        a = 1
        ### BEGIN SOLUTION
        return a
        ### END SOLUTION
"""

STUDENT = """\
class A:
    def f(self):
        # YOUR CODE HERE
        raise NotImplementedError()

    def g(self):
        a = 1
        # YOUR CODE HERE
        raise NotImplementedError()
"""


def test_each_region_becomes_a_stub_at_its_own_indentation():
    assert strip(KEY) == STUDENT


def test_the_regions_are_found_without_their_marks():
    assert regions(KEY) == ["        if True:\n            return 1\n", "        return a\n"]


def test_a_cell_without_marks_stays_as_it_is():
    assert strip("x = 1\n# ### BEGIN\n") == "x = 1\n# ### BEGIN\n"


@pytest.mark.parametrize(
    "text",
    [
        "### BEGIN SOLUTION\nx = 1",
        "x = 1\n### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
    ],
)
def test_a_mark_without_its_partner_is_an_error(text):
    with pytest.raises(LessonError, match=r"### (BEGIN|END) SOLUTION without its partner"):
        strip(text)
