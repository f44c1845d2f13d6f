"""The student's version of a cell: each solution region becomes a stub."""

from __future__ import annotations

from ncl_course.errors import LessonError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")


def strip(text: str) -> str:
    """Replace each solution region, with its marks, by the stub at the marks' indentation.

    Example:
        >>> print(strip("def f(x):\\n    ### BEGIN SOLUTION\\n    return 2 * x\\n    ### END SOLUTION"))
        def f(x):
            # YOUR CODE HERE
            raise NotImplementedError()

    Raises:
        LessonError: if a mark has no partner.
    """
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        mark = line.strip()
        if mark in (BEGIN, END) and inside is (mark == BEGIN):
            raise LessonError(f"{mark} without its partner, near: {kept[-1] if kept else text[:60]!r}")
        if mark == BEGIN:
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + part for part in STUB]
        if not inside and mark != BEGIN:
            kept.append(line)
        inside = mark == BEGIN or (inside and mark != END)
    if inside:
        raise LessonError(f"{BEGIN} without its partner, near: {kept[-1]!r}")
    return "\n".join(kept)


def regions(text: str) -> list[str]:
    """Return the solution regions of a cell, without their marks."""
    found: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.strip() == BEGIN:
            inside = True
            found.append("")
        elif line.strip() == END:
            inside = False
        elif inside:
            found[-1] += line + "\n"
    return found
