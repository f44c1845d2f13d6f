"""The course map as HTML for a notebook and as plain text: pure functions of the lessons' standings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from ncl_course.checking.course_map import LessonStanding, PartStanding, Standing, next_part
from ncl_course.checking.grids import number
from ncl_course.checking.render import BLUE, GREEN, GREY, ORANGE, template
from ncl_course.checking.stations import ALL_TOGETHER, WAY, Station, parts_at
from ncl_course.language import text

SIGNS: Mapping[Standing, str] = {
    Standing.DONE: "✔",
    Standing.FAILING: "✘",
    Standing.WRITTEN: "◐",
    Standing.OPEN: "○",
}
COLOURS: Mapping[Standing, str] = {
    Standing.DONE: GREEN,
    Standing.FAILING: ORANGE,
    Standing.WRITTEN: BLUE,
    Standing.OPEN: GREY,
}

Lessons = Sequence[LessonStanding]


def map_html(lessons: Lessons, hint: str = "", *, beside: bool = True) -> str:
    """Return the map as HTML: the path through a network, where to continue, and a table of the lessons.

    Args:
        hint: a sentence below it.
        beside: whether the notebooks are in the folder of the notebook that shows the map, so that links lead to them.
    """

    def linked(view: dict[str, Any]) -> dict[str, Any]:
        return view if beside else view | {"link": ""}

    return template("map.html").render(
        way=[linked(station_view(station, lessons)) for station in WAY],
        together=linked(station_view(ALL_TOGETHER, lessons)),
        rows=[linked(row_view(lesson)) for lesson in lessons],
        onward=linked(onward(lessons)),
        legend=[mark(standing) for standing in Standing],
        header=[text(f"course.map.{name}") for name in ("lesson", "parts", "points")],
        words={name: text(f"course.map.{name}") for name in ("title", "way", "saved")},
        total=total(lessons),
        hint=hint,
    )


def map_plain(lessons: Lessons, hint: str = "") -> str:
    """Return the map as text, with a hint below it."""
    way = " → ".join(text(f"course.map.station.{station.name}") for station in WAY)
    lines = [text("course.map.title"), way]
    for lesson in lessons:
        row = row_view(lesson)
        lines.append(f"{row['number']} {row['title']}: {row['points']}{' · ' + row['note'] if row['note'] else ''}")
        lines += [f"    {one['marks']} {one['name']}" for one in row["exercises"]]
        lines += [f"    {row['questions']}"] if row["questions"] else []
    further = onward(lessons)
    where = f" ({further['file']})" if further["file"] else ""
    last = f"{further['lead']} {further['name']}{where}".rstrip()
    return "\n".join([*lines, total(lessons), last, *([hint] if hint else [])])


def station_view(station: Station, lessons: Lessons) -> dict[str, Any]:
    """Return one station: its names, its link and its marks."""
    parts = parts_at(station, lessons)
    lesson = next((one for one in lessons if one.lesson == station.lesson), None)
    done = sum(part.standing is Standing.DONE for part in parts)
    return {
        "name": text(f"course.map.station.{station.name}"),
        "title": text(f"course.map.title_{station.lesson}") if lesson else text("course.map.given"),
        "number": number_of(station.lesson) if lesson else "",
        "link": link(lesson) if lesson else "",
        "marks": [mark(part.standing) for part in parts],
        "said": text("course.map.count", done=done, parts=len(parts)) if lesson else "",
        "colour": colour_of(parts) if lesson else GREY,
        "optional": station.optional,
    }


def row_view(lesson: LessonStanding) -> dict[str, Any]:
    """Return one lesson's row of the table."""
    title = text(f"course.map.title_{lesson.lesson}")
    return {
        "number": number_of(lesson.lesson),
        "title": title,
        "about": text(f"course.map.about_{lesson.lesson}"),
        "link": link(lesson),
        "note": note(lesson),
        "exercises": [*exercises(lesson.parts)],
        "points": text("course.map.points_of", score=number(lesson.score), max_score=number(lesson.max_score)),
        "questions": questions(lesson),
        "colour": colour_of(lesson.parts),
    }


def questions(lesson: LessonStanding) -> str:
    """Return how many of the lesson's questions are answered, and how many were right at once."""
    if not lesson.questions:
        return ""
    return text("course.map.questions", asked=lesson.asked, questions=lesson.questions, right=lesson.right)


def exercises(parts: Iterable[PartStanding]) -> Iterable[dict[str, str]]:
    """Return each exercise with the marks of its parts."""
    for name, group in groupby(parts, key=lambda part: part.exercise):
        mine = [*group]
        said = "; ".join(
            f"{text(f'checking.part.{part.part}')}: {text(f'course.map.{part.standing}')}" for part in mine
        )
        yield {"name": name, "marks": "".join(SIGNS[part.standing] for part in mine), "said": said}


def mark(standing: Standing) -> dict[str, str]:
    """Return a standing's sign, colour and name."""
    return {"sign": SIGNS[standing], "colour": COLOURS[standing], "said": text(f"course.map.{standing}")}


def colour_of(parts: Sequence[PartStanding]) -> str:
    """Return one colour for several parts: all done, something wrong, begun, or nothing done."""
    found = {part.standing for part in parts}
    if found == {Standing.DONE}:
        return GREEN
    if Standing.FAILING in found:
        return ORANGE
    return GREY if found <= {Standing.OPEN} else BLUE


def note(lesson: LessonStanding) -> str:
    """Return the reason why nothing is known about a lesson, or ""."""
    if lesson.notebook:
        return ""
    return text("course.map.unreadable", why=lesson.trouble) if lesson.trouble else text("course.map.absent")


def link(lesson: LessonStanding, cell: str = "") -> str:
    """Return the link from the map to a lesson's notebook in the same folder; empty if there is none."""
    return quote(lesson.notebook) + (f"#cell-id={quote(cell)}" if lesson.notebook and cell else "")


def onward(lessons: Lessons) -> dict[str, str]:
    """Return where to continue, with a link if the notebook exists."""
    found = next_part(lessons)
    if found is None:
        return {"lead": text("course.map.all_done"), "name": "", "link": "", "file": ""}
    lesson, part = found
    name = f"{part.exercise} · {text(f'checking.part.{part.part}')}"
    return {"lead": text("course.map.go_on"), "name": name, "link": link(lesson, part.cell), "file": lesson.notebook}


def total(lessons: Lessons) -> str:
    """Return how much of the whole course is done."""
    return text(
        "course.map.total",
        done=sum(lesson.done for lesson in lessons),
        parts=sum(len(lesson.parts) for lesson in lessons),
        score=number(sum(lesson.score for lesson in lessons)),
        max_score=number(sum(lesson.max_score for lesson in lessons)),
    )


def number_of(lesson: str) -> str:
    """Return a lesson's number as people say it."""
    return str(int(lesson[:2]))
