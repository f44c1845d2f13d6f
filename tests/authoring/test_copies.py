"""Copies of the real lessons' solutions with other names are found; code that students are given does not count."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from ncl_course.authoring import copies as searched
from ncl_course.authoring.copies import Secrets, secrets
from ncl_course.authoring.distribution import contents
from ncl_course.authoring.formulas import expression, formula, weight
from ncl_course.authoring.leaks import leaks
from tests.authoring.double import LESSON, notebook

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"


@cache
def known() -> Secrets:
    """Return the secrets of the real lessons."""
    return secrets(LESSONS)


def copies(files: dict[str, bytes], lessons: Path = LESSONS) -> list[str]:
    """Return the copies of the real lessons' solutions, or of others', in some files."""
    return searched.copies(files, known() if lessons == LESSONS else secrets(lessons))


BOTH_DROPOUTS = """
rows = (
    (np.where(kept, values, 0), kept, text("classic_train")),
    (values * keep_prob, on, text("classic_test")),
    (np.where(kept, values / keep_prob, 0), kept, text("inverted_train")),
)
"""
RUNNING_STATISTICS = """
def running(values, alpha, start=0.0):
    kept = []
    for value in values:
        start = alpha * start + (1 - alpha) * value
        kept.append(start)
    return np.array(kept)
"""
LINEAR_LAYER = """
def draw_linear(weight, x, bias, axes):
    y = weight @ x + bias
    return draw_grid(y[:, None], "Y", axes[3])
"""
SMOOTHED = "mean = keep * mean + (1 - keep) * value"


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        (BOTH_DROPOUTS, "04_dropout (dropout-forward)"),
        (RUNNING_STATISTICS, "05_normalization (batchnorm-forward)"),
        (LINEAR_LAYER, "03_linear_softmax (linear-forward)"),
        (SMOOTHED, "05_normalization (batchnorm-forward)"),
    ],
    ids=["both dropouts", "running statistics", "linear layer", "smoothed loss"],
)
def test_formulas_that_once_stood_in_rooms_for_students_are_found(code: str, cell: str) -> None:
    (found,) = copies({"ncl_course/viz/room.py": code.encode()})
    assert found.startswith(f"ncl_course/viz/room.py copies a solution, {cell}: ")


@pytest.mark.parametrize(
    "code",
    [
        "def forward(self, x):\n    return x * self.mask / self.keep_prob",
        "def f(a, b, c):\n    return a * b / c",
        "kept = values / keep_prob * chosen",
        "x *= self.mask / self.keep_prob",
        "y = bias + mask * x / keep_prob",
    ],
    ids=["as it is", "renamed", "in another order", "in place", "inside a larger expression"],
)
def test_a_short_formula_is_found_in_any_notation(code: str) -> None:
    assert copies({"a.py": code.encode()})


@pytest.mark.parametrize(
    "code",
    [
        "out = np.where(0 <= z, z, a * np.expm1(np.minimum(z, 0)))",
        "q = np.exp(z - z.max(axis=-1, keepdims=True))",
        "m = (u - s - v * t) / r",
        "loss = -table[np.arange(len(classes)), classes].mean()",
    ],
)
def test_a_rich_formula_is_found_under_any_names(code: str) -> None:
    assert copies({"a.py": code.encode()})


def test_three_statements_are_found_under_any_names() -> None:
    code = """
def one(net, cost, descent, pixels, numbers):
    net.train()
    found = cost.forward(net.forward(pixels), numbers)
    net.backward(cost.backward())
    descent.step()
    return found
"""
    found = copies({"a.py": code.encode()})
    assert len(found) == 3
    assert all("06_train_cnn (train-step)" in line for line in found)


@pytest.mark.parametrize(
    "code",
    [
        "height = width * rows / cols",
        "def f(self, x):\n    self.x = x\n    return x",
        "self.a = a\nself.b = b\nself.c = c",
        "names = sorted(set(found))",
        "total = sum(layer.count for layer in layers)",
        "x * keep_prob",
    ],
)
def test_short_formulas_of_other_things_and_trivial_statements_are_no_copies(code: str) -> None:
    assert copies({"a.py": code.encode()}) == []


def test_a_copy_in_a_notebooks_cell_is_found_beside_a_cell_with_a_magic_command() -> None:
    cells = [{"cell_type": "code", "source": source} for source in ("%matplotlib inline", SMOOTHED)]
    text = {"cell_type": "markdown", "source": SMOOTHED}
    assert copies({"a.ipynb": json.dumps({"cells": [*cells, text]}).encode()})
    assert copies({"a.ipynb": json.dumps({"cells": [cells[0], text]}).encode()}) == []


def test_a_cell_with_a_magic_command_in_a_lesson_stops_no_release(tmp_path: Path) -> None:
    (tmp_path / "01_double.py").write_text(f'{LESSON}\n# %% id="magic"\n# %matplotlib inline\n', encoding="utf-8")
    assert copies({"a.py": SMOOTHED.encode()}, tmp_path) == []


def test_what_students_are_given_is_no_secret(tmp_path: Path) -> None:
    own = LESSON.replace("first = x + 0", "first = np.exp(2 * x) / (1 + np.exp(2 * x))")
    copy = {"a.ipynb": notebook("y = np.exp(2 * z) / (1 + np.exp(2 * z))")}
    (tmp_path / "01_double.py").write_text(own, encoding="utf-8")
    assert copies(copy, tmp_path)
    (tmp_path / "02_given.py").write_text(
        '# %% id="given"\nprint(np.exp(2 * t) / (1 + np.exp(2 * t)))\n', encoding="utf-8"
    )
    assert copies(copy, tmp_path) == []


def test_a_cell_that_is_worth_no_points_has_no_secrets(tmp_path: Path) -> None:
    own = LESSON.replace('solves="double"', 'role="own"').replace("x + 0", "x * np.exp(x) / (1 + np.exp(x))")
    (tmp_path / "01_double.py").write_text(own, encoding="utf-8")
    assert copies({"a.py": b"y = x * np.exp(x) / (1 + np.exp(x))"}, tmp_path) == []


def test_oracles_are_not_searched_and_an_exception_counts_for_its_file_and_formula_alone() -> None:
    formula_of_data = b"y = (x - mean) / scale"
    assert copies({"ncl_course/oracles/a.py": SMOOTHED.encode()}) == []
    assert copies({"ncl_course/data/dataset.py": formula_of_data}) == []
    assert copies({"ncl_course/data/dataset.py": SMOOTHED.encode()})
    assert copies({"ncl_course/data/other.py": formula_of_data})


def test_every_exception_is_still_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = dict(searched.NO_EXERCISE)
    monkeypatch.setattr(searched, "NO_EXERCISE", {})
    for name in allowed:
        assert copies({name: (ROOT / name).read_bytes()}), name


def test_nothing_that_students_get_copies_a_solution() -> None:
    assert leaks(contents(ROOT, ["en", "ru"]), LESSONS) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a * b / c", "x / z * y"),
        ("a - (b - c)", "z + x - y"),
        ("x @ w.T + b", "w @ x + c"),
        ("np.where(m, a, 0)", "b * n"),
        ("a > b", "y < x"),
        ("f(self.x, rng=rng)", "f(values, rng=given)"),
        ("(a * b).astype(x.dtype)", "c * d"),
        ("params['weight'] ** 2", "self.params['gamma'] ** 2"),
    ],
)
def test_one_formula_in_two_notations_has_one_normal_form(one: str, other: str) -> None:
    assert formula(expression(one)).form == formula(expression(other)).form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a * b / c", "a * a / c"),
        ("a - b", "a + b"),
        ("a * s + (1 - a) * v", "a * s + (1 - v) * v"),
        ("np.exp(x)", "np.log(x)"),
        ("x.sum(axis=0)", "x.sum(axis=1)"),
        ("x.shape", "x.size"),
        ("a > b", "a >= b"),
    ],
)
def test_different_formulas_have_different_normal_forms(one: str, other: str) -> None:
    assert formula(expression(one)).form != formula(expression(other)).form


def test_weight_counts_operations_names_and_constants() -> None:
    assert [weight(expression(text)) for text in ("x", "self.x", "a * b / c", "x.astype(x.dtype)", "-x + 1")] == [
        1,
        1,
        5,
        1,
        4,
    ]
