"""The hostile notebooks as a collection: enough of each kind, and each with a control that is still judged.

Attacks on the way from the file to the report are handed in to the whole command, as one cohort.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ncl_course.grading.options import Options
from ncl_course.grading.verb import FINE, grade
from tests.grading.conftest import write_notebook
from tests.grading.walls.test_ordinary_user import REPO, RUN, as_ordinary_user, folder
from tests.grading.zips import notebook as packed_notebook
from tests.grading.zips import write_zip
from tests.patience import PATIENCE
from tests.submission.deep import DEEP
from tests.submissions.attacks import ATTACKS, KINDS
from tests.submissions.expected import VERDICTS
from tests.submissions.hostile import HOSTILE, WRONG_UNLESS
from tests.submissions.make import notebook
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

__all__ = ["folder"]  # a fixture

TAKEN_AT_ITS_WORD = {"forge_says_defined"}
"""Cells that answer for all exercises of their notebook, so that none is left as a control."""


def test_there_are_at_least_sixty_and_some_of_every_kind():
    assert len(ATTACKS) + len(HOSTILE) >= 60
    assert sum(len(kind.ATTACKS) for kind in KINDS) == len(ATTACKS), "two attacks have the same name"
    assert min(len(kind.ATTACKS) for kind in KINDS) >= 10


def other_exercises(name):
    """The letters of the exercises that an attack leaves alone."""
    letters = ATTACKS[name].expected.letters()
    attacked = "pool_output_size" if ATTACKS[name].expected.size != "p" else "MaxPool2d"
    return {exercise: marks for exercise, marks in letters.items() if exercise != attacked}


def test_whatever_an_attack_does_the_other_exercises_pass():
    others = {name: other_exercises(name) for name in ATTACKS.keys() - TAKEN_AT_ITS_WORD}
    assert not {name: letters for name, letters in others.items() if set("".join(letters.values())) != {"p"}}


def test_an_attack_for_loot_that_found_some_would_show_in_its_marks():
    after_loot = {name: attack for name, attack in ATTACKS.items() if WRONG_UNLESS in attack.cells}
    assert len(after_loot) > 30
    assert {attack.expected.max for attack in after_loot.values()} == {"fm"}


@pytest.mark.bwrap
def test_an_ordinary_users_walls_hold_against_escaping_and_persisting_too(folder, walls):
    tried = {name: attack for name, attack in ATTACKS.items() if name.startswith(("escape_", "persist_"))}
    for name, attack in tried.items():
        (folder / "cohort" / name).mkdir(parents=True)
        (folder / "cohort" / name / "01_pooling.ipynb").write_bytes(notebook(attack.cells))
    command = [sys.executable, "-B", "-c", RUN, str(folder / "cohort"), str(folder / "out"), str(walls.forks)]
    done = subprocess.run(
        as_ordinary_user(command), cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if "No permissions to create" in done.stderr and not os.environ.get("CI"):
        pytest.skip(f"ordinary users may not make namespaces here: {done.stderr}")
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    found = {
        entry["student"]: {one["exercise"]: [part["verdict"] for part in one["parts"]] for one in entry["exercises"]}
        for entry in results["submissions"]
    }
    assert found == {
        name: {
            exercise: [VERDICTS[letter] for letter in letters]
            for exercise, letters in attack.expected.letters().items()
        }
        for name, attack in tried.items()
    }


RIGHT = (SETUP, SIZE, MAX, AVG)
FLOODS = ["raise ValueError('spam and eggs ' * 10_000)"] * 300
ON_THE_WAY = {
    "anna": (RIGHT, 9.0),
    "zoe": ((SETUP, SIZE.replace("+ 1", "+ 2"), MAX), 4.0),
    "deep": ((DEEP["elif"], DEEP["magics"], DEEP["unclosed parentheses"], DEEP["lone surrogate"], *RIGHT), 9.0),
    "long": ((SETUP, SIZE, MAX, AVG + "\n" + "a\n" * 300_000), 5.0),
    "flood": ((*FLOODS, *RIGHT), 9.0),
    "漢" * 85: (RIGHT, 9.0),
    "\U00020000" * 63: (RIGHT, 9.0),
    "\x1b[2J\u202e=1+1;\u200b=2": (RIGHT, 9.0),
    "-rf": (RIGHT, 9.0),
    "con": (RIGHT, 9.0),
}
"""Students' names, their cells, and their points."""


@pytest.mark.bwrap
def test_an_attack_on_the_way_from_the_file_to_the_report_costs_nobody_anything(tmp_path, walls, capsys):
    cohort, out = tmp_path / "cohort", tmp_path / "out"
    for student, (cells, _) in ON_THE_WAY.items():
        write_notebook(cohort / student / "01_pooling.ipynb", *cells)
    borrowed = "Anna Petrova_123456_assignsubmission_file_"
    write_notebook(cohort / "eve" / borrowed / "01_pooling.ipynb", *RIGHT)
    names = [f"{'a' * 30_000}{number}{'b' * 30_000}/01_pooling.ipynb" for number in range(5)]
    write_zip(cohort / "mallory" / "my.zip", dict.fromkeys(names, packed_notebook(SETUP)))
    options = Options(jobs=2, timeout=1.0, memory=400, seed=7)
    assert grade([cohort], out, options) == FINE
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    expected = {name: points for name, (_, points) in ON_THE_WAY.items()} | {"eve": 9.0, "mallory": 0.0}
    assert {entry["student"]: entry["score"] for entry in results} == expected
    assert len(list((out / "feedback").iterdir())) == len(expected)
    assert sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) < 2 * 2**20
    said = capsys.readouterr()
    assert not [one for one in said.out + said.err if not one.isprintable() and one != "\n"]
