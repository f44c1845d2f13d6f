"""Judge the mutants: ``python -m tests.mutants [--share 0.02] [--seed 1] [--save FILE] [EXERCISE...]``.

A mutant has to be killed by the checks, or its witness has to find it equivalent, or ``listed.toml`` has to give the
reason why it survives; else the exit status is 1. ``--share`` judges that share of each answer's mutants, drawn by the
seed; all together take an hour or more.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tomllib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from ncl_course.checking.answers import Answers
from ncl_course.exercises import find
from tests.answers import RIGHT
from tests.mutants.edits import Edit
from tests.mutants.sources import Source, source_of
from tests.mutants.trial import Court, Fate, Witness, judged
from tests.mutants.witnesses import WITNESSES

SEED = 7
"""The seed of the checks."""

LISTED = Path(__file__).with_name("listed.toml")
COLUMNS = ("made", "killed", "endless", "equivalent", "listed", "unexplained")

Found = dict[str, str]
"""One judged mutant: its exercise, answer, line, label, fate and the witness's objection."""


@cache
def court(exercise: str) -> Court:
    """Return what judges an exercise's mutants, computed once in each process."""
    found = find(exercise)
    assert found is not None
    answers = tuple(Answers(found, part.name, SEED) for part in found.parts)
    made: Callable[[], Witness] = WITNESSES[exercise]
    return Court(found, answers, made())


def sampled(source: Source, share: float, seed: int) -> list[Edit]:
    """Return that share of an answer's edits, drawn by the seed; at least one."""
    every = list(source.edits())
    rng = np.random.default_rng([seed, zlib.crc32(f"{source.exercise}.{source.name}".encode())])
    chosen = rng.choice(len(every), max(1, round(share * len(every))), replace=False)
    return [every[number] for number in sorted(chosen)]


def judge_some(exercise: str, number: int, share: float, seed: int, part: int, parts: int) -> list[Found]:
    """Judge one of several parts of the mutants of one right answer, given by its number."""
    source = source_of(exercise, RIGHT[exercise][number])
    chosen = sampled(source, share, seed)[part::parts]
    return [
        {"exercise": exercise, "answer": source.name, "line": str(edit.line), "edit": edit.label}
        | {"fate": fate.name, "note": note}
        for edit, (fate, note) in zip(chosen, judged(court(exercise), source, chosen), strict=True)
    ]


def explained(found: Iterable[Found]) -> tuple[dict[str, Counter[str]], list[Found]]:
    """Count the mutants of each exercise by their ends, and return those that nothing explains."""
    listed = {(entry["answer"], entry["edit"]) for entry in tomllib.loads(LISTED.read_text("utf-8")).get("listed", [])}
    counts: dict[str, Counter[str]] = {}
    unexplained = []
    ends = {Fate.KILLED.name: "killed", Fate.ENDLESS.name: "endless", Fate.EQUIVALENT.name: "equivalent"}
    for one in found:
        end = ends.get(one["fate"]) or ("listed" if (one["answer"], one["edit"]) in listed else "unexplained")
        counts.setdefault(one["exercise"], Counter()).update(["made", end])
        unexplained += [one] if end == "unexplained" else []
    return counts, unexplained


def reported(counts: dict[str, Counter[str]], unexplained: Sequence[Found]) -> int:
    """Print the table and the mutants that nothing explains; return 0 if there are none, else 1."""
    table = Table(*(Column(name, no_wrap=True) for name in ("exercise", *COLUMNS)), title="Mutants made by machine")
    for exercise in (name for name in RIGHT if name in counts):
        table.add_row(exercise, *(str(counts[exercise][column]) for column in COLUMNS))
    table.add_section()
    total = sum(counts.values(), Counter())
    table.add_row("all", *(str(total[column]) for column in COLUMNS))
    console = Console()
    console.print(table)
    for one in unexplained:
        where = f"{one['exercise']}, {one['answer']}, line {one['line']}"
        console.print(f"UNEXPLAINED: {where}\n  {one['edit']}\n  {one['note']}", markup=False)
    return 1 if unexplained else 0


def main(args: Sequence[str]) -> int:
    """Judge the mutants that were asked for, and say whether all are explained; 2 for an unknown exercise."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path)
    asked = parser.parse_args(args)
    unknown = set(asked.exercises) - RIGHT.keys()
    if unknown:
        print(f"no exercise {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    parts = 1 if asked.share < 0.1 else 8
    jobs = [
        (exercise, number, asked.share, asked.seed, part, parts)
        for exercise in asked.exercises or RIGHT
        for number in range(len(RIGHT[exercise]))
        for part in range(parts)
    ]
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(judge_some, *job) for job in jobs]
        shown = track(as_completed(waiting), "judging", len(waiting), console=Console(stderr=True), transient=True)
        found = [one for done in shown for one in done.result()]
    found.sort(key=lambda one: (one["exercise"], one["answer"], int(one["line"]), one["edit"]))
    if asked.save:
        asked.save.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return reported(*explained(found))
