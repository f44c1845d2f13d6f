"""A check knows from IPython's history whether the cell above it failed, and says which cell to run."""

from __future__ import annotations

import pytest

from ncl_course.checking.kernel import history
from ncl_course.checking.kernel.history import History
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from tests.checking.kernel.running import printed, raised, run

SETUP = "from ncl_course import check\nfrom ncl_course.nn import Layer\nimport numpy as np"
SIZE = "def pool_output_size(size, kernel_size, stride):\n    return (size - kernel_size) // stride + 1"
FORWARD = """
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.x, k, s = x, self.k, self.s
        OH, OW = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
        out = np.empty((*x.shape[:2], OH, OW), x.dtype)
        for i in range(OH):
            for j in range(OW):
                out[:, :, i, j] = x[:, :, i*s:i*s+k, j*s:j*s+k].mean((2, 3))
        return out
"""
BACKWARD = """
class AvgPool2d(AvgPool2d):
    def backward(self, g):
        out, k, s = np.zeros_like(self.x), self.k, self.s
        for i in range(g.shape[2]):
            for j in range(g.shape[3]):
                out[:, :, i*s:i*s+k, j*s:j*s+k] += g[:, :, i, j, None, None] / k**2
        return out
"""
FAILED = "The last time you ran the cell with"


@pytest.fixture(scope="module")
def broken():
    """A kernel in which right cells are followed by broken versions of themselves."""
    return run(
        SETUP,
        SIZE,
        "check(pool_output_size)",
        SIZE.replace("stride):", "stride)"),  # 3
        "check(pool_output_size)",
        "check(pool_output_size, 'value')",
        SIZE,  # 6
        "check(pool_output_size)",
        "1 / 0\n" + SIZE,  # 8
        "check(pool_output_size)",
        SIZE + "\nprint(pool_output_size(1))",  # 10
        "check(pool_output_size)",
        FORWARD,  # 12
        BACKWARD.replace("out, k, s =", "out, k, s ="),
        "check(AvgPool2d)",
        BACKWARD.replace("return out", "return out)"),  # 15
        "check(AvgPool2d)",
        "check(AvgPool2d, 'forward')",
        FORWARD,  # 18
        "check(AvgPool2d, 'backward')",
        BACKWARD,  # 20
        "check(AvgPool2d, 'backward')",
        FORWARD,  # 22
        "check(AvgPool2d, 'backward')",
        "Old = AvgPool2d\n" + BACKWARD,  # 24
        "check(Old, 'forward')",
        "class AvgPool2d(Layer):\n  def forward(self, x):\n    return undefined + \nx",  # 26
        "check(AvgPool2d, 'forward')",
        SIZE,  # 28
        "globals()['pool_output_size'] = eval('lambda size, kernel_size, stride: size // stride')",
        "check(pool_output_size)",
        "%run elsewhere.py",
        SIZE + "\nopen('elsewhere.py', 'w').write('pool_output_size = max')",  # 32
        "%run elsewhere.py",
        "check(pool_output_size)",
        SIZE,
        "check(pool_output_size)",
    )


def test_a_check_below_a_cell_that_has_failed_says_so_and_does_not_pass(broken):
    assert raised(broken[2]) == []
    for number, error in ((4, "SyntaxError"), (5, "SyntaxError"), (9, "ZeroDivisionError: division by zero")):
        assert f"{FAILED} pool_output_size, it failed: {error}" in printed(broken[number]), number
        assert "passed (" not in printed(broken[number])
        assert raised(broken[number]) == ["CheckFailed"]
    assert "expected ':' (line 1: def pool_output_size(size, kernel_size, stride))." in printed(broken[4])
    assert "ZeroDivisionError: division by zero (line 1: 1 / 0)." in printed(broken[9])


def test_a_cell_that_is_corrected_or_fails_after_its_definition_counts(broken):
    assert [raised(broken[number]) for number in (7, 11, 14, 21)] == [[], [], [], []]
    assert raised(broken[10]) == ["TypeError"]


def test_only_the_part_whose_cell_failed_is_affected(broken):
    assert "✔ AvgPool2d · forward pass: passed" in printed(broken[16])
    assert "✘ AvgPool2d · backward pass: the cell with it failed" in printed(broken[16])
    assert raised(broken[16]) == ["CheckFailed"]
    assert raised(broken[17]) == []
    assert f"{FAILED} AvgPool2d, it failed: SyntaxError: unmatched ')'" in printed(broken[19])
    assert f"{FAILED} AvgPool2d, it failed: SyntaxError" in printed(broken[27])


def test_a_part_that_an_earlier_cell_wrote_is_not_called_unwritten_without_a_reason(broken):
    assert "a later cell has redefined AvgPool2d without it" in printed(broken[23])
    assert "Nothing is wrong" not in printed(broken[23])


def test_a_check_of_an_earlier_class_says_so(broken):
    assert "tested an earlier AvgPool2d" in printed(broken[25])


def test_a_definition_that_another_cell_has_replaced_is_not_the_one_in_the_cell(broken):
    for number in (30, 34):
        assert "A later cell has given the name pool_output_size to something else" in printed(broken[number])
    assert raised(broken[36]) == []
    assert "A later cell" not in printed(broken[36])


@pytest.fixture(scope="module")
def undefined():
    """A kernel in which exercises are used before they are defined."""
    return run(
        SETUP,
        "check(AvgPool2d, 'forward')",
        BACKWARD,
        "language = 'English'\nundefined",
        FORWARD.replace("return out", "return out)"),  # 4
        "check(AvgPool2d, 'forward')",
        BACKWARD,
        "check(AvgPool2d, 'backward')",
        "pool_output_size(4, 2, 2)",  # 8
        "from ncl_course import language\nlanguage('ru')",
        "check(MaxPool2d)",
    )


def test_an_exercise_that_is_not_defined_says_which_cell_to_run(undefined):
    run_above = "{} is not defined yet: run the cell above that defines it"
    for number, name in ((1, "AvgPool2d"), (2, "AvgPool2d"), (8, "pool_output_size")):
        assert run_above.format(name) in printed(undefined[number])
        assert raised(undefined[number]) == ["NameError"]
    assert "выполните ячейку выше" in printed(undefined[10])


def test_the_reason_is_the_first_failure_and_not_what_follows_from_it(undefined):
    for number in (5, 6, 7):
        assert "the cell with it failed: SyntaxError: unmatched ')'" in printed(undefined[number])


def ran(*cells):
    """Run cells one after another as a kernel does, with a history of their own, and return the names."""
    names, kept = {}, History()
    for source, made in cells:
        error = None
        try:
            exec(made, names)
        except Exception as raised_here:
            error = raised_here
        kept.note(source, error, names)
    return kept, names


SIZES = {"right": "pool_output_size = lambda *_: 1", "other": "pool_output_size = lambda *_: 2"}


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ((), Verdict.PASSED),
        ((("pool_output_size = (", "1 / 0"),), Verdict.ERROR),
        ((("pool_output_size = (", "1 / 0"), (SIZES["other"], SIZES["other"])), Verdict.PASSED),
        ((("x = 1 / 0", "1 / 0"),), Verdict.PASSED),
        (((SIZES["right"] + "\ncheck(pool_output_size)", "raise CheckFailed"),), Verdict.PASSED),
    ],
)
def test_the_last_run_of_the_cell_decides(monkeypatch, after, verdict):
    kept, names = ran((SIZES["right"], f"from ncl_course.errors import CheckFailed\n{SIZES['right']}"), *after)
    monkeypatch.setattr(history, "_history", kept)
    passed = ExerciseResult("pool_output_size", "01_pooling", (PartResult("value", Verdict.PASSED, 1.0),))
    found = history.beside_history(passed, names["pool_output_size"], names)
    assert found.verdict is verdict
    assert bool(found.parts[0].note) is (verdict is Verdict.ERROR)


def test_a_cell_that_defines_and_checks_at_once_is_judged_as_it_is(monkeypatch):
    kept, names = ran((SIZES["right"], SIZES["right"]), ("pool_output_size = (", "1 / 0"))
    monkeypatch.setattr(history, "_history", kept)
    exec(SIZES["other"], names)
    passed = ExerciseResult("pool_output_size", "01_pooling", (PartResult("value", Verdict.PASSED, 1.0),))
    assert history.beside_history(passed, names["pool_output_size"], names) == passed


def test_a_failure_that_was_corrected_is_not_the_reason_for_a_later_name_error():
    fails, deletes = ("pool_output_size = (", "1 / 0"), ("del x", "del pool_output_size")
    kept, _ = ran(fails, (SIZES["right"], SIZES["right"]), deletes)
    assert kept.first_failure("pool_output_size") is None
    kept, _ = ran(fails, ("pool_output_size = pool_output_size", "pool_output_size"))
    assert kept.first_failure("pool_output_size").error.startswith("ZeroDivisionError")


def test_another_name_and_a_cell_without_an_error_get_no_advice(undefined):
    assert [printed(undefined[number]) for number in (0, 3, 9)] == ["", "", ""]
