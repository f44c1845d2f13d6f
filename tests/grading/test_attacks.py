"""The hostile notebooks as a collection: enough of each kind, and each with a control that is still judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.grading.walls.test_ordinary_user import REPO, RUN, as_ordinary_user, folder
from tests.patience import PATIENCE
from tests.submissions.attacks import ATTACKS, KINDS
from tests.submissions.expected import VERDICTS
from tests.submissions.hostile import HOSTILE, WRONG_UNLESS
from tests.submissions.make import notebook

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
