"""An untouched method of a later cell does not cost the written one; unfinished code is called so, not missing."""

from __future__ import annotations

import json

import pytest

from ncl_course.exercises import LESSONS
from ncl_course.protocol.stubs import functions, raises_stub, untouched
from ncl_course.selfcheck import check_notebook
from ncl_course.submission.notebook import read_notebook
from tests.grading.conftest import SOLUTIONS, write_notebook
from tests.submissions.beside import RIGHT
from tests.submissions.in_the_way import BLANK, HIDDEN, UNFINISHED

NOTHING_WRONG = "Nothing is wrong"


def average(exercises):
    """Return what was found out about AvgPool2d."""
    return next(one for one in exercises if one.exercise == "AvgPool2d")


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_handed_out_method_is_known_as_untouched(lesson):
    notebook = read_notebook(SOLUTIONS.with_name("notebooks") / "en" / f"{lesson}.ipynb")
    stubs = [node for source in notebook.sources for node in functions(source) if any(map(raises_stub, node.body))]
    assert stubs
    assert [node.name for node in stubs if not untouched(node)] == []


@pytest.mark.bwrap
@pytest.mark.parametrize("cells", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_method_counts_when_it_is_graded(graded, cells):
    record = graded(*cells)
    entry = average(record.exercises)
    assert (entry.verdict, entry.score) == ("passed", 4.0)
    assert "A later cell defines AvgPool2d again and hides your backward" in entry.parts[1].note
    assert entry.parts[0].note == ""


@pytest.mark.parametrize("cells", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_method_counts_in_the_students_own_check(tmp_path, cells):
    checked = check_notebook(write_notebook(tmp_path / "01_pooling.ipynb", *cells))
    assert average(checked.results).score == 4.0


@pytest.mark.bwrap
def test_a_hidden_method_that_is_wrong_is_named_as_wrong(graded):
    wrong, stub = HIDDEN["second cell"]
    entry = average(graded(wrong.replace(" / self.k**2", ""), stub).exercises)
    assert entry.misconceptions == ("AvgPool2d.gradient-not-divided",)


@pytest.mark.bwrap
@pytest.mark.parametrize(("cell", "words"), UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished_code_is_called_so_when_it_is_graded(graded, cell, words):
    entry = average(graded(cell).exercises)
    assert (entry.score, entry.parts[1].verdict) == (1.5, "missing")
    assert words in entry.message
    assert "Not written yet" not in entry.message


@pytest.mark.parametrize(("cell", "words"), UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished_code_is_called_so_in_a_panel(tmp_path, cell, words):
    from ncl_course.checking.render import plain

    checked = check_notebook(write_notebook(tmp_path / "01_pooling.ipynb", cell))
    panel = plain(average(checked.results))
    assert words in panel
    assert "not finished" in panel
    assert NOTHING_WRONG not in panel


@pytest.mark.parametrize("cell", BLANK.values(), ids=BLANK)
def test_code_that_is_not_written_is_called_so(tmp_path, cell):
    from ncl_course.checking.render import plain

    checked = check_notebook(write_notebook(tmp_path / "01_pooling.ipynb", cell))
    assert NOTHING_WRONG in plain(average(checked.results))


@pytest.mark.bwrap
@pytest.mark.parametrize(("version", "said"), [("3.99.1", True), ("3.8.2", False), ("", False), (3.99, False)])
def test_syntax_that_is_too_new_is_called_so(grader, tmp_path, version, said):
    from ncl_course.grading.handed_in.submission import Submission

    path = write_notebook(tmp_path / "anna" / "01_pooling.ipynb", "x = {*a for a in b}\n" + RIGHT)
    tree = json.loads(path.read_text())
    tree["metadata"]["language_info"] = {"name": "python", "version": version}
    path.write_text(json.dumps(tree))
    entry = grader(Submission("anna", path, "anna/01_pooling.ipynb"), 0).exercises[0]
    assert ("The notebook was written in Python 3.99" in entry.message) is said
    assert "did not run: SyntaxError" in entry.message
