"""The verb: run the probes, print the findings, and return an exit status."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from ncl_course.doctor.examine import examine
from ncl_course.doctor.machine import desk
from ncl_course.doctor.report import as_json, as_table, fixes
from ncl_course.doctor.walls import Tried
from ncl_course.language import text

WELL, ILL = 0, 1


def doctor(try_sandbox: Callable[[], Tried] | None, for_programs: bool = False, *, grading: bool = False) -> int:
    """Print every finding, as a table with the fixes below it or as JSON, and return the exit status.

    Raises:
        NoHomeError: if the system knows no home folder, on which most findings depend.
    """
    desk()
    with Console(stderr=True).status(text("doctor.looking")):
        findings = list(examine(try_sandbox, grading=grading))
    helps = fixes(findings)
    if for_programs:
        print(as_json(findings))
        return ILL if helps else WELL
    console = Console(highlight=False, soft_wrap=True)
    console.print(as_table(findings), soft_wrap=False)
    for line in helps:
        console.print(line, style="red", markup=False)
    if not helps:
        console.print(text("doctor.all_well"), style="green", markup=False)
    return ILL if helps else WELL
