"""Whether a run may go on where an earlier one stopped: both parts must give the scores of one run."""

from __future__ import annotations

from typing import Any

from ncl_course.grading.errors import GradebookError
from ncl_course.language import text

About = dict[str, Any]

DECIDE = ("ncl-course", "numpy", "torch")
"""Packages whose version may decide on a score."""


def demand_same(recorded: About, now: About, seed: int | None) -> None:
    """Refuse to go on with another seed (None: the recorded one), other limits, or other versions.

    Raises:
        GradebookError: something differs; the message says what, and what to do.
    """
    if seed not in (None, recorded["seed"]):
        raise GradebookError(text("grading.problem.resume_seed", recorded=recorded["seed"], given=seed))
    limits: Any = recorded.get("limits", now["limits"])
    if limits != now["limits"]:
        raise GradebookError(text("grading.problem.resume_limits", **limits))
    then = recorded.get("versions", {})
    changed = [name for name in DECIDE if then.get(name, now["versions"][name]) != now["versions"][name]]
    if changed:
        was, given = (", ".join(f"{name} {of[name]}" for name in changed) for of in (then, now["versions"]))
        raise GradebookError(text("grading.problem.resume_versions", recorded=was, given=given))
