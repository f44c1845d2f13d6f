"""Find whose the notebooks in one folder are, from the parts of their names beside the lesson.

``Ivanov_01_pooling``, ``01_pooling - Anna Berg`` and ``Копия 01_pooling - Имя`` name a student each. Plain names of
lessons, one file for each lesson, are the work of one student: the folder's. If the names do not show whose a notebook
is, there is a doubt, and the instructor is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ncl_course.exercises import LESSONS
from ncl_course.grading.handed_in.names import compared, composed, escaped
from ncl_course.language import text
from ncl_course.submission.lesson import MAP, lesson_in_name

START, END = r"(?<![^\W_])", r"(?![^\W_])"
"""The edges of a word; an underscore is not part of one."""

WORDS = {lesson: r"[\W_]*".join(lesson.split("_")[1:]) for lesson in (*LESSONS, MAP)}
WHOLE = re.compile(
    START + "(?:" + "|".join(rf"{lesson[:2]}[\W_]*{word}" for lesson, word in WORDS.items()) + ")" + END, re.IGNORECASE
)
PART = re.compile(
    START + "(?:" + "|".join([*(lesson[:2] for lesson in LESSONS), *(WORDS[lesson] for lesson in LESSONS)]) + ")" + END,
    re.IGNORECASE,
)
"""A lesson's whole name; and its number or its word alone."""

ENDING = re.compile(r"[._ ]?ipynb(?=[^a-z]|$)", re.IGNORECASE)
CLOCK = r"(?:[T_ -]+\d\d[-.:h]\d\d(?:[-.:]\d\d)?)?"
DATE = re.compile(
    START + rf"(?:\d{{4}}[-.]\d\d[-.]\d\d{CLOCK}|\d{{1,2}}\.\d\d\.\d{{4}}{CLOCK}|20\d{{6}}[T_ -]?\d{{6}})" + END
)
JUPYTER_COPY = re.compile(r"-copy\d+$", re.IGNORECASE)
NUMBER = re.compile(r"\s*\(\d{1,3}\)|\s*\[\d{1,3}\]")
"""The number that a browser or a file manager gives to a second file of the same name."""

COPY = re.compile(
    START
    + r"(?:(?:(?:copy|kopie|copie|copia) (?:of|von|de)|копия блокнота|копия|copy|kopie|copie|copia)(?:[ _]\d{1,3})?"
    r"|hand[ _-]?in)" + END,
    re.IGNORECASE,
)
"""Words for a copy, which macOS numbers; and the name that ``ncl-course hand-in`` gives to its zip."""

NUMBERED = re.compile(
    r"(?:hw|lab|lesson|task|assignment|homework|exercises?|week|attempt|version|ver"
    r"|дз|лаба|лабораторная|урок|занятие|задание|домашка|лекция|семинар|неделя|попытка|версия)\d*$|v\d+$|untitled\d*$|notebook[0-9a-f]{10}$"
)
"""Words for the kind of work; a number may follow. The last one is Kaggle's."""

STATE_WORDS = """
final finished fixed corrected updated solution solutions solved answer answers submission submissions submitted
resubmission
notebook colab draft checkpoint backup archive
финал финальная финальный финальное итог итоговая итоговый готово готовая готовый готовое решение решения решено ответ
ответы домашняя домашнее работа блокнот ноутбук тетрадь исправлено исправленная исправленный исправленное последняя
последний черновик сдача архив
"""
STATE = frozenset(STATE_WORDS.split())
"""Words for the state of the work. Beside other words, they are not part of a name."""

MAYBE_WORDS = "en ru eng rus my new old last latest late work done ready моя мой новый новая старый"
MAYBE = frozenset(MAYBE_WORDS.split())
"""Words that may be part of a name, unless nothing else is there."""

LONGEST = 300
"""Characters of a name that are read; systems allow 255, zips allow more."""

SIGNS = " _-–—.,;:()[]{}\"'«»“”„+#~"
JUPYTER, BROWSER = "jupyter", "browser"


@dataclass(frozen=True)
class Named:
    """The parts of a file's name: the student (or nothing), the lesson (or nothing), and the kind of copy.

    Attributes:
        copy: `JUPYTER` for ``-Copy1``, `BROWSER` for ``(1)``, or empty.
    """

    student: str
    lesson: str
    copy: str

    @property
    def key(self) -> tuple[str, ...]:
        """The key that identifies a student."""
        return compared(self.student)


def named(stem: str) -> Named:
    """Read a file's name without its ending."""
    plain = composed(ENDING.sub("", stem[:LONGEST]))
    copy = JUPYTER if JUPYTER_COPY.search(plain) else BROWSER if NUMBER.search(plain) else ""
    for pattern in (JUPYTER_COPY, NUMBER, DATE):
        plain = pattern.sub(" ", plain)
    found = WHOLE.search(plain) or PART.search(plain)
    before, after = (plain[: found.start()], plain[found.end() :]) if found else (plain, "")
    if re.fullmatch(r"[\W_]*\d{1,2}[\W_]*", after):  # as in 01_pooling-1
        copy, after = copy or BROWSER, ""
    if before and re.fullmatch(r"[\W_]*(?:en|ru)[\W_]*", after, re.IGNORECASE):  # as in ivanov_01_pooling_ru
        after = ""
    pieces = [trimmed(COPY.sub(" ", PART.sub(" ", piece))) for piece in (before, after)]
    student = " ".join(filter(None, pieces))
    lesson = lesson_in_name(plain) or next((name for name, word in WORDS.items() if whole_word(word, plain)), "")
    return Named("" if set(compared(student)) <= MAYBE else student, lesson, copy)


def whole_word(word: str, name: str) -> bool:
    """Return whether a name contains a lesson's word."""
    return re.search(START + word + END, name, re.IGNORECASE) is not None


def trimmed(piece: str) -> str:
    """Return a piece of a name without signs, and without words at its ends that name no person."""
    words = [(found.start(), found.end(), found[0].casefold()) for found in re.finditer(r"[^\W_]+", piece)]
    while words and nobody(words[0][2]):
        numbered = NUMBERED.match(words.pop(0)[2])
        if numbered and words and re.fullmatch(r"\d{1,2}", words[0][2]):
            words.pop(0)
    while words and nobody(words[-1][2]):
        words.pop()
    plain = piece[words[0][0] : words[-1][1]].strip(SIGNS) if words else ""
    return f"{plain})" if plain.count("(") > plain.count(")") else plain


def nobody(word: str) -> bool:
    """Return whether a word names no person."""
    return word in STATE or bool(NUMBERED.match(word))


def is_lesson(name: str) -> bool:
    """Return whether a name is only that of a lesson."""
    found = named(name)
    return bool(found.lesson) and not found.student


def people(said: Iterable[tuple[str, str]]) -> int:
    """Return how many students are named for one lesson, for the lesson that has the most.

    Args:
        said: a name that may say a student, and the file's name, for each notebook.
    """
    by_lesson: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for who, stem in said:
        lesson, key = named(stem).lesson, named(who).key
        if lesson and key:
            by_lesson[lesson].add(key)
    return max(map(len, by_lesson.values()), default=0)


def shared_out(stems: Sequence[str], home: str, lesson: Callable[[int], str]) -> list[tuple[str, str]]:
    """Return whose each of the notebooks in one folder is, with the doubt about it or an empty string.

    Args:
        stems: the files' names without their endings.
        home: the folder's name, which is the student's if the files name nobody.
        lesson: returns the lesson of the file with an index, if the file's name does not say it.
    """
    found = [named(stem) for stem in stems]
    keys = [() if set(one.key) <= set(compared(home)) else one.key for one in found]
    several = Counter(keys)
    lessons = [one.lesson or (lesson(n) if several[keys[n]] > 1 else "") for n, one in enumerate(found)]
    again = Counter((key, of) for key, of, one in zip(keys, lessons, found, strict=True) if one.copy != JUPYTER)
    copies = {(key, of) for key, of, one in zip(keys, lessons, found, strict=True) if one.copy == BROWSER}
    students = {key: one.student for key, one in reversed([*zip(keys, found, strict=True)])} | {(): home}
    mixed = any(keys) and not all(one.key for one in found)
    done = []
    for one, key, of in zip(found, keys, lessons, strict=True):
        twice = one.copy != JUPYTER and again[key, of] > 1 and (bool(of) or (key, of) in copies)
        why = "mixed" if mixed and not one.key else ("named" if key else "plain") if twice else ""
        done.append((students[key], text(f"grading.whose.{why}", student=escaped(students[key])) if why else ""))
    return done
