"""The recorded answers give torch's verdicts on every known answer; stale or damaged ones are not used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ncl_course.checking.answers import by_torch, notebook_answers
from ncl_course.checking.right import recorded
from ncl_course.checking.right.by_torch import Answers
from ncl_course.checking.right.expected import shared_out
from ncl_course.checking.right.file import FOLDER, Recording, as_bytes, path_of, read
from ncl_course.checking.right.make import recorded_exercises
from ncl_course.checking.right.recorded import RecordedAnswers, argument_names, recorded_answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.protocol.values import ProtocolError
from tests.answers import RIGHT, WRONG

NAMES = [exercise.name for exercise in recorded_exercises()]
OPEN = {"Maxout": 4, "BatchNorm2d": 2}
"""The number of an exercise's cases that follow the student's answer in a way that is not recorded."""


def both(name: str) -> list[tuple[RecordedAnswers, Answers]]:
    exercise = find(name)
    pairs = [(notebook_answers(exercise, part.name), by_torch(exercise, part.name)) for part in exercise.parts]
    assert all(isinstance(recorded, RecordedAnswers) for recorded, _ in pairs)
    return pairs


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_answer_and_torch_agree_on_every_case_of_every_known_answer(name):
    pairs, compared = both(name), 0
    for target in (*RIGHT[name], *(wrong for _, wrong in WRONG[name])):
        for answers, live in pairs:
            traces = Here(target).play_all([case.script for case in live.cases])
            for number, trace in enumerate(traces):
                by_recording, truly = answers.difference(number, trace), live.difference(number, trace)
                if by_recording is None or not answers.expected[number].open:
                    assert (by_recording is None) == (truly is None), (target, live.cases[number].name)
                compared += 1
    assert compared > 100


def test_few_cases_are_left_open_and_every_right_answer_passes_without_torch_but_for_those(monkeypatch):
    undecided = set()
    for name in NAMES:
        pairs = both(name)
        for answers, _ in pairs:
            monkeypatch.setattr(answers, "live", None)
        assert sum(one.open for answers, _ in pairs for one in answers.expected) == OPEN.get(name, 0)
        for target in RIGHT[name]:
            result = judge(find(name), Here(target), [answers for answers, _ in pairs])
            states = {part.state or part.verdict for part in result.parts}
            undecided |= {target.__name__} if "undecided" in states else set()
            assert states <= {Verdict.PASSED, "undecided"}, target
    assert undecided == {"PieceLoopMaxout", "SharedTieMaxout"}


def test_a_right_answer_is_judged_without_torchs_answers_and_a_wrong_one_with_its_name():
    exercise = find("AvgPool2d")
    asked = []

    def by_torch(exercise, part):
        asked.append(part)
        return Answers(exercise, part, 0)

    answers = [recorded_answers(exercise, part.name, by_torch) for part in exercise.parts]
    assert judge(exercise, Here(RIGHT["AvgPool2d"][0]), answers).verdict is Verdict.PASSED
    assert asked == []
    name, wrong = WRONG["AvgPool2d"][0]
    assert judge(exercise, Here(wrong), answers).misconceptions[:1] == (f"AvgPool2d.{name}",)
    assert asked


@pytest.mark.parametrize("error", [0.3e-7, 3e-7])
def test_the_tolerance_is_that_of_torchs_answers(error):
    class Tanh(RIGHT["Tanh"][0]):
        def forward(self, x):
            return super().forward(x) * x.dtype.type(1 + error)

    for answers, live in both("Tanh")[:1]:
        traces = Here(Tanh).play_all([case.script for case in live.cases])
        found = {number for number, trace in enumerate(traces) if answers.difference(number, trace) is not None}
        assert found == set(live.failing(traces))
        assert bool(found) == (error > 1e-7)


def test_a_recording_of_other_cases_is_not_used(tmp_path):
    exercise = find("ReLU")
    recording = read(path_of("ReLU"))
    other = {name: replace(part, digest="0" * 16) for name, part in recording.parts.items()}
    path_of("ReLU", tmp_path).write_bytes(as_bytes(Recording(recording.arguments, other)))
    assert recorded_answers(exercise, "forward", by_torch, tmp_path) is None
    assert recorded_answers(exercise, "forward", by_torch) is not None


def test_a_recording_without_a_number_that_the_cases_need_is_not_used(tmp_path):
    recording = read(path_of("Maxout"))
    other = {name: replace(part, known={}) for name, part in recording.parts.items()}
    path_of("Maxout", tmp_path).write_bytes(as_bytes(Recording(recording.arguments, other)))
    assert recorded_answers(find("Maxout"), "forward", by_torch, tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"no recording", path_of("ReLU").read_bytes()[:-100]], ids=len)
def test_a_damaged_file_counts_as_none(tmp_path, content):
    path = path_of("ReLU", tmp_path)
    path.write_bytes(content)
    with pytest.raises(ProtocolError, match=r"ReLU\.bin holds no recorded answers"):
        read(path)
    assert recorded_answers(find("ReLU"), "forward", by_torch, tmp_path) is None


def test_lesson_06_has_no_recording_and_is_judged_by_torch():
    assert recorded.recording(path_of("train_step")) == Recording()
    assert argument_names(find("train_step")) == ("model", "loss", "optimizer", "x", "labels")


def test_the_recordings_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.bin")) < 1_000_000


def test_a_tied_windows_gradient_may_go_to_any_one_of_its_largest_cells():
    """Two windows: the first (1) is tied in three cells, the second (2) in the last two; they share the third cell."""
    reach = np.array([[1.0, 1.0, 3.0, 2.0]]).reshape(1, 1, 1, 4)

    def nearest(*answer):
        return shared_out(reach, np.reshape(answer, reach.shape)).ravel().tolist()

    assert nearest(0.0, 1.0, 2.0, 0.0) == [0, 1, 2, 0]
    assert nearest(0.0, 0.0, 3.0, 0.0) == [0, 0, 3, 0]
    assert nearest(1.0, 1.0, 1.0, 2.0) == [1, 0, 0, 2]  # the whole gradient to all of them is wrong
    assert nearest(np.nan, np.inf, 0.0, 0.0) == [1, 0, 2, 0]
    assert shared_out(-reach, -np.reshape([0.0, 1.0, 0.0, 2.0], reach.shape)).ravel().tolist() == [0, -1, 0, -2]
