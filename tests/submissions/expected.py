"""What each notebook of this folder is to get: the tables behind the ``expected.toml`` files.

A part's verdict is a letter: p passed, f failed, m missing, e error, t timeout, k killed; ``"pf"`` is a right
forward and a wrong backward pass.
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
        """The letters by exercise."""
        return {"pool_output_size": self.size, "MaxPool2d": self.max, "AvgPool2d": self.avg}


MAX_MARKS = {
    "window-from-stride": "ff",
    "stride-from-kernel": "ff",
    "kernel-and-stride-swapped": "ff",
    "default-stride-one": "fp",
    "stride-ignored": "ff",
    "axes-swapped": "fp",
    "end-from-other-axis": "fe",
    "reshape-scrambled": "fe",
    "size-rounded-up": "fe",
    "last-window-missing": "fp",
    "over-channels": "fp",
    "over-batch": "fp",
    "returned-too-early": "fp",
    "dtype-drift": "fp",
    "gradient-accumulated": "pf",
    "result-overwritten": "fp",
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
    "gradient-not-divided": "pf",
    "divided-by-side": "ff",
    "gradient-to-maximum": "pf",
    "sum-taken": "ff",
    "maximum-taken": "fp",
    "input-changed": "fe",
}

RIGHT = Expected(why="right, whatever the style")
UNREADABLE = Expected(status="unreadable", why="no notebook")
NO_LOOT = Expected(max="fm", avg="mm", why="right only if the try succeeds, and it must not")

MARKS: dict[str, Expected] = {
    "unfinished": Expected("m", "mm", "mm", why="the stubs as they were handed out"),
    "half_done": Expected("p", "pm", "mm", why="a right forward counts before the gradient is there"),
    "nothing_in_it": Expected("m", "mm", "mm", why="one empty cell"),
    "syntax_error_in_one_cell": Expected(max="ee", why="the cell that does not parse costs its exercise alone"),
    "defined_twice": Expected(avg="mm", why="the last definition counts, a stub included"),
    "magics_left_in": Expected(why="magics and shell escapes cost nothing"),
    "cells_that_raise": Expected(why="cells that raise cost nothing by themselves"),
    "raises_in_forward": Expected(max="ee", why="an exception of the student's own"),
    "wrong_type": Expected("e", "ee", "ee", why="the names are there, but not what was asked for"),
    "loop_in_backward": Expected(max="pt", why="one endless loop costs that part alone"),
    "loop_in_cell": Expected(why="an endless cell is left out, the rest counts"),
    "loop_ignores_signals": Expected(max="tt", why="a loop that ignores SIGXCPU ends at the hard limit"),
    "exit_in_forward": Expected(max="kk", why="os._exit ends its own exercise alone"),
    "exit_in_cell": Expected(why="cells that exit are left out, the rest counts"),
    "segfault": Expected(max="pk", why="a crash in C code"),
    "fork_bomb": Expected(max="tt", why="it forks up to its limit and never answers"),
    "memory_bomb": Expected(max="kk", why="memory has a limit"),
    "memory_bomb_in_cell": Expected(why="a cell that takes all memory is left out"),
    "huge_answer": Expected(max="fe", why="a result of 32 MB is not sent; backward finds no x"),
    "flood": Expected(why="printing a lot costs nothing"),
    "torch_inside": Expected(max="ee", why="torch is not there"),
    "torch_at_the_top": Expected(avg="ee", why="importing torch costs what stands in the same cell, if anything"),
    "reads_files": NO_LOOT,
    "network": NO_LOOT,
    "writes_files": NO_LOOT,
    "imports_oracles": NO_LOOT,
    "patched_allclose": Expected(max="fm", why="nothing in the student's process decides"),
    "patched_player": Expected(max="fm", why="nothing in the student's process decides"),
    "forged_message": Expected(max="kk", why="a second answer to one question"),
    "forged_in_cell": Expected(why="the cell that forges is left out, the rest is honest"),
    "forged_length": Expected(max="kk", why="an absurd length costs no memory"),
    "saved_with_bom": RIGHT,
    "saved_as_utf16": RIGHT,
    "saved_with_crlf": RIGHT,
}


def of_mistakes(of_max: str, of_avg: str | None, of_size: str | None) -> Expected:
    """The marks of a notebook with those mistakes."""
    names = [("pool_output_size", of_size), ("MaxPool2d", of_max), ("AvgPool2d", of_avg)]
    ids = [f"{exercise}.{mistake}" for exercise, mistake in names if mistake]
    marks = AVG_MARKS[of_avg] if of_avg else "pp"
    return Expected("f" if of_size else "p", MAX_MARKS[of_max], marks, tuple(ids), why="known mistakes get their names")


def as_toml(expected: Expected | Marks) -> str:
    """The content of an ``expected.toml``."""
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
    """The points of an exercise."""
    points = PARTS[exercise].values()
    return sum((value for value, letter in zip(points, letters, strict=True) if letter == "p"), 0.0)


def verdict(letters: str) -> str:
    """An exercise's verdict: all right, some right, or the first that is not."""
    wrong = letters.replace("p", "")
    if not wrong:
        return "passed"
    return VERDICTS[wrong[0]] if len(wrong) == len(letters) else "partial"
