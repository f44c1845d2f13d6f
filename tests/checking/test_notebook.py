"""The output of ``check`` and ``progress`` for a student: golden panels in both languages."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest

from ncl_course import check, language, progress
from ncl_course.checking import notebook, render
from ncl_course.checking.answers import every_answer, notebook_answers
from ncl_course.checking.right import by_torch, recorded
from ncl_course.checking.run import Here, judge
from ncl_course.errors import CheckFailed, CourseError, UnknownExerciseError
from ncl_course.exercises import find
from ncl_course.language import LANGUAGES
from ncl_course.nn import Layer
from tests.answers import pooling_right, pooling_wrong

GOLDEN = Path(__file__).parents[1] / "golden" / "panels"


def named(name, target):
    """Return the class or function under the exercise's own name, as in a student's notebook."""
    if isinstance(target, type):
        return type(name, (target,), {})
    return FunctionType(target.__code__, target.__globals__, name, target.__defaults__, target.__closure__)


class Unwritten(Layer):
    def __init__(self, kernel_size, stride=None):
        pass

    def forward(self, x):
        # YOUR CODE HERE
        raise NotImplementedError()


class Crashes(pooling_right.ShiftedSlices):
    def backward(self, grad_out):
        return grad_out[self.nowhere]


class ReturnsNothing(pooling_right.ShiftedSlices):
    def forward(self, x):
        super().forward(x)


class Shouts(pooling_wrong.AllMaxima):
    def share(self, w):
        print("<b>window</b>", w.shape)
        return super().share(w)


class AlwaysFloat64(pooling_right.RIGHT["AvgPool2d"][0]):
    def forward(self, x):
        return super().forward(x.astype(np.float64))

    def backward(self, grad_out):
        return super().backward(grad_out.astype(np.float64))


def wrong(name, misconception):
    return next(target for known, target in pooling_wrong.WRONG[name] if known == misconception)


PANELS = {
    "passed": ("MaxPool2d", pooling_right.ShiftedSlices),
    "missing": ("MaxPool2d", Unwritten),
    "all-maxima": ("MaxPool2d", Shouts),
    "overlap": ("MaxPool2d", wrong("MaxPool2d", "gradient-overwritten")),
    "shape": ("AvgPool2d", wrong("AvgPool2d", "last-window-missing")),
    "dtype": ("AvgPool2d", AlwaysFloat64),
    "input-changed": ("AvgPool2d", wrong("AvgPool2d", "input-changed")),
    "result-overwritten": ("AvgPool2d", wrong("AvgPool2d", "result-overwritten")),
    "crash": ("MaxPool2d", Crashes),
    "returns-none": ("MaxPool2d", ReturnsNothing),
    "size": ("pool_output_size", wrong("pool_output_size", "size-over-stride")),
    "size-float": ("pool_output_size", wrong("pool_output_size", "float-returned")),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_the_panel_is_the_golden_one(panel, lang):
    """Run ``NCL_UPDATE_GOLDEN=1 pytest tests/checking`` to update the panels, and read them before you commit them."""
    language(lang)
    name, target = PANELS[panel]
    exercise = find(name)
    result = judge(exercise, Here(target), every_answer(exercise))
    for ending, text in (("txt", render.plain(result)), ("html", render.html(result))):
        path = GOLDEN / lang / f"{panel}.{ending}"
        if os.environ.get("NCL_UPDATE_GOLDEN"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        assert text + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", sorted(Path(render.__file__).with_name("templates").glob("*.html")), ids=lambda p: p.stem
)
def test_tables_take_the_colour_of_the_page_which_some_pages_give_to_paragraphs_alone(path):
    """In quirks mode a table would be black, on a dark page, too."""
    tables = re.findall("<table[^>]*>", path.read_text(encoding="utf-8"))
    assert all(table.startswith('<table style="color: inherit; ') for table in tables)
    assert bool(tables) is (path.stem != "ask")


@pytest.mark.parametrize(
    "source",
    [
        "pool_output_size = lambda size, kernel_size, stride: (size - kernel_size) // stride + 1",
        "def windows(size, kernel_size, stride): return (size - kernel_size) // stride + 1\npool_output_size = windows",
    ],
)
def test_an_object_with_another_name_is_recognised_by_the_variable_it_is_bound_to(source, capsys):
    exec(f"{source}\ncheck(pool_output_size)", {"check": check})
    assert "✔ pool_output_size" in capsys.readouterr().out


def test_everything_that_comes_from_a_student_is_escaped():
    exercise = find("MaxPool2d")
    result = judge(exercise, Here(Shouts), [notebook_answers(exercise, "backward")])
    assert "&lt;b&gt;window&lt;/b&gt;" in render.html(result)
    assert "<b>window" not in render.html(result)


def test_panels_use_only_inline_styles():
    exercise = find("MaxPool2d")
    result = judge(exercise, Here(Shouts), [notebook_answers(exercise, "backward")])
    assert not [word for word in ("<style", "<script", "<svg", "var(--", "class=") if word in render.html(result)]


def test_a_pass_shows_a_panel_and_returns_nothing(capsys):
    assert check(named("MaxPool2d", pooling_right.LastMaximum)) is None
    assert "✔ MaxPool2d · forward pass: passed (1.5 of 1.5 points)" in capsys.readouterr().out


def test_a_part_can_be_checked_alone(capsys):
    check(named("MaxPool2d", pooling_wrong.AllMaxima), "forward")
    assert "backward" not in capsys.readouterr().out


def test_a_failure_is_one_line_after_the_panel():
    with pytest.raises(CheckFailed, match=r"check\(MaxPool2d\): not passed, 1\.5 of 4 points") as caught:
        check(named("MaxPool2d", pooling_wrong.AllMaxima))
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_an_unwritten_part_does_not_pass_and_says_so_gently(capsys):
    with pytest.raises(CheckFailed, match=r"check\(MaxPool2d\): not written yet\."):
        check(named("MaxPool2d", Unwritten))
    assert "○ MaxPool2d · forward pass: not written yet" in capsys.readouterr().out


def test_progress_shows_what_this_session_has_checked(capsys):
    notebook._done.clear()
    check(named("pool_output_size", pooling_right.walked))
    with pytest.raises(CheckFailed, match="not passed"):
        check(named("MaxPool2d", pooling_wrong.AllMaxima))
    capsys.readouterr()
    progress("01_pooling")
    assert capsys.readouterr().out.splitlines() == [
        "What is done in this lesson",
        "✔ pool_output_size · value: 1 / 1, passed",
        "✔ MaxPool2d · forward pass: 1.5 / 1.5, passed",
        "✘ MaxPool2d · backward pass: 0 / 2.5, not right yet",
        "· AvgPool2d · forward pass: 0 / 1.5, not checked in this session",
        "· AvgPool2d · backward pass: 0 / 2.5, not checked in this session",
        "2.5 of 9 points",
    ]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: check(named("MaxPol2d", pooling_right.LastMaximum)), r"MaxPol2d\. Did you mean MaxPool2d\?"),
        (lambda: check(named("MaxPool2d", pooling_right.LastMaximum)(2)), r"the class itself .* check\(MaxPool2d\)"),
        (lambda: check("MaxPool2d"), r"check knows no exercise called 'MaxPool2d'\. Did you mean MaxPool2d\?"),
        (lambda: check(17), r"check knows no exercise called 17\."),
        (
            lambda: check(named("MaxPool2d", pooling_right.LastMaximum), "front"),
            r"no part 'front'; it has 'forward', 'b",
        ),
        (lambda: progress("07_transformers"), r"There are no exercises in 07_transformers"),
    ],
)
def test_a_wrong_call_says_what_to_do(call, said):
    with pytest.raises(UnknownExerciseError, match=said):
        call()


def test_all_errors_of_the_course_have_one_base_class():
    assert issubclass(CheckFailed, CourseError)
    assert issubclass(UnknownExerciseError, CourseError)


def test_a_check_can_be_in_russian(capsys):
    language("ru")
    with pytest.raises(CheckFailed, match=r"check\(AvgPool2d\): не пройдено, баллы: 1,5 из 4"):
        check(named("AvgPool2d", pooling_wrong.ToMaximum))
    assert "градиент получает один максимум" in capsys.readouterr().out


def test_a_second_check_draws_no_cases_and_plays_no_oracle_again(capsys, monkeypatch):
    """This is what makes a warm check quick; the benchmark measures how quick it is."""
    target = named("MaxPool2d", pooling_right.ShiftedSlices)
    check(target)

    def again(*_):
        raise AssertionError("the right answers are computed again")

    monkeypatch.setattr(by_torch, "play", again)
    for module in (by_torch, recorded):
        monkeypatch.setattr(module, "generator", again)
    check(target)
    assert capsys.readouterr().out.count("MaxPool2d") == 4
    notebook_answers.cache_clear()
    with pytest.raises(AssertionError, match="computed again"):
        check(target)


def test_a_layer_that_calls_torch_is_told_once_that_it_will_not_count(capsys):
    source = "import torch\ndef pool_output_size(size, kernel_size, stride):\n    torch\n"
    names = {"check": check, "__name__": "__main__"}
    exec(source + "    return (size - kernel_size) // stride + 1", names)
    notebook._told.clear()
    for _ in range(2):
        exec("check(pool_output_size)", names)
    assert capsys.readouterr().out.count("pool_output_size calls torch, which is not there") == 1


@pytest.mark.parametrize("import_line", ["from torch.nn import ReLU", "from torch.nn import *"])
def test_a_class_of_torch_that_took_the_name_of_an_exercise_is_not_judged_as_the_students(import_line):
    there: dict[str, object] = {}
    exec(import_line, there)
    with pytest.raises(UnknownExerciseError, match="This ReLU comes from torch and is not the one that you wrote"):
        check(there["ReLU"])
