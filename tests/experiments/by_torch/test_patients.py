"""Each patient has exactly the mistake that the lesson lists, and the probes in its hints reveal it."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import every_answer
from ncl_course.checking.run import Here, judge
from ncl_course.exercises import find
from ncl_course.experiments.by_torch.patients import PatientA, PatientB, PatientC

ILL = {
    "ClassicDropout": (PatientA, "ClassicDropout.scaled-by-drop-at-test"),
    "BatchNorm2d": (PatientC, "BatchNorm2d.momentum-swapped"),
}


@pytest.mark.parametrize("name", ILL)
def test_the_courses_own_check_names_the_mistake(name):
    patient, illness = ILL[name]
    exercise = find(name)
    result = judge(exercise, Here(patient), every_answer(exercise))
    assert illness in result.misconceptions, result.misconceptions


def test_patient_a_keeps_a_quarter_of_the_signal_at_p_four_fifths_and_is_right_at_one_half():
    ones = np.ones((4, 1000))
    for keep_prob, at_test in ((0.8, 0.2), (0.5, 0.5)):
        patient = PatientA(keep_prob, np.random.default_rng(0))
        assert patient.forward(ones).mean() == pytest.approx(keep_prob, abs=0.03)
        np.testing.assert_allclose(patient.eval().forward(ones), at_test)


def test_patient_b_starts_with_zero_variance_and_recovers():
    x = np.random.default_rng(0).normal(2.0, 3.0, (8, 2, 4, 4))
    patient = PatientB(2)
    np.testing.assert_array_equal(patient.running_var, 0)
    patient.forward(x)
    assert np.abs(patient.eval().forward(x)).max() > 3 * np.abs(patient.train().forward(x)).max()
    for _ in range(100):
        patient.forward(x)
    np.testing.assert_allclose(patient.running_var, x.var((0, 2, 3)), rtol=1e-3)


def test_patient_c_forgets_nearly_everything_in_one_step():
    x = np.random.default_rng(0).normal(2.0, 3.0, (8, 2, 4, 4))
    patient = PatientC(2)
    patient.forward(x)
    np.testing.assert_allclose(patient.running_mean, 0.9 * x.mean((0, 2, 3)))
