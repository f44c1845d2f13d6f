"""Fixtures for walls to grade behind, and for notebooks to grade."""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from ncl_course.checking.answers import Answers
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.own import read_key
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import INSIDE, PARTS, bubblewrap_walls
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import usable, usable_as_user
from ncl_course.grading.walls.user_walls import user_walls as build_user_walls
from tests.patience import PATIENCE

BY_THE_CLOCK = frozenset({"exhaust_sleep_in_cell", "exhaust_stops_itself"})
"""The submissions that only the clock ends: they use little processor time, or none that is counted."""

SEED = 7
SOLUTIONS = Path(__file__).parents[2] / "solutions"


@pytest.fixture(autouse=True)
def _patient(request, monkeypatch):
    """Remove the wall-clock limit, so that a busy machine ends no process; a test marked ``clock`` keeps it."""
    if not request.node.get_closest_marker("clock"):
        monkeypatch.setattr(Limits, "wall", PATIENCE)


kept_answers = cache(Answers)
"""The right answers, computed once for all graders of this process: they depend only on exercise, part and seed."""


@pytest.fixture(autouse=True)
def _answers_once(monkeypatch):
    """Let every grader of this process share the right answers."""
    monkeypatch.setattr("ncl_course.grading.grade.Answers", kept_answers)


kept_usable = cache(usable)
"""Bubblewrap's walls, tried once in this process; the tests of the walls themselves try them anew."""


@pytest.fixture(autouse=True)
def _tried_once(monkeypatch, request):
    """Let every run of the command in this process take the walls that were tried once."""
    if request.path.parent.name != "walls":
        monkeypatch.setattr("ncl_course.grading.walls.usable.usable", kept_usable)


@pytest.fixture(scope="session")
def walls():
    """Return bubblewrap's walls; if it does not run, skip the test with the reason, or fail in CI."""
    found = kept_usable()
    if found.walls is None:
        reason = f"bubblewrap does not run here: {found.why}. {found.fix}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found.walls


@pytest.fixture(scope="session")
def spawning_walls(walls):
    """Return the same without a fork server, as on a system that refuses further namespaces."""
    return bubblewrap_walls(forks=False)


@pytest.fixture(scope="session")
def user_walls(tmp_path_factory):
    """Return the walls of ``--sandbox user``; only root can build them."""
    if os.geteuid() != 0:
        pytest.skip("--sandbox user is for root alone")
    folder = tmp_path_factory.mktemp("user_walls")
    found = usable_as_user(folder)
    if found.walls is None:
        pytest.fail(f"--sandbox user does not work here: {found.why}")
    yield found.walls
    shutil.rmtree(folder)  # it is large


@pytest.fixture(scope="session")
def inside_with_forks(tmp_path_factory):
    """Return the code inside the sandbox without the rules against new processes, to test the walls behind these."""
    folder = tmp_path_factory.mktemp("forks") / "inside"
    shutil.copytree(INSIDE, folder)
    with (folder / "refusals.py").open("a") as file:
        file.write("\n\nTHREAD, NEW_PROCESS = 0, {}\n")
    return folder


@pytest.fixture(scope="session")
def forking_walls(walls, inside_with_forks):
    """Return bubblewrap's walls as they would be if new processes were allowed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PARTS, "ncl_course/grading/inside", inside_with_forks)
        return bubblewrap_walls(forks=walls.forks)


@pytest.fixture(scope="session")
def inside_without_filter(tmp_path_factory):
    """Return the code inside the sandbox as it is on a machine for which there is no filter of system calls."""
    folder = tmp_path_factory.mktemp("unfiltered") / "inside"
    shutil.copytree(INSIDE, folder)
    with (folder / "refusals.py").open("a") as file:
        file.write("\n\nMACHINES = ()\n")
    return folder


@pytest.fixture(scope="session")
def unfiltered_walls(walls, inside_without_filter):
    """Return bubblewrap's walls as they are on such a machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PARTS, "ncl_course/grading/inside", inside_without_filter)
        return bubblewrap_walls(forks=walls.forks)


@pytest.fixture(scope="session")
def forking_user_walls(user_walls, inside_with_forks, tmp_path_factory):
    """Return the walls of ``--sandbox user`` as they would be if new processes were allowed."""
    folder = tmp_path_factory.mktemp("forking_user_walls")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PARTS, "ncl_course/grading/inside", inside_with_forks)
        made = build_user_walls(folder)
    yield made
    shutil.rmtree(folder)  # it is large


@pytest.fixture(scope="session")
def grader(walls):
    """Return a grader with small limits, so that endless loops end soon, and with the key for lesson 06."""
    with Site(walls) as site:
        yield Grader(site, SEED, Limits(cpu=1, memory_mb=400), read_key(SOLUTIONS))


@pytest.fixture
def graded(grader, tmp_path):
    """Grade a notebook of lesson 01 that has those code cells."""

    def grade(*cells, student="anna"):
        path = write_notebook(tmp_path / student / "01_pooling.ipynb", *cells)
        return grader(Submission(student, path, f"{student}/01_pooling.ipynb"), 0)

    return grade


def marked(name):
    """The name of a folder in ``tests/submissions`` as a test's parameter, marked if only the clock ends it."""
    return pytest.param(name, marks=[pytest.mark.clock] if name in BY_THE_CLOCK else [])


def write_notebook(path, *cells, lesson="01_pooling"):
    """Write a notebook's file with these code cells."""
    nodes = [{"cell_type": "code", "metadata": {}, "source": source} for source in cells]
    metadata = {"ncl_course": {"lesson": lesson, "language": "en"}} if lesson else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": nodes}))
    return path
