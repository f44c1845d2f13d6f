"""A build writes the recorded answers that differ from what torch computes, and its check only names them."""

from __future__ import annotations

import shutil

from typer.testing import CliRunner

from ncl_course.authoring import build, recordings
from ncl_course.checking.right.file import FOLDER, path_of
from ncl_course.cli import app

LESSON = "04_dropout"


def test_a_build_writes_what_differs_and_its_check_only_says_so(tmp_path):
    folder = tmp_path / "answers"
    shutil.copytree(FOLDER, folder)
    path_of("Dropout", folder).unlink()
    (problem,) = recordings.recordings(LESSON, check=True, folder=folder)
    assert problem.startswith("Dropout.bin differs from what torch computes; run `ncl-course build`")
    said: list[str] = []
    assert recordings.recordings(LESSON, report=said.append, folder=folder) == []
    assert said == ["Dropout.bin"]
    assert recordings.recordings(LESSON, check=True, folder=folder) == []
    assert path_of("Dropout", folder).read_bytes() == path_of("Dropout").read_bytes()


def test_the_verb_fails_if_a_recording_differs(monkeypatch):
    asked = []

    def found(only, check, report):
        asked.append((only, check))
        return ["Dropout.bin differs"]

    monkeypatch.setattr(recordings, "recordings", found)
    monkeypatch.setattr(build, "build", lambda root, check, report, only: [])
    done = CliRunner().invoke(app, ["build", "04", "--check"])
    assert done.exit_code == 1
    assert "Dropout.bin differs" in done.output
    assert asked == [(LESSON, True)]
