"""The expected marks of each notebook in this folder: the tables behind the ``expected.toml`` files.

A part's verdict is a letter: p passed, f failed, m missing, e error, t timeout, k killed. ``"pf"`` is a right forward
pass and a wrong backward pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ncl_course.exercises import EXERCISES
from tests.submissions.cells import Marks

VERDICTS = {"p": "passed", "f": "failed", "m": "missing", "e": "error", "t": "timeout", "k": "killed"}
PARTS = {exercise.name: {part.name: part.points for part in exercise.parts} for exercise in EXERCISES}


@dataclass(frozen=True)
class Expected:
    """One notebook's marks, as letters for the parts of its exercises, and the misconceptions that are named."""

    size: str = "p"
    max: str = "pp"
    avg: str = "pp"
    named: tuple[str, ...] = field(default=())
    status: str = "graded"
    why: str = ""

    def letters(self) -> dict[str, str]:
        """Return the letters by exercise."""
        return {"pool_output_size": self.size, "MaxPool2d": self.max, "AvgPool2d": self.avg}


MAX_MARKS = {
    "window-from-stride": "ff",
    "stride-from-kernel": "ff",
    "kernel-and-stride-swapped": "ff",
    "default-stride-one": "fp",
    "stride-ignored": "ff",
    "axes-swapped": "fp",
    "end-from-other-axis": "ee",
    "reshape-scrambled": "fe",
    "size-rounded-up": "fe",
    "last-window-missing": "fp",
    "over-channels": "fp",
    "over-batch": "fp",
    "returned-too-early": "fp",
    "dtype-drift": "fp",
    "gradient-accumulated": "pf",
    "result-overwritten": "fp",
    "arguments-ignored": "ff",
    "height-for-width": "fp",
    "start-times-kernel": "ef",
    "over-batch-and-channels": "fp",
    "padding-added": "fp",
    "one-axis-reduced": "fp",
    "minimum-taken": "fp",
    "position-exchanged": "pf",
    "gradient-to-all-maxima": "pf",
    "gradient-split-among-maxima": "pf",
    "gradient-overwritten": "pf",
    "mask-accumulated": "pf",
    "gradient-spread-evenly": "pf",
    "window-offset-forgotten": "pf",
    "starts-at-zero": "fp",
    "average-taken": "fp",
    "stale-cache": "pf",
    "shared-between-instances": "pe",
    "upstream-forgotten": "pf",
    "input-changed": "fe",
    "starts-too-high": "fp",
    "gradient-truncated": "pf",
    "nearly-equal-taken": "pf",
}
AVG_MARKS = {
    **{name: marks for name, marks in MAX_MARKS.items() if marks != "fe"},
    "end-from-other-axis": "fp",
    "reshape-scrambled": "fe",
    "size-rounded-up": "fp",
    "start-times-kernel": "ff",
    "gradient-not-divided": "pf",
    "divided-by-side": "ff",
    "divided-by-output-size": "ff",
    "gradient-to-maximum": "pf",
    "sum-taken": "ff",
    "maximum-taken": "fp",
    "input-changed": "fe",
}

AVG_BY_A_FORMULA = ("window-from-stride",)
"""Mistakes of AvgPool2d where a relation names the backward pass."""

RIGHT = Expected(why="right, whatever the style")
UNREADABLE = Expected(status="unreadable", why="no notebook")
NO_LOOT = Expected(max="fm", avg="mm", why="right only if the attack succeeds, which it must not")

MARKS: dict[str, Expected] = {
    "unfinished": Expected("m", "mm", "mm", why="the stubs as they were handed out"),
    "half_done": Expected("p", "pm", "mm", why="a right forward pass counts even without a gradient"),
    "nothing_in_it": Expected("m", "mm", "mm", why="one empty cell"),
    "syntax_error_in_one_cell": Expected(max="ee", why="a cell that does not parse fails only its exercise"),
    "defined_twice": Expected(avg="mm", why="the last definition counts, a stub included"),
    "magics_left_in": Expected(why="magics and shell escapes cost no points"),
    "cells_that_raise": Expected(why="cells that raise cost no points by themselves"),
    "raises_in_forward": Expected(max="ee", why="the student's code raises an exception"),
    "wrong_type": Expected(
        "e",
        "ee",
        "ee",
        ("pool_output_size.not-a-function", "MaxPool2d.not-a-function", "AvgPool2d.arguments-differ"),
        why="the names are defined, but not as classes and functions",
    ),
    "loop_in_backward": Expected(max="pt", why="an endless loop fails only its part"),
    "loop_in_cell": Expected(why="an endless cell is skipped, and the rest counts"),
    "loop_ignores_signals": Expected(max="tt", why="a loop that ignores SIGXCPU ends at the hard limit"),
    "exit_in_forward": Expected(max="kk", why="os._exit ends only its own exercise"),
    "exit_in_cell": Expected(why="cells that exit are skipped, and the rest counts"),
    "segfault": Expected(max="pk", why="a crash in C code"),
    "fork_bomb": Expected(max="tt", why="it forks up to the limit and never answers"),
    "memory_bomb": Expected(max="kk", why="memory has a limit"),
    "memory_bomb_in_cell": Expected(why="a cell that takes all memory is skipped"),
    "huge_answer": Expected(max="fe", why="a result of 32 MB is not sent, and backward finds no x"),
    "flood": Expected(why="printing a lot costs no points"),
    "torch_inside": Expected(max="ee", why="torch is not available"),
    "torch_at_the_top": Expected(why="importing torch costs nothing where nothing uses it"),
    "reads_files": NO_LOOT,
    "network": NO_LOOT,
    "writes_files": NO_LOOT,
    "imports_oracles": NO_LOOT,
    "patched_allclose": Expected(max="fm", why="nothing in the student's process decides"),
    "patched_player": Expected(max="fm", why="nothing in the student's process decides"),
    "forged_message": Expected(max="kk", why="a second answer to one question"),
    "forged_in_cell": Expected(why="the cell that forges is skipped, and the rest is honest"),
    "forged_length": Expected(max="kk", why="an absurd length takes no memory"),
    "saved_with_bom": RIGHT,
    "saved_as_utf16": RIGHT,
    "saved_with_crlf": RIGHT,
}


def of_mistakes(of_max: str, of_avg: str | None, of_size: str | None) -> Expected:
    """Return the marks of a notebook with those mistakes."""
    names = [("pool_output_size", of_size), ("MaxPool2d", of_max), ("AvgPool2d", of_avg)]
    ids = [f"{exercise}.{mistake}" for exercise, mistake in names if mistake]
    if of_avg in AVG_BY_A_FORMULA:
        ids.append("AvgPool2d.another-formula")
    marks = AVG_MARKS[of_avg] if of_avg else "pp"
    return Expected("f" if of_size else "p", MAX_MARKS[of_max], marks, tuple(ids), why="known mistakes get their names")


def as_toml(expected: Expected | Marks) -> str:
    """Return the content of an ``expected.toml``."""
    lines = [f'note = "{expected.why}"', f'status = "{expected.status}"']
    if expected.status == "graded":
        scores = {name: score(name, letters) for name, letters in expected.letters().items()}
        lines.append(f"score = {sum(scores.values(), 0.0)}")
        for name, letters in expected.letters().items():
            lines += ["", f"[exercises.{name}]", f'verdict = "{verdict(letters)}"', f"score = {scores[name]}"]
            parts = ", ".join(
                f'{part} = "{VERDICTS[letter]}"' for part, letter in zip(PARTS[name], letters, strict=True)
            )
            named = ", ".join(f'"{one}"' for one in expected.named if one.startswith(f"{name}."))
            lines += [f"parts = {{ {parts} }}", f"misconceptions = [{named}]"]
    return "\n".join(lines) + "\n"


def score(exercise: str, letters: str) -> float:
    """Return the points of an exercise."""
    points = PARTS[exercise].values()
    return sum((value for value, letter in zip(points, letters, strict=True) if letter == "p"), 0.0)


def verdict(letters: str) -> str:
    """Return an exercise's verdict: passed if all are right, partial if some are, else the first verdict that is not a pass."""
    wrong = letters.replace("p", "")
    if not wrong:
        return "passed"
    return VERDICTS[wrong[0]] if len(wrong) == len(letters) else "partial"
