"""The doctor's findings as a table for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from ncl_course.doctor.finding import Finding
from ncl_course.language import text


def as_table(findings: Sequence[Finding]) -> Table:
    """Return one line per finding, green or red. No text in it is interpreted as markup."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        colour, mark = ("green", "well") if finding.ok else ("red", "ill")
        sign = Text(text(f"doctor.mark.{mark}"), style=f"bold {colour}")
        table.add_row(sign, Text(title(finding), style="bold"), Text(finding.said))
    return table


def title(finding: Finding) -> str:
    """Return the probe's name for people."""
    return text(f"doctor.name.{finding.name}")


def fixes(findings: Sequence[Finding]) -> list[str]:
    """Return one line for each fix, with all the findings that it fixes.

    A reader copies a line whole, so no table may cut it.
    """
    helps: dict[str, list[str]] = {}
    for finding in findings:
        if not finding.ok:
            helps.setdefault(finding.fix, []).append(title(finding))
    return [text("doctor.help", names=", ".join(names), fix=fix) for fix, names in helps.items()]


def as_json(findings: Sequence[Finding]) -> str:
    """Return one JSON object: whether all is well, and every finding by its id."""
    ok = all(finding.ok for finding in findings)
    return json.dumps({"schema": 1, "ok": ok, "findings": [asdict(f) for f in findings]}, indent=2)
