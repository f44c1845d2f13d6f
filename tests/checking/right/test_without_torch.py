"""The checks of lessons 01 to 05 give their verdicts where torch cannot be imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ncl_course.language import text

ROOT = Path(__file__).parents[3]

KEY = """\
import sys

sys.modules["torch"] = None                        # as if it were not installed
import json
from pathlib import Path
from ncl_course.selfcheck import check_notebook

checked = check_notebook(Path(sys.argv[1]))
print(json.dumps([{"verdict": one.verdict, "exercise": one.exercise} for one in checked.results]))
"""

WRONG = """\
import sys

sys.modules["torch"] = None
import json
from functools import partial
from ncl_course.checking.answers import every_answer, second_answers
from ncl_course.checking.render import plain
from ncl_course.checking.run import Here, judge
from ncl_course.exercises import find
from ncl_course.language import language
from tests.answers import WRONG

language("en")
seen = {}
for name in sys.argv[1:]:
    for mistake, target in WRONG[name]:
        exercise = find(name)
        result = judge(exercise, Here(target), every_answer(exercise), again=partial(second_answers, exercise))
        named = all(part.misconceptions for part in result.parts if part.difference is not None)
        seen[f"{name}.{mistake}"] = [result.verdict, plain(result), named]
print(json.dumps(seen))
"""


def run(code: str, *arguments: str) -> object:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "lesson", ["01_pooling", "02_activations", "03_linear_softmax", "04_dropout", "05_normalization"]
)
def test_a_key_passes(lesson):
    results = run(KEY, f"solutions/en/{lesson}.ipynb")
    assert results
    assert {result["verdict"] for result in results} == {"passed"}, results


def test_wrong_answers_fail_with_their_numbers_and_the_check_says_that_it_cannot_name_them():
    seen = run(WRONG, "MaxPool2d", "Dropout", "LayerNorm2d")
    assert len(seen) > 30
    assert {verdict for verdict, _, _ in seen.values()} <= {"failed", "partial", "error"}
    unnamed = text("checking.panel.unnamed_without_torch", "en").split(".")[0]
    for mistake, (_, panel, named) in seen.items():
        assert (unnamed in " ".join(panel.split())) == (not named), (mistake, panel)
    _, panel, _ = seen["MaxPool2d.gradient-to-all-maxima"]
    assert "layer = MaxPool2d(kernel_size=2, stride=2)" in panel
    assert "expected" in panel
