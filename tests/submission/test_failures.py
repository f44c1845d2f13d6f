"""The cost of a failed statement is said: names that stay undefined or keep a definition, and the first failure."""

from __future__ import annotations

import pytest

from ncl_course.checking.causes import broken
from ncl_course.language import language
from ncl_course.protocol.script import Raised
from ncl_course.protocol.statements import MOST_FAILED, Cells, Failed
from ncl_course.submission.failures import MOST_TEXT, as_failed, behind, failures, sentence
from ncl_course.submission.outline import first_steps, outline, steps_of


def run(*cells, python=""):
    """Run cells, and return what failed."""
    runner = Cells({})
    failed = {n: runner.run(f"<cell {n}>", cell) for n, cell in enumerate(cells, start=1)}
    return failures([outline(cell) for cell in cells], failed, python), runner.names


def test_the_statements_after_a_failed_one_run():
    failed, names = run("a = 1\nb = 1 / 0\nc = 3\nd = undefined; e = 5")
    assert (names["a"], names["c"], names["e"]) == (1, 3, 5)
    assert [(one.line, one.lost) for one in failed] == [(2, ("b",)), (4, ("d",))]


STUB = "def f(x):\n    raise NotImplementedError()"


def test_trying_out_a_part_that_is_not_written_yet_is_no_failure_unless_it_costs_a_name():
    failed, _ = run(STUB, "print(1)\nf(2)", "y = f(2)", "print(y)")
    assert [(one.cell, one.lost) for one in failed] == [(3, ("y",)), (4, ())]


def test_a_redefinition_that_fails_names_both():
    failed, names = run("class A:\n    x = 1", "class A:\n    x = undefined")
    assert names["A"].x == 1
    assert sentence(failed[0]) == (
        "NameError: name 'undefined' is not defined (line 2). A keeps its earlier definition, from code cell 1."
    ).replace("(line 2)", "(line 1)")


def test_a_consequence_goes_back_to_the_first_failure():
    failed, _ = run("def f(:\n    pass", "g = f", "h = g")
    assert [one.root.cell for one in failed] == [1, 1, 1]
    assert behind(failed, "h").cell == 1
    assert behind(failed, "other") is None
    assert "It follows from what went wrong in code cell 1." in sentence(failed[2])


def test_what_an_import_in_a_cell_with_a_syntax_error_would_have_bound_goes_back_to_that_error():
    failed, _ = run(
        "from math import (\n    pi as Layer,\n)\nx = (1,", "class MaxPool2d(Layer):\n    pass", "MaxPool2d()"
    )
    assert [one.root.cell for one in failed] == [1, 1, 1]
    first = behind(failed, "MaxPool2d")
    assert broken("MaxPool2d", first).startswith(
        "MaxPool2d could not be defined, because code cell 1 did not run: SyntaxError: '(' was never closed"
    )
    assert broken("Layer", first).startswith("The cell that defines Layer (code cell 1) did not run")


def test_a_later_definition_ends_what_an_earlier_failure_cost():
    failed, _ = run("f = undefined", "f = 1", "del f\nf")
    assert failed[1].cause is None


def test_an_exit_ends_its_cell():
    failed, names = run("a = 1\nimport sys\nsys.exit()\nb = 2", "c = 3")
    assert "b" not in names
    assert names["c"] == 3
    assert failed[0].lost == ("b",)


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> main"])
def test_marks_of_a_merge_conflict_are_called_so(mark):
    failed, _ = run(f"a = 1\n{mark}\nb = 2")
    assert "merge conflict" in sentence(failed[0])


def test_an_underline_is_no_conflict():
    failed, _ = run('"""\n=======\n"""\nundefined')
    assert "conflict" not in sentence(failed[0])


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (None, []),
        ([[1, "E", "m", "w"]], [Failed(1, Raised("E", "m", "w"))]),
        ([[-1, "E", "m", "w"], [1, 2, "m", "w"], "x", [1], {}], []),
        ([[1, "E", "m" * 900, "w"]], [Failed(1, Raised("E", "m" * 500, "w"))]),
    ],
)
def test_an_answer_of_any_form_is_read_with_care(tree, found):
    assert as_failed(tree) == found


def nested_words(depth):
    """Return a sentence as it comes from a worker, with twelve sentences in each one down to that depth."""
    return (
        ["", "refused.used", dict.fromkeys(("module", "name", "why", *"abcdefghi"), nested_words(depth - 1))]
        if depth
        else "x"
    )


def test_a_sentence_becomes_a_short_text_in_the_readers_language_at_once():
    language("ru")
    words = ["torch is not there", "refused.module", {"module": "torch", "why": ["…", "refused.numpy", {}]}]
    (found,) = as_failed([[1, "ImportError", words, ""]])
    assert found.raised.message == "при проверке работ torch недоступен: упражнения пишут на одном NumPy"
    assert type(found.raised.message) is str


def test_an_answer_with_endless_sentences_leaves_little_behind():
    found = as_failed([[1, "E" * 5_000, nested_words(3), "1: x"]] * 100)
    assert len(found) == MOST_FAILED
    assert {(type(one.raised.message), len(one.raised.message), len(one.raised.type_name)) for one in found} == {
        (str, MOST_TEXT, MOST_TEXT)
    }


@pytest.mark.parametrize(
    "message", [3, None, {}, [], ["a", "b"], ["a", "b", []], ["a", 3, {}], ["a", "b", {"c": 3}], nested_words(1) * 2]
)
def test_what_is_no_sentence_is_left_out(message):
    assert as_failed([[1, "E", message, ""], [2, "E", "x", ""]]) == [Failed(2, Raised("E", "x", ""))]


def test_a_cell_is_divided_into_statements_with_their_line_numbers():
    source = "# a\ndef f():\n    return 1\n\n@f\ndef g():\n    pass\nx = 1"
    cell = outline(source)
    steps = [step.lstrip("\n") for step in steps_of(source, cell)]
    assert steps == ["def f():\n    return 1\n", "@f\ndef g():\n    pass", "x = 1"]
    assert [step.count("\n") - step.lstrip("\n").count("\n") for step in steps_of(source, cell)] == [1, 4, 7]
    assert first_steps(source, cell.starts, 1) == "# a\ndef f():\n    return 1\n"
    assert first_steps(source, cell.starts, 0) == ""


@pytest.mark.parametrize("source", ["def f(): pass", "x = 1\ny = 2", "def f(:\n", "def f(): pass\nx = 1; y = 2"])
def test_a_cell_that_need_not_or_cannot_be_divided_stays_whole(source):
    assert steps_of(source, outline(source)) == []
