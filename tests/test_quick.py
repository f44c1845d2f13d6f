"""`make quick` finds the tests of what changed, the nearest first, and stops in time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import quick

ROOT = Path(__file__).parents[1]
FILES = {
    "tests/test_architecture.py": "",
    "tests/test_guides.py": "from ncl_course.viz import picture\n",
    "tests/browser/test_page.py": "from ncl_course.viz.picture import Picture\n",
    "tests/exercises/test_contract.py": "",
    "tests/nn/test_conv.py": "import ncl_course.viz.picture as shown\n",
    "tests/nn/test_optim.py": "from ncl_course.viz.pictures import Picture\n",
    "tests/viz/test_axes.py": "",
    "tests/viz/test_picture.py": "",
    "tests/viz/pooling/test_ruler.py": "from ncl_course.viz import axes, picture\n",
    "tests/checking/test_run.py": "from tests.viz.drawn import PICTURES\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a folder with some tests."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_tests_of_a_module_are_its_own_then_those_that_import_it_then_those_of_its_room(house: Path) -> None:
    assert quick.nearest(["ncl_course/viz/picture.py"], house) == [
        "tests/viz/test_picture.py",
        "tests/test_architecture.py",
        "tests/nn/test_conv.py",
        "tests/viz/pooling/test_ruler.py",
        "tests/viz/test_axes.py",
    ]


def test_a_changed_test_is_its_own_test_and_a_changed_helper_has_those_that_import_it(house: Path) -> None:
    assert quick.nearest(["tests/nn/test_optim.py"], house)[0] == "tests/nn/test_optim.py"
    assert quick.nearest(["tests/viz/drawn.py"], house)[1] == "tests/checking/test_run.py"


def test_an_oracle_and_a_known_answer_have_the_tests_that_try_every_exercise(house: Path) -> None:
    for file in ("ncl_course/oracles/pooling/right.py", "tests/answers/pooling_right.py"):
        assert quick.nearest([file], house)[-1] == "tests/exercises/test_contract.py"


def test_a_page_has_no_tests_but_those_of_the_houses_rules(house: Path) -> None:
    assert quick.nearest(["README.md", "docs/authors.md"], house) == ["tests/test_architecture.py"]


def test_every_place_that_quick_names_exists() -> None:
    named = (*quick.ALWAYS, *quick.EVERY_EXERCISE, *quick.IF_NOTHING_CHANGED, *quick.SLOW, *quick.ABOUT_EXERCISES)
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_what_git_does_not_know_yet_counts_as_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for name in ("kept", "edited", "deleted"):
        (tmp_path / name).write_text("as before")
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*me, "commit", "-q", "-m", "begun"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "edited").write_text("otherwise")
    (tmp_path / "new").write_text("here")
    (tmp_path / "deleted").unlink()
    assert quick.changed("main") == ["deleted", "edited", "new"]
    assert quick.changed("no-such-branch") == ["deleted", "edited", "new"]
    assert quick.usual_base() == "main"
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=tmp_path, check=True)
    assert quick.usual_base() == "origin/main"


PLAIN = "def test_{name}():\n    assert {truth}\n"


@pytest.mark.parametrize(
    ("truths", "seconds", "passed", "said"),
    [
        ((True, True), 900, True, "2 tests ran."),
        ((True, False), 900, False, "2 tests ran."),
        ((True, False), -1, True, "1 tests ran; the time was over before 1 more."),
        ((False, True), -1, False, "1 tests ran; the time was over before 1 more."),
    ],
)
def test_no_test_starts_when_the_time_is_over_and_a_failure_before_it_counts(
    tmp_path: Path, truths: tuple[bool, ...], seconds: float, passed: bool, said: str
) -> None:
    tests = "".join(PLAIN.format(name=number, truth=truth) for number, truth in enumerate(truths))
    (tmp_path / "test_it.py").write_text(tests, encoding="utf-8")
    code = f"from scripts.quick import tested, time; print(tested([{str(tmp_path)!r}], time.monotonic() + {seconds}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == [said, str(passed)]
